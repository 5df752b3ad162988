import type { Scope } from '../spawn/scope.ts';
import type { Rule } from '../world/objects.ts';
import { type Closure, closureOf } from './closure.ts';
import type { Cost } from './derivation.ts';
import { type Goal, keyOfPosition, keysOfGoal, type Position } from './position.ts';
import { Search } from './search.ts';
import { nodesOf } from './targets.ts';
import type { Technique } from './technique.ts';
import { RBAC_GROUP } from './wanted.ts';

/** A way from a position to a goal, as far as its own closure was looked at. */
export interface WayToGoal {
  start: Position;
  closure: Closure;
  /** The key of the position at which it ends: the goal, or one whose way was told before. */
  end: string;
}

/**
 * Calls `tell` with a way to the goal for each position that has one: each of `starts`, and the nodes and namespaces
 * that the ways of many go through. A way is followed until it gets to a position that was told before. All are found
 * in one run by that, but a way may be longer than the shortest, where that one takes long to find. A way that depends
 * on something is told only where no way is certain.
 */
export function tellWays(
  goal: Goal,
  starts: readonly Position[],
  { techniques, scope }: { techniques: readonly Technique[]; scope: Scope },
  tell: (way: WayToGoal) => void,
  { budgets, patience: { all: together, each } }: Effort = EFFORT,
): void {
  const costs = new Map<string, Cost>(keysOfGoal(goal).map((key) => [key, { isOpen: false, steps: 0 }]));
  const costFrom = (key: string): Cost | undefined => costs.get(key);
  const hubs = hubsIn(scope);
  const strong = starts.filter((start) => isStrong(start, scope));
  // They are of no use to few.
  const all = [...strong, ...(hubs.length < starts.length ? hubs : []), ...starts];
  const keys = new Set(all.map(keyOfPosition));
  /** The keys of the positions that need not be looked at again, whether a way was found or there is none. */
  const done = new Set<string>();
  const isDone = (key: string): boolean => done.has(key);
  const patience = Math.max(each, Math.floor(together / all.length));
  const waiting = new Map<string, Set<Position>>();
  for (const budget of budgets) for (const start of all) tryOut(start, budget);

  /** Looks for a way from a position. If one is found, those that got to it before are looked at again. */
  function tryOut(first: Position, budget: number): void {
    const queue = [first];
    for (let start = queue.shift(); start; start = queue.shift()) {
      const key = keyOfPosition(start);
      if (done.has(key)) continue;
      const search = new Search({ costFrom, budget, patience, least: goal.kind === 'request' ? 1 : 0, isDone });
      const closure = closureOf([start], techniques, scope, { goals: [goal], search });
      const { found } = search;
      if (found) {
        done.add(key);
        if (!costs.has(key)) costs.set(key, found.total);
        tell({ start, closure, end: found.key });
        if (!found.total.isOpen) for (const each of waiting.get(key) ?? []) queue.push(each);
        waiting.delete(key);
      } else if (search.isOver) {
        for (const [offered, { isOpen }] of closure.attacker.offered())
          if (!isOpen && keys.has(offered)) waiting.set(offered, (waiting.get(offered) ?? new Set()).add(start));
      } else {
        // All of these positions together are not enough to get to the goal, so that no single one of them is.
        for (const reached of closure.reached.keys()) done.add(reached);
      }
    }
  }
}

/** How long ways are looked for, in positions that are offered and techniques that are asked. */
export interface Effort {
  /** All starts are looked at with the first of these budgets, then again with the next: each way shortens others. */
  budgets: readonly number[];
  /** The effort for shorter ways than those that were found: shared by all starts, and what each has at least. */
  patience: { all: number; each: number };
}

const EFFORT: Effort = { budgets: [1_000, 20_000, Number.POSITIVE_INFINITY], patience: { all: 100_000, each: 20 } };

/** Whether an identity has rights to roles and bindings in the whole cluster: it is what many others get to. */
const isStrong = (start: Position, { rbac }: Scope): boolean =>
  start.kind === 'identity' &&
  rbac.entriesOf(start.identity).some(({ binding, subject }) => {
    const role = binding.namespace === null && subject.kind !== 'Group' ? rbac.roleOf(binding) : 'missing';
    return typeof role !== 'string' && rbac.rulesOf(role).some(isAboutRoles);
  });

const isAboutRoles = ({ apiGroups }: Rule): boolean => apiGroups.includes('*') || apiGroups.includes(RBAC_GROUP);

/** The positions that are no subjects and that many subjects get to. */
const hubsIn = (scope: Scope): Position[] => [
  ...nodesOf(scope.world).map(({ name }): Position => ({ kind: 'node', name })),
  ...scope.namespaces.map((namespace): Position => ({ kind: 'spawn', namespace })),
];
