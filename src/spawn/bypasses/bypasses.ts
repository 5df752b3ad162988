import type { Refusal } from '../../admission/layer.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { allOf } from '../../answer/verdict.ts';
import { oncePerObject } from '../../world/once.ts';
import { type Judged, judgeExisting } from '../outcomes/existing.ts';
import { bestOf, type Cell, type Ground, groundAfter, userOf } from '../outcomes/outcomes.ts';
import { refusalIn } from '../probes/judge.ts';
import { PROBES, type Probe } from '../probes/probes.ts';
import { isMore, isStronger, reachesNode, type Strongest, strongestOf, type Trial } from '../probes/strongest.ts';
import type { Holder } from '../rights/holder.ts';
import { LEVERS } from './steps/index.ts';
import type { Lever, Pull } from './steps/step.ts';

/** A way around admission: what has to be done first, and what a pod comes to then. */
export interface Detour {
  pulls: readonly Pull[];
  cell: Cell;
}

/**
 * For each namespace in which a holder may bring about pods that admission keeps from the node: the fewest of their
 * other rights that together take away what stands in the way. Proved by judging the pod again in the world without it.
 * Namespaces in which the same is tried are judged once. Of several ways to a pod the first that is enough: they differ
 * in nothing that is taken away.
 */
export function detoursOf(holder: Holder, cells: readonly Cell[], ground: Ground): Detour[] {
  const levers = leversOf(holder, ground);
  if (levers.length === 0) return [];
  // All cells of a namespace are tried together: the same refusals are overcome in the same way.
  const byNamespace = cellsByNamespace(cells.filter(({ strongest }) => !reachesNode(strongest.sure)));
  if (byNamespace.size === 0) return [];
  const all = cellsByNamespace(cells);
  return [...byNamespace].flatMap(([namespace, here]): Detour[] => {
    const best = bestOf(all.get(namespace) ?? []);
    if (reachesNode(best.sure)) return [];
    const known = new Map<string, readonly Pull[]>();
    for (const cell of here) {
      const { refusals, words } = refusalsOf(cell.trials);
      const pulls = known.get(words) ?? pullsIn(namespace, refusals, levers, holder, ground);
      known.set(words, pulls);
      const found =
        pulls.length === 0 ? [] : detoursIn({ ...cell, namespaces: [namespace] }, pulls, best, holder, ground);
      if (found.length > 0) return found;
    }
    return [];
  });
}

function detoursIn(cell: Cell, pulls: readonly Pull[], best: Strongest, holder: Holder, ground: Ground): Detour[] {
  const [namespace] = cell.namespaces;
  const names = cell.way.on === 'nothing' ? null : cell.right.names;
  const keys = pulls.map((pull) => pull.key);
  const kind = JSON.stringify([
    cell.way.id,
    cell.way.words,
    namespace,
    names,
    best.sure,
    best.maybe?.strength,
    best.maybe?.leaning,
    keys,
  ]);
  const found = ground.detours.find(kind, { namespace, user: userOf(holder) }, ground.world, (reader) =>
    waysAround(reader.user, cell, pulls, best, ground),
  );
  return found.value.map(({ pulls: theirs, cell: { trials, strongest } }) => ({
    pulls: own(theirs, pulls),
    cell: { ...cell, trials, strongest },
  }));
}

/** Those that a holder has any right to. */
function leversOf(holder: Holder, ground: Ground): readonly Lever[] {
  const known = heldIn(ground);
  const levers = known.get(holder) ?? LEVERS.filter((lever) => lever.isHeld(holder, ground));
  known.set(holder, levers);
  return levers;
}

const heldIn = oncePerObject((_ground: Ground) => new WeakMap<Holder, readonly Lever[]>());

function pullsIn(
  namespace: string,
  refusals: readonly Refusal[],
  levers: readonly Lever[],
  holder: Holder,
  ground: Ground,
): readonly Pull[] {
  const here = refusals.map((refusal) => refusalIn(refusal, namespace));
  return levers.flatMap((lever) => lever.pulls(holder, namespace, here, ground));
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

/**
 * Why nothing stronger passes: each that refuses, once, and all of them as a word. What a lever does about it does not
 * hang on the reason.
 */
const refusalsOf = oncePerObject((trials: readonly Trial[]): { refusals: readonly Refusal[]; words: string } => {
  const refused = trials.flatMap(({ admission }) => (admission.value === 'yes' ? [] : admission.evidence));
  const distinct = new Map(refused.map((refusal) => [JSON.stringify([refusal.layer, refusal.by]), refusal]));
  return { refusals: [...distinct.values()], words: [...distinct.keys()].join() };
});

/** The same pulls for another namespace. */
const own = (pulls: readonly Pull[], theirs: readonly Pull[]): Pull[] =>
  pulls.flatMap(({ key }) => theirs.find((each) => each.key === key) ?? []);

/** Each pull that is enough by itself; where none is, the fewest that are together. */
function waysAround(user: UserInfo, cell: Cell, pulls: readonly Pull[], best: Strongest, ground: Ground): Detour[] {
  const result = (chosen: readonly Pull[]): Detour => ({ pulls: chosen, cell: judgeAfter(user, cell, chosen, ground) });
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

function judgeAfter(user: UserInfo, cell: Cell, pulls: readonly Pull[], ground: Ground): Cell {
  const world = pulls.reduce((now, pull) => pull.change(now), ground.world);
  const probes = [...pulls.flatMap((pull) => pull.probes ?? []), ...PROBES];
  const taken = JSON.stringify(pulls.map(({ key }) => key));
  const judged = judgeWay(cell, user, groundAfter(ground, world, taken), probes);
  // What has to be done first may be refused itself.
  const open = pulls
    .map(({ admission }) => admission)
    .filter(({ value, evidence }) => value !== 'yes' || evidence.length > 0);
  const trials =
    open.length === 0
      ? judged.trials
      : judged.trials.map((each) => ({ ...each, admission: allOf([each.admission, ...open]) }));
  const doubts = pulls.flatMap(({ doubt }) => doubt ?? []);
  return { ...cell, ...judged, trials, strongest: doubted(strongestOf(trials), doubts, cell.strongest) };
}

function judgeWay(
  { way, right, namespaces: [namespace], trials }: Cell,
  user: UserInfo,
  ground: Ground,
  probes: readonly Probe[],
): Judged {
  if (way.on === 'nothing')
    return { trials: ground.judge.trials({ maker: way.maker, operation: 'CREATE' }, namespace, user, probes) };
  return judgeExisting(way, right, namespace, user, ground, probes) ?? { trials };
}

/** What rests on a doubt is possible, and no more; what was there before stays sure. */
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
