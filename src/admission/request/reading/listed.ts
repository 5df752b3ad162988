import type { Unknown } from '../../../answer/unknown.ts';
import type { GroupKind, KindName } from '../../../world/kinds.ts';
import { describeNeed } from '../../../world/needs.ts';
import type { Manifest } from '../../../world/objects.ts';
import { oncePerState } from '../../../world/once.ts';
import type { World } from '../../../world/world.ts';

export interface Listed {
  objects: readonly Manifest[];
  unknowns: readonly Unknown[];
}

/**
 * The objects of a custom kind, cluster-scoped or in one namespace, with an unknown for each list that failed and each
 * object that could not be understood. A kind that was not listed, or that the server does not have, has no objects and
 * gives no unknown.
 */
export function listed(world: World, kind: GroupKind, namespace: string | null, affects: string): Listed {
  const unread = failuresOf(world)
    .filter(({ need }) => need.kind === kind && (need.namespace === null || need.namespace === namespace))
    .filter(({ need }) => !(need.namespace === null && isReadIn(world, kind, namespace)))
    .map(({ need, why }): Unknown => ({ kind: 'unreadable', what: describeNeed(need), why, affects }));
  return { objects: world.list(kind, namespace), unknowns: [...unread, ...world.malformed(kind)] };
}

/** The kinds of an API group of which there are objects, or lists that failed. */
export function kindsOfGroup(world: World, group: string): GroupKind[] {
  const kinds: KindName[] = [...world.kinds(), ...failuresOf(world).map(({ need }) => need.kind)];
  return [...new Set(kinds)].filter((kind): kind is GroupKind => kind.endsWith(`.${group}`));
}

/** A refused list of the whole cluster does not matter where the namespace itself was listed. */
const isReadIn = (world: World, kind: GroupKind, namespace: string | null): boolean =>
  namespace !== null && world.ownOutcome({ kind, namespace, name: null, labelSelector: null })?.read === true;

type FailedList = { need: Parameters<World['ownOutcome']>[0]; why: string };

/** The lists that failed, computed once for each state of the world. */
const failuresOf = oncePerState((world): readonly FailedList[] => {
  const failures: FailedList[] = [];
  for (const { need, outcome } of world.outcomes()) {
    if (need.name === null && !outcome.read && outcome.failure.kind !== 'notFound')
      failures.push({ need, why: outcome.failure.message });
  }
  return failures;
});
