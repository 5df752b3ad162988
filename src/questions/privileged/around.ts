import { Judge } from '../../admission/judge.ts';
import type { Refusal } from '../../admission/layer.ts';
import { PROBES, type Probe } from '../../admission/probes.ts';
import type { UserInfo } from '../../admission/request.ts';
import { isStronger, reachesNode, type Strongest, strongestOf, type Trial } from '../../admission/strongest.ts';
import { and } from '../../answer/verdict.ts';
import { bestOf, type Cell, type Ground, userOf } from './cells.ts';
import { type Judged, judgeExisting } from './existing.ts';
import type { Holder } from './holder.ts';
import { LEVERS } from './levers/index.ts';
import type { Pull } from './levers/lever.ts';

/** A way around admission: what has to be done first, and what a pod comes to then. */
export interface Detour {
  pulls: readonly Pull[];
  cell: Cell;
}

/**
 * For each namespace in which a holder may bring about pods that admission keeps from the node: the fewest of their other rights that together take away
 * what stands in the way. Proved by judging the pod again in the world without it. Namespaces in which the same is tried are judged once. Of several ways
 * to a pod the first that is enough: they differ in nothing that is taken away.
 */
export function detoursOf(holder: Holder, cells: readonly Cell[], ground: Ground): Detour[] {
  const known = new Map<string, readonly Detour[]>();
  return [...Map.groupBy(cells, ({ namespace }) => namespace)].flatMap(([namespace, here]): Detour[] => {
    const best = bestOf(here);
    if (reachesNode(best.sure)) return [];
    // What cannot be pulled at for one way, cannot for another that the same refuses.
    const fast = new Set<string>();
    for (const cell of here) {
      const refusers = refusersOf(cell.trials);
      if (fast.has(refusers)) continue;
      const pulls = LEVERS.flatMap((lever) => lever.pulls(holder, namespace, refusalsOf(cell.trials), ground));
      if (pulls.length === 0) {
        fast.add(refusers);
        continue;
      }
      // What is there already is another thing in each namespace.
      const place = cell.way.on === 'nothing' ? ground.judge.namespaceClass(namespace) : `=${namespace}`;
      const key = JSON.stringify([cell.way.words, place, pulls.map((pull) => pull.key)]);
      const found = known.get(key) ?? waysAround(holder, cell, pulls, best, ground);
      known.set(key, found);
      if (found.length > 0) return found.map((detour) => ({ pulls: own(detour.pulls, pulls), cell: { ...detour.cell, namespace } }));
    }
    return [];
  });
}

/** Why nothing stronger passes. */
const refusalsOf = (trials: readonly Trial[]): Refusal[] =>
  trials.flatMap(({ admission }) => (admission.value === 'yes' ? [] : admission.evidence));

/** Who refuses, as a word. Trials are shared among many cells. */
function refusersOf(trials: readonly Trial[]): string {
  const known = REFUSERS.get(trials) ?? [...new Set(refusalsOf(trials).map(({ layer, by }) => JSON.stringify([layer, by])))].sort().join();
  REFUSERS.set(trials, known);
  return known;
}

const REFUSERS = new WeakMap<readonly Trial[], string>();

/** The same pulls for another namespace. */
const own = (pulls: readonly Pull[], theirs: readonly Pull[]): Pull[] =>
  pulls.flatMap(({ key }) => theirs.find((each) => each.key === key) ?? []);

/** Each pull that is enough by itself; where none is, the fewest that are together. */
function waysAround(holder: Holder, cell: Cell, pulls: readonly Pull[], best: Strongest, ground: Ground): Detour[] {
  const result = (chosen: readonly Pull[]): Detour => ({ pulls: chosen, cell: judgeAfter(holder, cell, chosen, ground) });
  const all = result(pulls);
  if (!isBetter(all.cell.strongest, best)) return [];
  const isEnough = (detour: Detour): boolean => isAsGood(detour.cell.strongest, all.cell.strongest);
  const alone = pulls.map((pull) => result([pull])).filter(isEnough);
  if (alone.length > 0) return alone;
  let needed = all;
  for (const pull of pulls) {
    const fewer = result(needed.pulls.filter((each) => each !== pull));
    if (fewer.pulls.length > 0 && isEnough(fewer)) needed = fewer;
  }
  return [needed];
}

function judgeAfter(holder: Holder, cell: Cell, pulls: readonly Pull[], ground: Ground): Cell {
  const world = pulls.reduce((now, pull) => pull.change(now), ground.world);
  const probes = [...pulls.flatMap((pull) => pull.probes ?? []), ...PROBES];
  const judged = judgeWay(cell, userOf(holder), { ...ground, world, judge: new Judge(world) }, probes);
  // What has to be done first may be refused itself.
  const trials = judged.trials.map((each) => ({ ...each, admission: and(each.admission, ...pulls.map(({ admission }) => admission)) }));
  return { ...cell, ...judged, trials, strongest: strongestOf(trials) };
}

function judgeWay({ way, right, namespace, trials }: Cell, user: UserInfo, ground: Ground, probes: readonly Probe[]): Judged {
  if (way.on === 'nothing') return { trials: ground.judge.trials({ maker: way.maker, operation: 'CREATE' }, namespace, user, probes) };
  return judgeExisting(way, right, namespace, user, ground, probes) ?? { trials };
}

const isBetter = (now: Strongest, before: Strongest): boolean =>
  (now.sure !== null && isStronger(now.sure, before.sure)) ||
  (now.maybe !== null && isStronger(now.maybe.strength, before.sure) && isStronger(now.maybe.strength, before.maybe?.strength ?? null));

const isAsGood = (now: Strongest, all: Strongest): boolean =>
  all.sure !== null && reachesNode(all.sure) ? now.sure === all.sure : now.sure === all.sure && now.maybe?.strength === all.maybe?.strength;
