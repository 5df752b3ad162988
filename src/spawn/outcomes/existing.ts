import type { UserInfo } from '../../admission/request/user.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { and, anyOf, depends, likelihoodOf, noFor } from '../../answer/verdict.ts';
import type { KindName } from '../../world/kinds.ts';
import { list, type Need, whole } from '../../world/needs.ts';
import type { Pod, Workload } from '../../world/objects.ts';
import { child, children, type Raw } from '../../world/raw.ts';
import { unseen, type World } from '../../world/world.ts';
import { isAboutLeftOut } from '../probes/attempt.ts';
import { admitsAsItIs } from '../probes/keeps.ts';
import { HARMLESS, isFallback, PROBES, type Probe, type Strength } from '../probes/probes.ts';
import { type PodStrength, strengthOfPod } from '../probes/strength.ts';
import { isStronger, type Trial } from '../probes/strongest.ts';
import type { Right } from '../rights/holder.ts';
import type { PodWay } from '../rights/ways.ts';
import type { Scope } from '../scope.ts';
import { podUpdate } from '../writes/pod-update.ts';
import { oddPods } from './odd-pods.ts';
import type { Existing } from './pod-outcome.ts';
import { contextOf, unseenTrials, withContainer, withOtherImage } from './unseen.ts';

/**
 * The trials of changing existing objects in one namespace: the template of a workload, the image of a pod, or a
 * container added to a pod. Null where there is nothing to change. If the objects could not be read, each trial depends
 * on that, besides what admission says of such a change.
 */
export function tryExisting(
  way: PodWay,
  right: Right,
  namespace: string,
  user: UserInfo,
  scope: Scope,
  probes: readonly Probe[] = PROBES,
): ChangeTrials | null {
  const { world, probeTrials } = scope;
  const kind = way.maker.resource as KindName;
  const need = way.on === 'workload' ? list(kind, namespace) : whole(list('pods', namespace));
  const isNamed = ({ name }: { name: string }): boolean => right.names === null || right.names.includes(name);
  const there = world.list(kind, namespace).filter(isNamed);
  const affects = `whether there is anything to which its right to ${way.words} applies`;
  const unread = unseenOf(need, right, world, affects);
  if (there.length === 0 && unread.length === 0) return null;
  if (way.on === 'workload') {
    const trials = probeTrials.of({ maker: way.maker, operation: 'UPDATE' }, namespace, user, probes);
    const [first] = there as readonly Workload[];
    if (first) return { trials, on: { name: first.name, selector: first.selector?.matchLabels ?? {}, raw: null } };
    return { trials: trials.map((trial) => ({ ...trial, admission: and(trial.admission, depends(unread)) })) };
  }
  const alive = (there as readonly Pod[]).filter((pod) => isAlive(way, pod));
  const pods = alive
    .flatMap((pod) => livingPod(way, pod, world))
    .sort(
      (a, b) =>
        Number(isStronger(b.strength.sure, a.strength.sure)) - Number(isStronger(a.strength.sure, b.strength.sure)),
    );
  const unknowns = [
    ...unread,
    ...oddPods(
      alive.filter((pod) => strengthOf(way, pod, world) === null),
      affects,
    ),
  ];
  const others = unknowns.length > 0 ? unseenTrials(way, namespace, user, scope, probes, unknowns) : [];
  if (pods.length === 0) return others.length === 0 ? null : { trials: others };
  return {
    trials: [...(way.on === 'pod' ? imageTrials(pods, user, world) : ephemeralTrials(pods, user, world)), ...others],
  };
}

/** What was not read of the objects that a right is about: of the whole list, or of those that the right names. */
function unseenOf(need: Need, { names }: Right, world: World, affects: string): Unknown[] {
  const listed = unseen(world, need, affects);
  if (listed.length === 0 || names === null) return listed;
  // If no object of a name was read, one of that name may still be there.
  const each = names.map((name) => unseen(world, { ...need, name }, affects));
  return each.some((unknowns) => unknowns.length > 0) ? listed : [];
}

/** The trials of a change, and the object that is changed. The pod of a trial is the pod after the change. */
export interface ChangeTrials {
  trials: readonly Trial[];
  on?: Existing;
}

/** A pod that runs, or will, so that changing it has an effect. */
interface Living {
  /** Lazy: of many pods few are tried. */
  whole: () => Raw;
  namespace: string;
  name: string;
  strength: PodStrength;
}

function livingPod(way: PodWay, pod: Pod, world: World): Living[] {
  const { namespace, name } = pod;
  const strength = strengthOf(way, pod, world);
  return strength === null || namespace === null ? [] : [{ whole: () => pod.whole ?? {}, namespace, name, strength }];
}

/** A manifest says no phase; its pod will run. */
const isAlive = ({ on }: PodWay, { phase, deleting }: Pod): boolean =>
  !deleting &&
  (on === 'running pod' ? phase === 'Running' || phase === null : phase !== 'Succeeded' && phase !== 'Failed');

const strengthOf = ({ on }: PodWay, pod: Pod, world: World): PodStrength | null =>
  strengthOfPod(pod, world, on === 'running pod');

