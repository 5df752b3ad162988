import type { World } from '../../../world/world.ts';
import type { UserInfo } from '../user.ts';

/** The namespace and the user of a request, which is where requests for the same pod differ. */
export interface Origin {
  namespace: string;
  user: UserInfo;
}

export type Reading = string | number | boolean | null | undefined;

/** A question about an origin: about its namespace in the world, its user, or both. */
export interface Inquiry {
  /** Inquiries with the same key ask the same question. */
  key: string;
  about: 'namespace' | 'user' | 'both';
  ask: (origin: Origin, world: World) => Reading;
}

/**
 * Notes what an evaluation reads of the origin of its requests, so that its result also holds for every other origin
 * that gives the same readings. A read that is not an inquiry of its own is noted as a read of the whole: a result that
 * reads the name of the namespace only holds for that namespace.
 */
export class Reader {
  readonly origin: Origin;
  readonly world: World;
  /** The notes, in the order in which the questions were first asked. */
  readonly notes: { inquiry: Inquiry; reading: Reading }[] = [];
  /** The user as the evaluation sees it. */
  readonly user: UserInfo;
  readonly #known = new Map<string, Reading>();

  constructor(origin: Origin, world: World) {
    this.origin = origin;
    this.world = world;
    const named = (): string | null => this.ask(USER_NAME) as string | null;
    const grouped = (): readonly string[] => {
      this.ask(USER_GROUPS);
      return origin.user.groups;
    };
    this.user = Object.defineProperties({} as UserInfo, { name: accessor(named), groups: accessor(grouped) });
    READERS.set(this.user, this);
  }

  ask(inquiry: Inquiry): Reading {
    if (this.#known.has(inquiry.key)) return this.#known.get(inquiry.key);
    const reading = inquiry.ask(this.origin, this.world);
    this.#known.set(inquiry.key, reading);
    this.notes.push({ inquiry, reading });
    return reading;
  }

  /** The name of the namespace. Reading it is noted. */
  get namespace(): string {
    return this.ask(NAMESPACE_NAME) as string;
  }
}

/** The reader that notes what is read of a user; undefined where there is none. */
export const readerOf = (user: UserInfo): Reader | undefined => READERS.get(user);

const READERS = new WeakMap<UserInfo, Reader>();

const USER_NAME: Inquiry = { key: 'user name', about: 'user', ask: ({ user }) => user.name };
const USER_GROUPS: Inquiry = { key: 'user groups', about: 'user', ask: ({ user }) => JSON.stringify(user.groups) };
const NAMESPACE_NAME: Inquiry = { key: 'namespace name', about: 'namespace', ask: ({ namespace }) => namespace };

/** A request whose namespace is noted when it is read. */
export const readBy = <Request extends { namespace: string }>(request: Request, reader: Reader): Request =>
  Object.defineProperty({ ...request, reader }, 'namespace', nameFrom(reader));

/** The same request with other fields. Making it reads nothing of the request. */
export function changed<Request extends object>(request: Request, fields: Partial<Request>): Request {
  return withFields(request, fields);
}

/** A copy of an object with other fields, which come last. Accessors of the object and of `more` stay accessors. */
export function withFields<T extends object>(object: T, fields: Partial<T>, more: object = {}): T {
  const isReplaced = (key: PropertyKey): boolean => Object.hasOwn(fields, key) || Object.hasOwn(more, key);
  const made: T = {} as T;
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = isReplaced(key) ? undefined : Object.getOwnPropertyDescriptor(object, key);
    if (descriptor) Object.defineProperty(made, key, descriptor);
  }
  return Object.defineProperties(Object.assign(made, fields), Object.getOwnPropertyDescriptors(more));
}

/** The namespace for the metadata of an object that is sent. Reading it is noted. */
export const namespaceIn = (namespace: string, reader: Reader | undefined): { namespace: string } =>
  reader ? Object.defineProperty({} as { namespace: string }, 'namespace', nameFrom(reader)) : { namespace };

function nameFrom(reader: Reader): PropertyDescriptor {
  const descriptor = accessor(() => reader.namespace);
  PLACES.set(descriptor.get, reader);
  return descriptor;
}

/** The reader that notes reads of a field which holds the namespace of a request; undefined for any other field. */
export function namespaceReader(object: object, field: string): Reader | undefined {
  const get = Object.getOwnPropertyDescriptor(object, field)?.get;
  return get && PLACES.get(get);
}

const PLACES = new WeakMap<() => unknown, Reader>();

/** An enumerable accessor, which is read like any other field: by name, by iteration and by JSON.stringify. */
export const accessor = <T>(get: () => T): PropertyDescriptor & { get: () => T } => ({
  get,
  enumerable: true,
  configurable: true,
});
