import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import { EVERY, includes, type Place } from '../handed.ts';
import { RBAC_GROUP, right } from '../wanted.ts';

export const BINDING = {
  roles: {
    create: right('create', 'rolebindings', RBAC_GROUP),
    change: right(['update', 'patch'], 'rolebindings', RBAC_GROUP),
  },
  cluster: {
    create: right('create', 'clusterrolebindings', RBAC_GROUP, true),
    change: right(['update', 'patch'], 'clusterrolebindings', RBAC_GROUP, true),
  },
} as const;

/**
 * Where an actor may write bindings. Where it may everywhere, a namespace in which it holds more than elsewhere is a
 * place of its own.
 */
export function bindingPlaces(actor: Actor, attacker: Attacker): Place[] {
  const cluster = [
    ...attacker.rights(actor, BINDING.cluster.create, true),
    ...attacker.rights(actor, BINDING.cluster.change),
  ];
  const namespaced = [
    ...attacker.rights(actor, BINDING.roles.create, true),
    ...attacker.rights(actor, BINDING.roles.change),
  ];
  const own = new Set(namespaced.map(({ namespace }) => namespace ?? EVERY));
  const more = own.has(EVERY) ? actor.entries.flatMap(({ binding }) => binding.namespace ?? []) : [];
  return [...(cluster.length > 0 ? [null] : []), ...new Set([...own, ...more])];
}

/** Those who are held and may write bindings, by the places in which they may. */
export function bindersOf(attacker: Attacker): ReadonlyMap<Place, ReadonlySet<Actor>> {
  const { roles, cluster } = BINDING;
  const lists = [roles, cluster].flatMap(({ create, change }) => [
    attacker.able({ wanted: create, creates: true }),
    attacker.able({ wanted: change }),
  ]);
  const before = BINDERS.get(attacker);
  // The lists only grow, until rights are handed out.
  const known: Binders =
    before?.handed === attacker.handed.length
      ? before
      : { handed: attacker.handed.length, seen: lists.map(() => 0), byPlace: new Map() };
  BINDERS.set(attacker, known);
  for (const [index, list] of lists.entries()) {
    for (const actor of list.slice(known.seen[index]))
      for (const place of bindingPlaces(actor, attacker)) {
        const there = known.byPlace.get(place) ?? new Set();
        known.byPlace.set(place, there.add(actor));
      }
    known.seen[index] = list.length;
  }
  return known.byPlace;
}

interface Binders {
  handed: number;
  /** How many of each list are in it. */
  seen: number[];
  byPlace: Map<Place, Set<Actor>>;
}

const BINDERS = new WeakMap<Attacker, Binders>();

/**
 * The places of bindings that count where rules of these places do: a binding in one namespace may complete a right that
 * counts in all of them. What is cluster-scoped takes one of the whole cluster.
 */
export const overlapping = (places: readonly Place[], attacker: Attacker): Place[] =>
  places.length === 0
    ? []
    : [...bindersOf(attacker).keys()].filter((bound) =>
        places.some((place) => includes(bound, place) || (place !== null && includes(place, bound))),
      );
