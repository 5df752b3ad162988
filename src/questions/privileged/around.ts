import { Judge } from '../../admission/judge.ts';
import type { Refusal } from '../../admission/layer.ts';
import { PROBES } from '../../admission/probes.ts';
import { isStronger, reachesNode, type Strongest, strongestOf, type Trial } from '../../admission/strongest.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { World } from '../../world/world.ts';
import { bestOf, type Cell, type Ground, userOf } from './cells.ts';
import type { Holder } from './holder.ts';
import { LEVERS } from './levers/index.ts';
import type { Pull } from './levers/lever.ts';

/** A way around admission: what has to be done first, and what a pod comes to then. */
export interface Detour {
  pulls: readonly Pull[];
  cell: Cell;
}

/**
 * For each namespace in which a holder may create pods that admission keeps from the node: the fewest of their other rights that together take away what
 * stands in the way. Proved by judging the pod again in the world without it. Namespaces in which the same is tried are judged once.
 */
export function detoursOf(holder: Holder, cells: readonly Cell[], ground: Ground): Detour[] {
  const byNamespace = Map.groupBy(
    cells.filter(({ way }) => way.on === 'nothing'),
    ({ namespace }) => namespace,
  );
  const known = new Map<string, readonly Detour[]>();
  return [...byNamespace].flatMap(([namespace, created]): Detour[] => {
    const [cell] = created;
    const best = bestOf(cells.filter((each) => each.namespace === namespace));
    if (!cell || reachesNode(best.sure)) return [];
    const refusals = refusalsOf(cell.trials);
    const pulls = LEVERS.flatMap((lever) => lever.pulls(holder, namespace, refusals, ground));
    if (pulls.length === 0) return [];
    const key = JSON.stringify([cell.way.id, ground.judge.namespaceClass(namespace), pulls.map((pull) => pull.key)]);
    const found = known.get(key) ?? waysAround(holder, cell, pulls, best, ground);
    known.set(key, found);
    return found.map((detour) => ({ pulls: own(detour.pulls, pulls), cell: { ...detour.cell, namespace } }));
  });
}

/** Why nothing stronger passes. */
const refusalsOf = (trials: readonly Trial[]): Refusal[] =>
  trials.flatMap(({ admission }) => (admission.value === 'yes' ? [] : admission.evidence));

/** The same pulls for another namespace. */
const own = (pulls: readonly Pull[], theirs: readonly Pull[]): Pull[] =>
  pulls.flatMap(({ key }) => theirs.find((each) => each.key === key) ?? []);

/** Each pull that is enough by itself; where none is, the fewest that are together. */
function waysAround(holder: Holder, cell: Cell, pulls: readonly Pull[], best: Strongest, ground: Ground): Detour[] {
  const result = (chosen: readonly Pull[]): Detour => ({ pulls: chosen, cell: judgeAfter(holder, cell, chosen, ground.world) });
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

function judgeAfter(holder: Holder, cell: Cell, pulls: readonly Pull[], world: World): Cell {
  const after = pulls.reduce((now, pull) => pull.change(now), world);
  const probes = [...pulls.flatMap((pull) => pull.probes ?? []), ...PROBES];
  const trials = new Judge(after).trials({ maker: cell.way.maker, operation: 'CREATE' }, cell.namespace, userOf(holder), probes);
  const doubts = pulls.flatMap(({ doubt }) => doubt ?? []);
  return { ...cell, trials, strongest: doubted(strongestOf(trials), doubts, cell.strongest) };
}

/** What rests on a doubt is possible, and no more; what was there before stays sure. */
function doubted(after: Strongest, doubts: readonly Unknown[], before: Strongest): Strongest {
  if (doubts.length === 0 || after.sure === null || !isStronger(after.sure, before.sure)) return after;
  return { sure: before.sure, maybe: { strength: after.sure, leaning: 'yes', unknowns: doubts } };
}

const isBetter = (now: Strongest, before: Strongest): boolean =>
  (now.sure !== null && isStronger(now.sure, before.sure)) ||
  (now.maybe !== null && isStronger(now.maybe.strength, before.sure) && isStronger(now.maybe.strength, before.maybe?.strength ?? null));

const isAsGood = (now: Strongest, all: Strongest): boolean => !isBetter(all, now);
