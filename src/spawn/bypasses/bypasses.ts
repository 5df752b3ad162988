import type { Refusal } from '../../admission/layer.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { allOf } from '../../answer/verdict.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import { type ChangeTrials, tryExisting } from '../outcomes/existing.ts';
import { bestOf } from '../outcomes/outcomes.ts';
import type { PodOutcome } from '../outcomes/pod-outcome.ts';
import { ProbeTrials, refusalIn } from '../probes/probe-trials.ts';
import { PROBES, type Probe } from '../probes/probes.ts';
import { isMore, isStronger, reachesNode, type Strongest, strongestOf, type Trial } from '../probes/strongest.ts';
import type { Holder } from '../rights/holder.ts';
import { userOf } from '../rights/holder.ts';
import { type Scope, scopeOf } from '../scope.ts';
import { TECHNIQUES } from './steps/index.ts';
import type { BypassStep, BypassTechnique } from './steps/step.ts';

/** A way around admission: the steps that are taken first, and what admission makes of a pod after them. */
export interface Bypass {
  steps: readonly BypassStep[];
  outcome: PodOutcome;
}

/**
 * The bypasses of a holder in each namespace where they can make pods, but none that reaches the node: the fewest steps
 * by their other rights that together take away what refuses. A bypass is proved by trying the same pod again in the
 * world that its steps leave behind. In each namespace only the first outcome that a bypass improves is followed, since
 * the others are refused by the same.
 */
export function bypassesOf(holder: Holder, outcomes: readonly PodOutcome[], scope: Scope): Bypass[] {
  const techniques = techniquesIn(scope)(holder);
  if (techniques.length === 0) return [];
  // The outcomes of a namespace are looked at together, since the same steps overcome the same refusals.
  const byNamespace = outcomesByNamespace(outcomes.filter(({ strongest }) => !reachesNode(strongest.sure)));
  if (byNamespace.size === 0) return [];
  const all = outcomesByNamespace(outcomes);
  return [...byNamespace].flatMap(([namespace, here]): Bypass[] => {
    const best = bestOf(all.get(namespace) ?? []);
    if (reachesNode(best.sure)) return [];
    const known = new Map<string, readonly BypassStep[]>();
    for (const outcome of here) {
      const { refusals, words } = refusalsOf(outcome.trials);
      const steps = known.get(words) ?? stepsIn(namespace, refusals, techniques, holder, scope);
      known.set(words, steps);
      const found =
        steps.length === 0 ? [] : bypassesIn({ ...outcome, namespaces: [namespace] }, steps, best, holder, scope);
      if (found.length > 0) return found;
    }
    return [];
  });
}

function bypassesIn(
  outcome: PodOutcome,
  steps: readonly BypassStep[],
  best: Strongest,
  holder: Holder,
  scope: Scope,
): Bypass[] {
  const [namespace] = outcome.namespaces;
  const names = outcome.way.on === 'nothing' ? null : outcome.right.names;
  const keys = steps.map((step) => step.key);
  const kind = JSON.stringify([
    outcome.way.id,
    outcome.way.words,
    namespace,
    names,
    best.sure,
    best.maybe?.strength,
    best.maybe?.leaning,
    keys,
  ]);
  const found = bypassesOnce(scope).find(kind, { namespace, user: userOf(holder) }, scope.world, (reader) =>
    waysAround(reader.user, outcome, steps, best, scope),
  );
  return found.value.map(({ steps: theirs, outcome: { trials, strongest } }) => ({
    steps: own(theirs, steps),
    outcome: { ...outcome, trials, strongest },
  }));
}

/** The bypasses in one namespace, found once for all users of whom admission reads the same. */
const bypassesOnce = oncePerObject((_scope: Scope) => new Recall<readonly Bypass[]>());

/** The techniques for which a holder has some right, found once for a scope. */
const techniquesIn = oncePerObject((scope: Scope) =>
  oncePerObject((holder: Holder): readonly BypassTechnique[] =>
    TECHNIQUES.filter((technique) => technique.isHeld(holder, scope)),
  ),
);

function stepsIn(
  namespace: string,
  refusals: readonly Refusal[],
  techniques: readonly BypassTechnique[],
  holder: Holder,
  scope: Scope,
): readonly BypassStep[] {
  const here = refusals.map((refusal) => refusalIn(refusal, namespace));
  return techniques.flatMap((technique) => technique.steps(holder, namespace, here, scope));
}

function outcomesByNamespace(outcomes: readonly PodOutcome[]): Map<string, PodOutcome[]> {
  const found = new Map<string, PodOutcome[]>();
  for (const outcome of outcomes) {
    for (const namespace of outcome.namespaces) {
      const there = found.get(namespace);
      if (there) there.push(outcome);
      else found.set(namespace, [outcome]);
    }
  }
  return found;
}

