import { ownValue } from '../../../answer/own-value.ts';
import type { TargetRef } from '../../../answer/refs.ts';
import type { GroupKind } from '../../../world/kinds.ts';
import type { LabelSelector, Labels, Namespace } from '../../../world/objects.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import type { World } from '../../../world/world.ts';
import type { AdmissionRequest } from '../request.ts';
import type { UserInfo } from '../user.ts';
import { type Listed, listed } from './listed.ts';
import { accessor, type Reader, type Reading, readerOf } from './reader.ts';

/** Asks about the namespace of a request. `key` identifies the question. */
export function askNamespace<T extends Reading>(
  request: AdmissionRequest,
  world: World,
  key: string,
  ask: (namespace: string, world: World) => T,
): T {
  const { reader } = request;
  if (!reader) return ask(request.namespace, world);
  return reader.ask({ key, about: 'namespace', ask: ({ namespace }, there) => ask(namespace, there) }) as T;
}

/** Asks about a user. `key` identifies the question. */
export function askUser<T extends Reading>(
  user: UserInfo,
  world: World,
  key: string,
  ask: (user: UserInfo, world: World) => T,
): T {
  const reader = readerOf(user);
  return reader
    ? (reader.ask({ key, about: 'user', ask: (origin, there) => ask(origin.user, there) }) as T)
    : ask(user, world);
}

/** Asks about the user of a request in its namespace. */
export function askBoth<T extends Reading>(
  request: AdmissionRequest,
  world: World,
  key: string,
  ask: (user: UserInfo, namespace: string, world: World) => T,
): T {
  const reader = readerOf(request.user);
  // A controller is not a user of the question, wherever it writes.
  if (!reader)
    return askNamespace(request, world, `${key} of ${request.user.name}`, (namespace, there) =>
      ask(request.user, namespace, there),
    );
  return reader.ask({ key, about: 'both', ask: ({ user, namespace }, there) => ask(user, namespace, there) }) as T;
}

/** Whether the request is in a namespace, without noting which. */
export const isNamespaced = (request: AdmissionRequest): boolean =>
  request.reader !== undefined || request.namespace !== '';

/**
 * The Namespace of a request; undefined where it was not found. Each field and each label that is read is noted by
 * itself.
 */
export function namespaceOf(request: AdmissionRequest, world: World): Namespace | undefined {
  const { reader } = request;
  if (!reader) return world.find('namespaces', null, request.namespace);
  const isThere = askNamespace(
    request,
    world,
    'namespace is there',
    (name, there) => there.find('namespaces', null, name) !== undefined,
  );
  return isThere ? viewOf(reader) : undefined;
}

/**
 * The labels by which selectors and expressions know the namespace of a request. They include the one that the server
 * sets, which a file may lack.
 */
export function labelsOfNamespace(request: AdmissionRequest, namespace: Namespace): Labels {
  const { reader } = request;
  return reader ? noted(reader, 'label', (found) => withName(found)) : withName(namespace);
}

/** Whether a selector selects the namespace of a request; null where that was not found. */
export const selectsNamespace = (selector: LabelSelector, request: AdmissionRequest, world: World): boolean | null =>
  askNamespace(request, world, `selector ${JSON.stringify(selector)}`, (name, there) => {
    const found = there.find('namespaces', null, name);
    return found === undefined ? null : matchesSelector(selector, withName(found));
  });

/**
 * The namespace of a request as the object that decides. It is the only part of a result that differs between
 * equivalent namespaces.
 */
export const namespaceRef = (request: AdmissionRequest): TargetRef => ({
  ...{ kind: 'Namespace', namespace: null },
  name: request.reader?.origin.namespace ?? request.namespace,
});

/** The objects of a kind in the namespace of a request. Namespaces without any are equivalent. */
export function listedThere(request: AdmissionRequest, world: World, kind: GroupKind, affects: string): Listed {
  const look = (namespace: string, there: World): Listed => listed(there, kind, namespace, affects);
  if (!request.reader) return look(request.namespace, world);
  askNamespace(request, world, `objects of kind ${kind}`, (namespace, there) => {
    const { objects, unknowns } = look(namespace, there);
    return objects.length > 0 ? `those of ${namespace}` : JSON.stringify(unknowns);
  });
  return look(request.reader.origin.namespace, world);
}

const withName = ({ name, labels }: Namespace): Labels => ({ 'kubernetes.io/metadata.name': name, ...labels });

const VIEWS = new WeakMap<Reader, Namespace>();

function viewOf(reader: Reader): Namespace {
  const known = VIEWS.get(reader) ?? makeView(reader);
  VIEWS.set(reader, known);
  return known;
}

function makeView(reader: Reader): Namespace {
  const view: Namespace = {
    namespace: null,
    name: '',
    labels: noted(reader, 'own label', ({ labels }) => labels),
    annotations: noted(reader, 'annotation', ({ annotations }) => annotations ?? {}),
    deleting: false,
  };
  const isDeleting = (): boolean =>
    reader.ask({
      ...{ key: 'namespace is being deleted', about: 'namespace' },
      ask: ({ namespace }, world) => world.find('namespaces', null, namespace)?.deleting,
    }) === true;
  return Object.defineProperties(view, { name: accessor(() => reader.namespace), deleting: accessor(isDeleting) });
}

/** Texts by name. Each name that is looked up is noted by itself; an iteration over them notes all of them. */
function noted(reader: Reader, what: string, of: (namespace: Namespace) => Labels): Labels {
  const find = (name: string): string | undefined =>
    reader.ask({
      ...{ key: `${what} ${name}`, about: 'namespace' },
      ask: ({ namespace }, world) => ownValue(textsOf(namespace, world), name),
    }) as string | undefined;
  const textsOf = (namespace: string, world: World): Labels => {
    const found = world.find('namespaces', null, namespace);
    return found ? of(found) : {};
  };
  const names = (): string[] =>
    JSON.parse(
      reader.ask({
        ...{ key: `names of every ${what}`, about: 'namespace' },
        ask: ({ namespace }, world) => JSON.stringify(Object.keys(textsOf(namespace, world))),
      }) as string,
    );
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? find(name) : undefined),
      has: (_, name) => typeof name === 'string' && find(name) !== undefined,
      ownKeys: names,
      getOwnPropertyDescriptor: (_, name) => {
        const value = typeof name === 'string' ? find(name) : undefined;
        return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: true };
      },
    },
  );
}
