import { nearest } from '../answer/nearest.ts';
import type { Unknown } from '../answer/unknown.ts';
import { UserError } from '../answer/user-error.ts';
import { joinAnd } from '../answer/words.ts';
import type { KindName } from '../world/kinds.ts';
import { get, kindOfNeed, list, type Need, named } from '../world/needs.ts';
import type { Named } from '../world/objects.ts';
import { unreadable, type World } from '../world/world.ts';

/** Whether the server, or the file, says that there is no such object. False also where that could not be read. */
export function isMissing(kind: KindName, namespace: string | null, name: string, world: World): boolean {
  if (world.find(kind, namespace, name) || world.malformedObject(kind, namespace, name)) return false;
  const outcome = world.outcome(get(kind, namespace, name));
  if (outcome === null) return false;
  // A namespace that does not exist holds nothing, whatever could be read.
  return (
    outcome.read || outcome.failure.kind === 'notFound' || (namespace !== null && isNamespaceMissing(namespace, world))
  );
}

/**
 * The object that was named, and once it is known to be missing what may have been meant: its likes in the namespace,
 * and its namesakes elsewhere.
 */
export function namedNeeds(kind: KindName, namespace: string | null, name: string, world: World): Need[] {
  const itself = get(kind, namespace, name);
  const isRefused = namespace !== null && world.outcome(itself)?.read === false;
  if (!isMissing(kind, namespace, name, world)) return [itself, ...(isRefused ? namespaceNeeds(namespace, world) : [])];
  return [
    itself,
    ...(namespace === null ? [] : [...namespaceNeeds(namespace, world), named(kind, name)]),
    list(kind, namespace),
  ];
}

/** A namespace, and once it is known to be missing the others. */
export function namespaceNeeds(namespace: string, world: World): Need[] {
  const itself = get('namespaces', null, namespace);
  return isNamespaceMissing(namespace, world) ? [itself, list('namespaces')] : [itself];
}

/**
 * The error that an object does not exist, in kubectl's words, with the place in which it was looked for and what may
 * have been meant: `pods "web-0" not found in namespace shpo; there is one in shop`. A missing namespace is named as
 * well, or alone.
 */
export function notFound(kind: KindName, namespace: string | null, name: string, world: World): UserError {
  const { group, resource } = kindOfNeed({ kind });
  const elsewhere = namespace === null ? [] : namesakesOf(kind, namespace, name, world);
  const homeless =
    namespace !== null && isNamespaceMissing(namespace, world) ? namespaceNotFound(namespace, world) : null;
  if (homeless !== null && elsewhere.length === 0) return serverError(homeless);
  const where = namespace === null ? '' : ` in namespace ${namespace}`;
  const likes = world.list(kind, namespace).map((each: Named) => each.name);
  const meant =
    elsewhere.length > 0
      ? `; there ${elsewhere.length > 1 ? 'are some' : 'is one'} in ${placesOf(elsewhere)}`
      : didYouMean(name, likes);
  const also = homeless === null ? '' : ` (${homeless})`;
  return serverError(`${resource}${group === '' ? '' : `.${group}`} "${name}" not found${where}${meant}${also}`);
}

/** Throws where the server or the file says that there is no such namespace. */
export function refuseMissingNamespace(namespace: string, world: World): void {
  if (isNamespaceMissing(namespace, world)) throw serverError(namespaceNotFound(namespace, world));
}

/**
 * An unknown if it could not be read whether a namespace exists. A misspelt one has no objects either, so that a no
 * about it would not be one.
 */
export function doubtfulNamespace(namespace: string, world: World): Unknown[] {
  const need = get('namespaces', null, namespace);
  const isKnown =
    world.isRead(need) || world.find('namespaces', null, namespace) !== undefined || isMentioned(namespace, world);
  return isKnown ? [] : [unreadable(world, need, 'whether it exists at all')];
}

/** A namespace that has objects is there, whatever files say. */
const isNamespaceMissing = (namespace: string, world: World): boolean =>
  isMissing('namespaces', null, namespace, world) && !isMentioned(namespace, world);

const isMentioned = (namespace: string, world: World): boolean =>
  TELLING.some((kind) => world.list(kind, namespace).length > 0) ||
  world.malformed(...TELLING).some(({ what }) => what.includes(` ${namespace}/`));

const TELLING = ['rolebindings', 'roles', 'pods', 'serviceaccounts'] as const;

function namespaceNotFound(namespace: string, world: World): string {
  const known = world.list('namespaces').map(({ name }) => name);
  return `namespaces "${namespace}" not found${didYouMean(namespace, known)}`;
}

const namesakesOf = (kind: KindName, namespace: string, name: string, world: World): string[] =>
  world
    .list(kind)
    .flatMap((each: Named) =>
      each.name === name && each.namespace !== null && each.namespace !== namespace ? [each.namespace] : [],
    )
    .sort();

const placesOf = (namespaces: readonly string[]): string =>
  joinAnd(
    namespaces.length > 3 ? [...namespaces.slice(0, 2), `${namespaces.length - 2} other namespaces`] : namespaces,
  );

function didYouMean(typed: string, known: readonly string[]): string {
  const meant = nearest(typed, known);
  return meant === undefined ? '' : `, did you mean "${meant}"?`;
}

const serverError = (message: string): UserError => new UserError(`Error from server (NotFound): ${message}`);