/** Trials of another image in each pod, of which everything else stays, until one is admitted: it is the strongest. */
function imageTrials(pods: readonly Living[], user: UserInfo, world: World): Trial[] {
  return asTheyAre(pods, (pod, probe) => {
    const raw = pod.whole();
    const changed = { ...raw, spec: withOtherImage(child(raw, 'spec')) };
    return { probe, admission: admitsAsItIs(podUpdate(changed, raw, pod, '', user), world), pod: changed };
  });
}

/**
 * Trials of an ephemeral container in a running pod: one with everything that the pod has, and one with each privilege
 * that a container can have by itself.
 */
function ephemeralTrials(pods: readonly Living[], user: UserInfo, world: World): Trial[] {
  const trialWith = (
    pod: Living,
    raw: Raw,
    securityContext: unknown,
    volumeMounts: readonly Raw[],
    probe: Probe,
  ): Trial => {
    const changed = { ...raw, spec: withContainer(securityContext, volumeMounts)(child(raw, 'spec')) };
    return {
      probe,
      admission: admitsAsItIs(podUpdate(changed, raw, pod, 'ephemeralcontainers', user), world),
      pod: changed,
    };
  };
  const own = asTheyAre(pods, (pod, probe) => {
    const raw = pod.whole();
    const mounts = children(child(raw, 'spec'), 'volumes').map((volume) => ({
      name: volume.name,
      mountPath: `/${String(volume.name)}`,
    }));
    return firstAdmitted(HARMLESS.specs, (context) => trialWith(pod, raw, context, mounts, probe));
  });
  const added = PROBES.filter(({ id }) => EPHEMERAL.has(id)).flatMap((probe) =>
    untilAdmitted(pods, (pod) =>
      firstAdmitted(probe.specs, (context) => trialWith(pod, pod.whole(), context, [], probe)),
    ),
  );
  return [...own, ...added];
}

/**
 * A trial of the same container in each variant of a probe, until one is admitted. Fallbacks are only tried where a
 * refusal is about a field that they leave out.
 */
function firstAdmitted(variants: readonly Raw[], tryOne: (context: unknown) => Trial): Trial {
  const tried: Trial[] = [];
  for (const variant of variants) {
    if (isFallback(variant) && !tried.some(isAboutLeftOut)) continue;
    const trial = tryOne(contextOf(variant));
    if (trial.admission.value === 'yes') return trial;
    tried.push(trial);
  }
  const [best] = tried.toSorted((a, b) => likelihoodOf(b.admission) - likelihoodOf(a.admission));
  if (!best) throw new Error('a probe without a variant');
  return tried.length === 1 ? best : { ...best, admission: anyOf(tried.map(({ admission }) => admission)) };
}

/**
 * Trials of what each pod has already, until one is admitted, which is the strongest; and one of the first pod that may
 * turn out to reach the node.
 */
function asTheyAre(pods: readonly Living[], tryOne: (pod: Living, probe: Probe) => Trial): Trial[] {
  const sure = untilAdmitted(pods, (pod) => tryOne(pod, inherited(pod.name, pod.strength.sure)));
  for (const pod of pods) {
    const { maybe } = pod.strength;
    const trial = maybe && tryOne(pod, inherited(pod.name, maybe.strength));
    if (trial && trial.admission.value !== 'no')
      return [...sure, { ...trial, admission: and(trial.admission, depends(maybe.unknowns, maybe.leaning)) }];
  }
  return sure;
}

const inherited = (name: string, strength: Strength): Probe => ({
  id: 'pod-as-it-is',
  words: `what pod ${name} has`,
  strength,
  specs: [],
});

/** Trials of the candidates in turn, until one is admitted: those that follow would add nothing. */
function untilAdmitted<T>(candidates: readonly T[], tryOne: (candidate: T) => Trial): Trial[] {
  const trials: Trial[] = [];
  for (const candidate of candidates) {
    const trial = tryOne(candidate);
    trials.push(trial);
    if (trial.admission.value === 'yes') break;
  }
  return refusedTogether(trials);
}

/** Joins refused trials of the same probe into one with every reason once: how many pods refuse makes no difference. */
function refusedTogether(trials: readonly Trial[]): Trial[] {
  const isRefused = ({ admission }: Trial): boolean => admission.value === 'no';
  const refused = Map.groupBy(trials.filter(isRefused), ({ probe: { id, strength } }) => `${id}/${strength}`);
  return trials.flatMap((trial) => {
    if (!isRefused(trial)) return [trial];
    const same = refused.get(`${trial.probe.id}/${trial.probe.strength}`) ?? [];
    if (same[0] !== trial) return [];
    const reasons = same.flatMap(({ admission }) => admission.evidence);
    const distinct = new Map(
      reasons.map((refusal) => [JSON.stringify([refusal.layer, refusal.by, refusal.check, refusal.rests]), refusal]),
    );
    return [same.length === 1 ? trial : { ...trial, admission: noFor([...distinct.values()]) }];
  });
}

/** Probes whose privilege a container has by itself; namespaces and volumes belong to the pod. */
const EPHEMERAL: ReadonlySet<string> = new Set(['priv-container', 'cap-sys-admin', 'cap-sys-module', 'container-root']);
