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
  const leading = placesOf(holder, cells, ground).filter(({ cell }) => pullsIn(cell, holder, ground).length > 0);
  if (leading.length === 0) return [];
  const byNamespace = cellsByNamespace(cells);
  const single = leading.flatMap(({ cell, namespaces }) => namespaces.map((namespace): Cell => ({ ...cell, namespaces: [namespace] })));
  return single.flatMap((cell) => detoursIn(cell, bestOf(byNamespace.get(cell.namespaces[0]) ?? []), holder, ground));
}

function detoursIn(cell: Cell, best: Strongest, holder: Holder, ground: Ground): Detour[] {
  const pulls = reachesNode(best.sure) ? [] : pullsIn(cell, holder, ground);
  if (pulls.length === 0) return [];
  const user = ground.judge.userClass(userOf(holder));
  const place = ground.judge.namespaceClass(cell.namespaces[0]);
  const key = JSON.stringify([cell.way.words, place, user, best.sure, best.maybe?.strength, pulls.map((pull) => pull.key)]);
  const found = ground.detours.get(key) ?? waysAround(holder, cell, pulls, best, ground);
  ground.detours.set(key, found);
  return found.map(({ pulls: theirs, cell: { trials, strongest } }) => ({
    pulls: own(theirs, pulls),
    cell: { ...cell, trials, strongest },
  }));
}

const pullsIn = (cell: Cell, holder: Holder, ground: Ground): Pull[] =>
  LEVERS.flatMap((lever) => lever.pulls(holder, cell.namespaces[0], refusalsOf(cell.trials), ground));

/**
 * What may be created first, in each namespace. Where a holder's rights are those that they have everywhere, one namespace says for its class whether there is
 * anything to try.
 */
function placesOf(holder: Holder, cells: readonly Cell[], ground: Ground): { cell: Cell; namespaces: readonly string[] }[] {
  const seen = new Set<string>();
  const whole = new Set<Cell['namespaces']>();
  const apart = namespacesApart(holder, ground);
  return cells.flatMap((cell) => {
    if (cell.way.on !== 'nothing' || whole.has(cell.namespaces)) return [];
    whole.add(cell.namespaces);
    const fresh = cell.namespaces.filter((namespace) => !seen.has(namespace));
    for (const namespace of fresh) seen.add(namespace);
    if (reachesNode(cell.strongest.sure)) return [];
    const { own = [], others = [] } = Object.groupBy(fresh, (namespace) => (apart.has(namespace) ? 'own' : 'others'));
    return [...own.map((namespace) => [namespace]), others].flatMap((namespaces) => {
      const [first] = namespaces;
      return first === undefined ? [] : [{ cell: { ...cell, namespaces: [first] as const }, namespaces }];
    });
  });
}

/** Where a holder's rights may be other than everywhere: what RoleBindings are in, and what a rule names. */
function namespacesApart({ identity }: Holder, { rbac }: Ground): Set<string> {
  return new Set(
    rbac.entriesOf(identity).flatMap(({ binding }) => {
      if (binding.namespace !== null) return [binding.namespace];
      const role = rbac.roleOf(binding);
      return typeof role === 'string' ? [] : rbac.rulesOf(role).flatMap(({ resourceNames }) => resourceNames);
    }),
  );
}

function cellsByNamespace(cells: readonly Cell[]): Map<string, Cell[]> {
  const found = new Map<string, Cell[]>();
  for (const cell of cells) {
    for (const namespace of cell.namespaces) {
      const there = found.get(namespace);
      if (there) there.push(cell);
      else found.set(namespace, [cell]);
    }
  }
  return found;
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
  const trials = new Judge(after).trials({ maker: cell.way.maker, operation: 'CREATE' }, cell.namespaces[0], userOf(holder), probes);
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
