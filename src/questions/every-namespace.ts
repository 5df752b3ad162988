import type { Unknown } from '../answer/unknown.ts';
import type { StaticKind } from '../world/kinds.ts';
import { type Failure, list, type Need } from '../world/needs.ts';
import { unreadable, type World } from '../world/world.ts';

/**
 * All objects of kinds in the whole cluster. Where that is refused, those of single namespaces: all kinds of one before
 * those of the next, since only so many refusals are asked for.
 */
export function everywhere(kinds: readonly [StaticKind, ...StaticKind[]], world: World): Need[] {
  const lists = kinds.map((kind) => list(kind));
  if (world.outcome(list(kinds[0]))?.read !== false) return lists;
  const refused = kinds.filter((kind) => world.outcome(list(kind))?.read === false);
  return [
    ...lists,
    list('namespaces'),
    ...knownNamespaces(world).flatMap((each) => refused.map((kind) => list(kind, each))),
  ];
}

/**
 * One unknown for all namespaces whose objects of a kind were refused, named, and one for those that were not tried any
 * more.
 */
export function unreadNamespaces(kind: StaticKind, affects: string, world: World): Unknown[] {
  const known = knownNamespaces(world);
  const unread = known.filter((each) => !world.isRead(list(kind, each)));
  const whole = unreadable(world, list(kind), affects);
  if (!world.isRead(list('namespaces'))) {
    const read = known.filter((each) => !unread.includes(each));
    return [
      {
        ...whole,
        what: `${kind} in ${read.length > 0 ? `namespaces other than ${read.join(', ')}` : 'any namespace'}`,
      },
    ];
  }
  // An object that nobody can name may be in a namespace that nobody else names.
  const outcome = world.ownOutcome(list(kind));
  if (unread.length === 0 && outcome?.read === false && outcome.failure.kind === 'malformed') return [whole];
  return [...Map.groupBy(unread, (each) => ownReason(kind, each, world) ?? whole.why)].map(([why, namespaces]) => ({
    ...whole,
    what: `${kind} in namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`,
    why,
  }));
}

/**
 * The namespace of the context first: the caller most likely has rights there. One that nobody could understand has a
 * name all the same.
 */
const knownNamespaces = (world: World): string[] => [
  ...new Set([
    ...[world.facts.namespace, ...world.list('namespaces').map(({ name }) => name)],
    ...world.malformed('namespaces').flatMap(({ what }) => what.split(' ')[1] ?? []),
  ]),
];

/**
 * Why the objects of this namespace were not even asked for, or not understood; null where they were as little read as
 * any.
 */
function ownReason(kind: StaticKind, namespace: string, world: World): string | null {
  const outcome = world.ownOutcome(list(kind, namespace));
  return outcome?.read === false && OWN.has(outcome.failure.kind) ? outcome.failure.message : null;
}

const OWN: ReadonlySet<Failure['kind']> = new Set(['notTried', 'malformed']);
