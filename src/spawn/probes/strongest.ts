import type { Admission, Refusal } from '../../admission/layer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { anyOf, type Leaning, likelihoodOf, type Truth } from '../../answer/verdict.ts';
import { oncePerObject } from '../../world/once.ts';
import type { Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { attempt, type Route } from './attempt.ts';
import { HARMLESS, PROBES, type Probe, STRENGTHS, type Strength } from './probes.ts';

/** Whether admission lets a pod with one privilege through. */
export interface Trial {
  probe: Probe;
  admission: Admission;
  /** The pod that passes, or the refused one that got furthest. */
  pod: Raw;
}

/** A trial of each probe by `route`, in the order of `probes`. */
export function tryProbes(route: Route, world: World, probes: readonly Probe[] = PROBES): Trial[] {
  const harmless = { probe: HARMLESS, ...attempt(route, HARMLESS.specs, world, () => false) };
  const refusedAnyway = new Set(harmless.admission.evidence.map(deciderOf));
  const isHarmlessRefused = (refusal: Refusal): boolean => refusedAnyway.has(deciderOf(refusal));
  return probes.map((probe) =>
    probe === HARMLESS ? harmless : { probe, ...attempt(route, probe.specs, world, isHarmlessRefused) },
  );
}

/**
 * A key of what refuses. One policy may refuse for several reasons, which look at different fields: each is a decider.
 */
const deciderOf = ({ layer, by, check, rests }: Refusal): string =>
  JSON.stringify([layer, by?.kind, by?.namespace, by?.name, check, rests.toSorted()]);

/** The strongest pod among trials: the strongest that passes for sure, and the strongest that may pass. */
export interface Strongest {
  sure: Strength | null;
  /** Stronger than `sure`; null where nothing stronger may pass. */
  maybe: Possible | null;
}

/**
 * A strength that may pass. If it reaches the node, the leaning says how likely any pod is to reach the node, not only
 * one of this strength.
 */
export interface Possible {
  strength: Strength;
  leaning: Leaning;
  unknowns: readonly Unknown[];
}

/** The strongest of the trials of one route. Where several trials may reach the node, their unknowns are joined. */
export const strongestOf = oncePerObject((trials: readonly Trial[]): Strongest => {
  const strength = (value: Truth): Trial | undefined =>
    trials
      .filter(({ admission }) => admission.value === value)
      .reduce<Trial | undefined>(
        (best, each) => (!best || isStronger(each.probe.strength, best.probe.strength) ? each : best),
        undefined,
      );
  const sure = strength('yes')?.probe.strength ?? null;
  const open = strength('depends');
  if (!open || !isStronger(open.probe.strength, sure)) return { sure, maybe: null };
  const same = trials.filter(
    ({ probe, admission }) =>
      admission.value === 'depends' && isSameQuestion(probe.strength, open.probe.strength, sure),
  );
  const { leaning, unknowns } = anyOf(same.map(({ admission }) => admission));
  return { sure, maybe: { strength: open.probe.strength, leaning, unknowns } };
});

/**
 * The strongest of several routes: what passes by any of them for sure, and what may pass, as likely as the likeliest.
 */
export function strongestAmong(all: readonly Strongest[]): Strongest {
  const sure = all.reduce<Strength | null>(
    (best, each) => (each.sure && isStronger(each.sure, best) ? each.sure : best),
    null,
  );
  const open = all.flatMap(({ maybe }) => (maybe && isStronger(maybe.strength, sure) ? [maybe] : []));
  const top = open.reduce<Possible | null>(
    (best, each) => (isStronger(each.strength, best?.strength ?? null) ? each : best),
    null,
  );
  if (!top) return { sure, maybe: null };
  const same = open.filter(({ strength }) => isSameQuestion(strength, top.strength, sure));
  const likeliest = same.reduce((best, each) => (rateOf(each) > rateOf(best) ? each : best));
  return { sure, maybe: { ...likeliest, strength: top.strength } };
}

/** Whether one possible strength is more than another: likelier to reach the node, or stronger. */
export function isMore(a: Possible, b: Possible | null): boolean {
  if (b !== null && reachesNode(a.strength) && reachesNode(b.strength) && rateOf(a) !== rateOf(b))
    return rateOf(a) > rateOf(b);
  return isStronger(a.strength, b?.strength ?? null);
}

const rateOf = ({ leaning }: Possible): number => likelihoodOf({ value: 'depends', leaning });

/**
 * Whether two possible strengths answer the same question: they are the same, or nothing reaches the node for sure and
 * both may.
 */
const isSameQuestion = (a: Strength, b: Strength, sure: Strength | null): boolean =>
  a === b || (!reachesNode(sure) && reachesNode(a) && reachesNode(b));

/** Whether `a` gets further than `b`; anything does if `b` is null, since then no pod passes. */
export const isStronger = (a: Strength, b: Strength | null): boolean => b === null || rankOf(a) < rankOf(b);

const rankOf = (strength: Strength): number => STRENGTHS.indexOf(strength);

/** Whether a pod of that strength gets out of its container onto the node. */
export const reachesNode = (strength: Strength | null): boolean =>
  strength === 'node root' || strength === 'host namespaces only';
