import type { Scope } from '../spawn/scope.ts';
import { numberOf } from '../world/once.ts';
import type { Actor } from './actor.ts';
import { Attacker } from './attacker.ts';
import { type Cost, type Derivation, isCheaper, type Reached } from './derivation.ts';
import { Heap } from './heap.ts';
import { type Goal, keyOfPosition, keysOfGoal, type Position } from './position.ts';
import type { Search } from './search.ts';
import { isSuperuser } from './superusers.ts';
import type { Technique } from './technique.ts';
import { handedOf } from './techniques/hand-out.ts';

export interface Closure {
  /** By key, in the order in which they were reached. */
  reached: ReadonlyMap<string, Reached>;
  attacker: Attacker;
}

/**
 * Everything that somebody who holds `start` can come to hold: the least fixpoint of the techniques. Each position
 * comes with its cheapest derivation: one without unknowns beats any with, and of those the one with the fewest steps
 * wins (Knuth's generalisation of Dijkstra's algorithm to hypergraphs, so that a step may rest on several positions).
 * Pure and deterministic. It ends when all goals are reached; without goals, at cluster-admin, which yields all else;
 * when `most` identities are held, where somebody only wants to know who they are; and when a search has found a way
 * to the goal, or gives up.
 */
export function closureOf(
  start: readonly Position[],
  techniques: readonly Technique[],
  scope: Scope,
  {
    goals = [],
    most = Number.POSITIVE_INFINITY,
    search,
  }: { goals?: readonly Goal[]; most?: number; search?: Search } = {},
): Closure {
  const attacker = new Attacker(scope, goals);
  const reached = new Map<string, Reached>();
  const queue = new Heap<Reached & { key: string; order: number }>(isBefore);
  let order = 0;
  const offer = (position: Position, by: Derivation | null, cost: Cost): void => {
    const key = keyOfPosition(position);
    if (!attacker.offer(key, cost)) return;
    queue.push({ key, position, by, cost, order: isFirst(position) ? -1 : order++ });
    search?.note({ key, position, by, cost });
  };
  const offerAll = (derivations: Iterable<Derivation>): void => {
    for (const derivation of derivations) {
      if (search?.isOver) return;
      const cost = costOf(derivation, reached);
      if (cost) offer(derivation.to, derivation, cost);
    }
  };
  for (const position of start) offer(position, null, { isOpen: false, steps: 0 });
  const wanted = goals.length === 0 ? [[CLUSTER]] : goals.map(keysOfGoal);
  const seen = new Set<string>();
  let next = queue.pop();
  for (; next; next = queue.pop()) {
    const { key, position, by, cost } = next;
    search?.lookAt(cost);
    if (search?.isOver || search?.isBeyond(cost, true)) break;
    // An identity that has a credential of its own need not be impersonated.
    if (attacker.isHeld(key)) continue;
    reached.set(key, { position, by, cost });
    attacker.lookAt(cost);
    const actor = attacker.hold(key, position);
    if (wanted.every((keys) => keys.some((each) => reached.has(each)))) break;
    if (attacker.actors.length >= most) break;
    // What follows from here is no cheaper than what is known of the goals.
    if (isBeyond(cost, true)) continue;
    for (const technique of techniques) if (technique.ofPosition) offerAll(technique.ofPosition(position, attacker));
    const handed = handedOf(position);
    if (handed) {
      const gaining = attacker.hand(handed);
      seen.clear();
      for (const each of gaining) if (!isBeyond(cost, true)) askIdentity(each);
    } else if (actor && !search?.isTold(key)) askIdentity(actor);
  }
  if (search) {
    if (!next && !search.isOver) search.lookAt(null);
    const { found } = search;
    if (found && !reached.has(found.key)) reached.set(found.key, found);
  }
  return { reached, attacker };

  /** Looking at a superuser first may spare looking at all others of the same cost. */
  function isFirst(position: Position): boolean {
    if (position.kind === 'identity') return isSuperuser(position, attacker);
    return position.kind === 'cluster' || handedOf(position)?.isAll === true;
  }

  function isBeyond({ isOpen, steps }: Cost, isLast = false): boolean {
    if (search?.isOver || search?.isBeyond({ isOpen, steps }, isLast)) return true;
    return wanted.every((keys) =>
      keys.some((key) => {
        const known = attacker.costOf(key);
        return known !== undefined && !isCheaper({ isOpen, steps: steps + 1 }, known);
      }),
    );
  }

  function askIdentity(actor: Actor): void {
    // Of thousands of accounts most have the same bindings, and can do the same.
    const key = `${actor.hasCredential} ${entriesKeyOf(actor)}`;
    if (seen.has(key)) return;
    seen.add(key);
    const isAll = attacker.hasKey(CLUSTER, { steps: 0 });
    for (const { ofIdentity, handsOut, isLast, effort = 1 } of techniques) {
      if (!ofIdentity || (handsOut && isAll) || isBeyond(attacker.now, isLast) || search?.isTooLong(effort)) continue;
      offerAll(ofIdentity(actor, attacker));
      search?.tick(effort);
    }
  }

  /** The bindings of an identity that only has those of its groups; any other identity has a key of its own. */
  function entriesKeyOf({ key, entries, position: { identity, writes } }: Actor): string {
    const isOfGroups = identity.user !== null && !writes && entries.every(({ subject }) => subject.kind === 'Group');
    return isOfGroups ? entries.map(({ binding }) => numberOf(binding)).join() : key;
  }
}

const CLUSTER = keyOfPosition({ kind: 'cluster' });

const isBefore = (a: { cost: Cost; order: number }, b: { cost: Cost; order: number }): boolean =>
  isCheaper(a.cost, b.cost) || (!isCheaper(b.cost, a.cost) && a.order < b.order);

/** The cost of a derivation; null where it rests on something that is not held. */
function costOf({ from, steps, unknowns }: Derivation, reached: ReadonlyMap<string, Reached>): Cost | null {
  let isOpen = unknowns.length > 0;
  let total = steps.length;
  for (const key of from) {
    const basis = reached.get(key);
    if (!basis) return null;
    isOpen ||= basis.cost.isOpen;
    total += basis.cost.steps;
  }
  return { isOpen, steps: total };
}
