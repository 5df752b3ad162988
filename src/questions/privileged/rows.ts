import type { EvidenceStep, Finding } from '../../answer/answer.ts';
import { asDryRun, type Command, inTurn, type Safe } from '../../answer/command.ts';
import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { lazyProperties } from '../../answer/lazy.ts';
import type { GrantRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import type { Truth } from '../../answer/verdict.ts';
import { joinAnd } from '../../answer/words.ts';
import { impersonation } from '../../rbac/can-i.ts';
import { distinctGrants } from '../../rbac/grants.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Bypass } from '../../spawn/bypasses/bypasses.ts';
import { podCommand } from '../../spawn/commands/pod-command.ts';
import type { OtherWay } from '../../spawn/other-ways/other-way.ts';
import { keyOfOutcome } from '../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { reachesNode, type Strongest, type Trial } from '../../spawn/probes/strongest.ts';
import { checkOf, type Holder, type Right } from '../../spawn/rights/holder.ts';
import { oncePerObject } from '../../world/once.ts';
import { grantRef, grantStep } from '../holders/evidence.ts';
import type { AnswerContext, NamespaceList } from './context.ts';
import { namespaceFixes } from './fixes.ts';

/**
 * The findings of outcomes. Outcomes of one way with the same result are one finding; so are ways that only differ in
 * their kind, if they have the same result in the same namespaces.
 */
export function wayFindings(holder: Holder, outcomes: readonly PodOutcome[], context: AnswerContext): Finding[] {
  const alike = Map.groupBy(outcomes, (outcome) => {
    const { way, right } = outcome;
    return `${way.id} ${way.words}/${right.namespace === null}/${namesKey(right)}/${context.numberOf(keyOfOutcome(outcome))}`;
  });
  const rows = [...alike.values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ first, outcomes: same, namespaces: context.namespacesOf(same) }] : [];
  });
  const kinds = Map.groupBy(
    rows,
    ({ first, namespaces: { number } }) =>
      `${first.way.id}/${namesKey(first.right)}/${context.numberOf(keyOfOutcome(first))}/${number}`,
  );
  return [...kinds.values()].flatMap((alike) => {
    const [row] = alike;
    if (!row) return [];
    const all = alike.length === 1 ? row.outcomes : alike.flatMap(({ outcomes }) => outcomes);
    const words = joinVerbs([...new Set(all.map(({ way }) => way.words))]);
    return [wayFinding(holder, row.first, words, distinctRights(all), row.namespaces, context)];
  });
}

const namesKey = ({ names }: Right): string => (names === null ? '' : JSON.stringify(names));

const distinctRights = (outcomes: readonly PodOutcome[]): Right[] => [...new Set(outcomes.map(({ right }) => right))];

/** The words of ways together, with their verb once: `create deployments.apps, jobs.batch`. */
function joinVerbs(words: readonly string[]): string {
  const [first = '', ...others] = words;
  if (others.length === 0) return first;
  const verb = first.slice(0, first.indexOf(' ') + 1);
  return others.every((each) => each.startsWith(verb))
    ? `${verb}${joinAnd(words.map((each) => each.slice(verb.length)))}`
    : joinAnd(words);
}

function wayFinding(
  holder: Holder,
  outcome: PodOutcome,
  words: string,
  rights: readonly Right[],
  namespaces: NamespaceList,
  context: AnswerContext,
): Finding {
  const { way, right, strongest } = outcome;
  const steps = (): EvidenceStep[] => {
    const [namespace] = outcome.namespaces;
    return [
      stepFor(
        { technique: way.id, text: words, holder, rights, needed: [right], namespace, attack: () => attackOf(outcome) },
        context,
      ),
    ];
  };
  const spawn = context.spawnOf(outcome, namespaces);
  return finding(
    { id: way.id, holder, words, strongest, spawn, steps, hasOneStep: true, rights, names: right.names, direct: true },
    context,
  );
}

/** The command that makes the strongest pod; null if it is not known. */
function attackOf(outcome: PodOutcome): Attack | null {
  const best = bestTrial(outcome);
  return best ? podCommand(outcome, best) : null;
}

/** The trial of the strongest pod that is admitted for sure; if there is none, the first trial. */
const bestTrial = ({ trials, strongest }: PodOutcome): Trial | undefined =>
  trials.find(({ admission, probe }) => admission.value === 'yes' && probe.strength === strongest.sure) ?? trials[0];

/** The findings of bypasses, one for all namespaces in which the steps and the result are the same. */
export function bypassFindings(holder: Holder, bypasses: readonly Bypass[], context: AnswerContext): Finding[] {
  const same = Map.groupBy(bypasses, ({ steps: taken, outcome }) =>
    JSON.stringify([taken.map(({ key }) => key), outcome.way.id, context.numberOf(keyOfOutcome(outcome))]),
  );
  return [...same.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { steps: taken, outcome } = first;
    const [main] = taken;
    const [namespace] = outcome.namespaces;
    const { way, right, strongest } = outcome;
    const steps = (): EvidenceStep[] => {
      const before = taken.map(({ id: technique, words: text, rights, attack }, index) =>
        stepFor(
          {
            technique,
            text,
            holder,
            rights,
            needed: rights,
            namespace,
            attack: () => attack,
            place: { id: `e${index + 1}`, uses: [] },
          },
          context,
        ),
      );
      const place = { id: `e${taken.length + 1}`, uses: before.map(({ id }) => id) };
      const attack = () => attackOf(outcome);
      return [
        ...before,
        stepFor(
          { technique: way.id, text: way.words, holder, rights: [right], needed: [right], namespace, attack, place },
          context,
        ),
      ];
    };
    const words = `${joinAnd(taken.map((each) => each.words))}, then ${way.words}`;
    const spawn = context.spawnOf(outcome, context.namespacesOf(alike.map((each) => each.outcome)));
    const rights = [...taken.flatMap((each) => each.rights), right];
    const row = {
      id: main?.id ?? way.id,
      holder,
      words,
      strongest,
      spawn,
      steps,
      hasOneStep: false,
      rights,
      names: null,
      direct: true,
    };
    return [finding(row, context)];
  });
}

