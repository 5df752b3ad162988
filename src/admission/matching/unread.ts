import type { Unknown } from '../../answer/unknown.ts';
import type { GroupKind } from '../../world/kinds.ts';
import { list, type Need } from '../../world/needs.ts';
import { oncePerState } from '../../world/once.ts';
import { unreadable, type World } from '../../world/world.ts';

/**
 * An unknown for each list of these kinds that could not be read, and for each object that was not understood. A kind
 * that the API does not have has no objects.
 */
export const unread = (world: World, kinds: readonly GroupKind[], affects: string): readonly Unknown[] => [
  ...unreadLists(world, kinds, affects),
  ...world.malformed(...kinds),
];

/** The lists of these kinds that could not be read. */
export function unreadLists(world: World, kinds: readonly GroupKind[], affects: string): readonly Unknown[] {
  const byKinds = knownOf(world);
  const key = kinds.join();
  const found = byKinds.get(key) ?? look(world, kinds, affects);
  byKinds.set(key, found);
  return found;
}

function look(world: World, kinds: readonly GroupKind[], affects: string): Unknown[] {
  const missing = kinds.map((kind) => list(kind)).filter((need) => !isRead(world, need));
  return missing.map((need) => unreadable(world, need, affects));
}

/** Whether everything that a need asks for is known: it was read, or is known not to exist. */
export function isRead(world: World, need: Need): boolean {
  const outcome = world.outcome(need);
  return outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
}

/** The results are kept, since this is called for every request and needs are looked up by text. */
const knownOf = oncePerState(() => new Map<string, readonly Unknown[]>());