/**
 * Why nothing stronger passes: one refusal of each decider, and a key of all deciders. One refusal is enough, since
 * what a technique does about a decider does not depend on its reason.
 */
const refusalsOf = oncePerObject((trials: readonly Trial[]): { refusals: readonly Refusal[]; words: string } => {
  const refused = trials.flatMap(({ admission }) => (admission.value === 'yes' ? [] : admission.evidence));
  const distinct = new Map(refused.map((refusal) => [JSON.stringify([refusal.layer, refusal.by]), refusal]));
  return { refusals: [...distinct.values()], words: [...distinct.keys()].join() };
});

/** The steps of the same keys among `theirs`: those of another namespace, or of another user. */
const own = (steps: readonly BypassStep[], theirs: readonly BypassStep[]): BypassStep[] =>
  steps.flatMap(({ key }) => theirs.find((each) => each.key === key) ?? []);

/** Each step that is as good alone as all are together; if there is none, the fewest steps that are. */
function waysAround(
  user: UserInfo,
  outcome: PodOutcome,
  steps: readonly BypassStep[],
  best: Strongest,
  scope: Scope,
): Bypass[] {
  const result = (chosen: readonly BypassStep[]): Bypass => ({
    steps: chosen,
    outcome: tryAfter(user, outcome, chosen, scope),
  });
  const all = result(steps);
  if (!isBetter(all.outcome.strongest, best)) return [];
  const isEnough = (bypass: Bypass): boolean => isAsGood(bypass.outcome.strongest, all.outcome.strongest);
  const alone = steps.map((step) => result([step])).filter(isEnough);
  if (alone.length > 0) return alone;
  let needed = all;
  for (const step of steps) {
    const fewer = result(needed.steps.filter((each) => each !== step));
    if (fewer.steps.length > 0 && isEnough(fewer)) needed = fewer;
  }
  return [needed];
}

/** What admission makes of the same pod once the steps are taken. */
function tryAfter(user: UserInfo, outcome: PodOutcome, steps: readonly BypassStep[], scope: Scope): PodOutcome {
  const world = steps.reduce((now, step) => step.change(now), scope.world);
  const probes = [...steps.flatMap((step) => step.probes ?? []), ...PROBES];
  const taken = JSON.stringify(steps.map(({ key }) => key));
  const after = tryWay(outcome, user, scopeAfter(scope, world, taken), probes);
  // A step is a write too, which admission may refuse.
  const open = steps
    .map(({ admission }) => admission)
    .filter(({ value, evidence }) => value !== 'yes' || evidence.length > 0);
  const trials =
    open.length === 0
      ? after.trials
      : after.trials.map((each) => ({ ...each, admission: allOf([each.admission, ...open]) }));
  const doubts = steps.flatMap(({ doubt }) => doubt ?? []);
  return { ...outcome, ...after, trials, strongest: doubted(strongestOf(trials), doubts, outcome.strongest) };
}

/**
 * The scope of the world that steps leave behind. Trials are shared with all worlds in which the same steps were taken.
 */
function scopeAfter(scope: Scope, world: World, taken: string): Scope {
  const recalls = recallsAfter(scope);
  const recall = recalls.get(taken) ?? new Recall<readonly Trial[]>();
  recalls.set(taken, recall);
  return scopeOf(world, scope.rbac, scope.namespaces, new ProbeTrials(world, recall));
}

/**
 * Trials after the same steps, by their keys: these worlds only differ in the namespace in which the steps were taken.
 */
const recallsAfter = oncePerObject((_scope: Scope) => new Map<string, Recall<readonly Trial[]>>());

function tryWay(
  { way, right, namespaces: [namespace], trials }: PodOutcome,
  user: UserInfo,
  scope: Scope,
  probes: readonly Probe[],
): ChangeTrials {
  if (way.on === 'nothing')
    return { trials: scope.probeTrials.of({ maker: way.maker, operation: 'CREATE' }, namespace, user, probes) };
  return tryExisting(way, right, namespace, user, scope, probes) ?? { trials };
}

/** Whatever rests on a doubt is only possible; what was sure before the steps stays sure. */
function doubted(after: Strongest, doubts: readonly Unknown[], before: Strongest): Strongest {
  if (doubts.length === 0) return after;
  if (after.sure !== null && isStronger(after.sure, before.sure))
    return { sure: before.sure, maybe: { strength: after.sure, leaning: 'yes', unknowns: doubts } };
  return { ...after, maybe: after.maybe && { ...after.maybe, unknowns: [...doubts, ...after.maybe.unknowns] } };
}

const isBetter = (now: Strongest, before: Strongest): boolean =>
  (now.sure !== null && isStronger(now.sure, before.sure)) ||
  (now.maybe !== null && isStronger(now.maybe.strength, before.sure) && isMore(now.maybe, before.maybe));

const isAsGood = (now: Strongest, all: Strongest): boolean => !isBetter(all, now);