/** The finding of another way to the node. */
export function otherWayFinding(holder: Holder, otherWay: OtherWay, context: AnswerContext): Finding {
  const { id, words, rights, strongest, attack, direct } = otherWay;
  const needed = rights.slice(0, 1);
  const steps = (): EvidenceStep[] => [
    stepFor({ technique: id, text: words, holder, rights, needed, namespace: null, attack: () => attack }, context),
  ];
  const spawn: SpawnFacts = {
    strongest: strongest.sure,
    maybe: strongest.maybe?.strength ?? null,
    namespaces: null,
    escapes: [],
    refusals: [],
    accounts: { count: null, powerful: [] },
  };
  return finding(
    { id, holder, words, strongest, spawn, steps, hasOneStep: true, rights, names: null, direct },
    context,
  );
}

interface FindingParts {
  id: string;
  holder: Holder;
  words: string;
  strongest: Strongest;
  spawn: SpawnFacts;
  /** Lazy: of thousands of findings few are explained. */
  steps: () => EvidenceStep[];
  hasOneStep: boolean;
  rights: readonly Right[];
  names: Right['names'];
  direct: boolean;
}

function finding(row: FindingParts, context: AnswerContext): Finding {
  const { id, holder, words, strongest, spawn, steps, hasOneStep, rights, names, direct } = row;
  const { verdict, leaning, unknowns } = verdictOf(strongest);
  const [only, ...more] = spawn.namespaces ?? [];
  const place = more.length === 0 ? (only ?? null) : null;
  const isWide = more.length > 0 || rights.some((right) => right.namespace === null);
  const head = {
    id,
    verdict,
    leaning,
    direct,
    accepted: context.accepts(holder) || isUpstreams(rights),
    subject: holder.subject,
    object: context.podIn(place),
    scope: { namespace: isWide ? null : place, names: names && [...names] },
    reason: context.reasonOf(words, strongest, spawn),
  };
  const found = Object.assign(withEvidence(head, steps), { unknowns, fix: [], spawn });
  return context.isOne && hasOneStep && verdict !== 'no' ? withFixes(found, spawn.namespaces ?? [], context) : found;
}

const withEvidence = lazyProperties<Pick<Finding, 'evidence'>, () => EvidenceStep[]>({ evidence: (steps) => steps() });

const verdictOf = oncePerObject(
  ({ sure, maybe }: Strongest): { verdict: Truth; leaning: 'yes' | 'no' | null; unknowns: Unknown[] } => {
    if (reachesNode(sure)) return { verdict: 'yes', leaning: null, unknowns: [] };
    if (maybe && reachesNode(maybe.strength))
      return { verdict: 'depends', leaning: maybe.leaning, unknowns: distinctUnknowns(maybe.unknowns) };
    return { verdict: 'no', leaning: null, unknowns: [] };
  },
);

const isUpstreams = (rights: readonly Right[]): boolean =>
  rights.some(({ grants }) => grants.length > 0) && rights.every(({ grants }) => grants.every(isUpstreamGrant));

type Attack = Command<'changes'>;

interface Taken {
  technique: string;
  text: string;
  holder: Holder;
  /** All rights by which the step can be taken. */
  rights: readonly Right[];
  /** The rights that are enough, and where. */
  needed: readonly Right[];
  namespace: string | null;
  attack: () => Attack | null;
  place?: { id: string; uses: string[] };
}

/**
 * The evidence of one step. Its check is a dry run as the holder, if kubectl has one and no step before it would have
 * to be taken for real; otherwise its check asks for the rights.
 */
function stepFor(
  { technique, text, holder, rights, needed, namespace, attack, place }: Taken,
  { world, options }: AnswerContext,
): EvidenceStep {
  const rbac = rbacOf(world);
  const check = (): Safe | null => {
    const tried = place && place.uses.length > 0 ? null : attack();
    return (
      (tried && asDryRun(tried, impersonation(holder.identity))) ??
      inTurn(needed.map((right) => checkOf(holder, right, namespace)))
    );
  };
  const grants = distinctGrants(
    rights.flatMap((right) => right.grants).flatMap(({ also, ...grant }) => [grant, ...(also ? [also.grant] : [])]),
  );
  const refs: GrantRef[] = grants.map((grant) => grantRef(grant, rbac, world));
  return grantStep({ technique, text, identity: holder.subject, gains: null, check, attack }, refs, options, place);
}

/** Adds the fixes of its namespaces to a finding, computed when they are asked for, since namespaces may be many. */
const withFixes = (finding: Finding, namespaces: readonly string[], { world, options }: AnswerContext): Finding => ({
  ...finding,
  get fix() {
    return namespaceFixes(namespaces, world, options).commands;
  },
  get fixNotes() {
    return namespaceFixes(namespaces, world, options).notes;
  },
});
