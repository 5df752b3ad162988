import type { PodSpawns } from '../../answer/facts/pod.ts';
import { distinctUnknowns } from '../../answer/unknown.ts';
import { asVerdict, likelihoodOf } from '../../answer/verdict.ts';
import type { Strength } from '../../spawn/probes/probes.ts';
import { isStronger } from '../../spawn/probes/strongest.ts';
import type { Spawned } from '../privileged/privileged.ts';

/** The strongest of what an account can spawn, and whether it is more than the pod has itself. */
export function spawnsOf({ findings, unknowns }: Spawned, own: Strength | null): PodSpawns {
  const all = findings.flatMap(({ spawn, id, reason }) => (spawn ? [{ ...spawn, id, reason }] : []));
  const strongest = strongestAmong(all.map((each) => each.strongest));
  const maybe = strongestAmong(all.map((each) => each.maybe));
  const open = maybe && isStronger(maybe, strongest) ? maybe : null;
  const best = all.filter((each) => (strongest === null ? each.maybe === open : each.strongest === strongest));
  const top = open ?? strongest;
  const [likeliest] = findings
    .filter(({ spawn }) => spawn)
    .toSorted((a, b) => likelihoodOf(asVerdict(b)) - likelihoodOf(asVerdict(a)));
  return {
    strongest,
    maybe: open,
    stronger: top !== null && (own === null || isStronger(top, own)),
    namespaces: [...new Set(best.flatMap(({ namespaces }) => namespaces ?? []))].sort(),
    ways: [...new Set(best.map(({ id }) => id))],
    // What it can at most is told already.
    because: !likeliest || likeliest.verdict === 'yes' ? null : behindAtMost(likeliest.reason),
    unknowns: distinctUnknowns(unknowns),
  };
}

const strongestAmong = (strengths: readonly (string | null)[]): Strength | null =>
  (strengths as readonly (Strength | null)[]).reduce<Strength | null>(
    (best, each) => (each && isStronger(each, best) ? each : best),
    null,
  );

/** A reason without what it begins with: `… at most, in namespace dev: `. */
function behindAtMost(reason: string): string {
  const start = reason.indexOf(AT_MOST);
  const rest = start < 0 ? '' : reason.slice(start + AT_MOST.length);
  const told = /^(?:, [^:]*)?: /.exec(rest);
  return told ? rest.slice(told[0].length) : reason;
}

const AT_MOST = ' at most';
