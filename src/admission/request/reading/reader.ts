import type { World } from '../../../world/world.ts';
import type { UserInfo } from '../user.ts';

/** Where a request is made, and by whom: what requests for the same pod differ in. */
export interface Origin {
  namespace: string;
  user: UserInfo;
}

export type Reading = string | number | boolean | null | undefined;

/** Something that is asked of an origin: its namespace, as the world has it, its user, or both. */
export interface Inquiry {
  /** Inquiries of one key ask the same. */
  key: string;
  about: 'namespace' | 'user' | 'both';
  ask: (origin: Origin, world: World) => Reading;
}

/**
 * Notes what an evaluation reads of the origin of its requests, so that its result holds for every other origin of
 * which the same is read. Whatever is not asked by an inquiry of its own is noted as the whole: who reads the name of
 * the namespace has a result for that namespace alone.
 */
export class Reader {
  readonly origin: Origin;
  readonly world: World;
  /** In the order in which they were asked first. */
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

  /** The name of the namespace, noted. */
  get namespace(): string {
    return this.ask(NAMESPACE_NAME) as string;
  }
}

/** Who notes what is read of a user; undefined where nobody does. */
export const readerOf = (user: UserInfo): Reader | undefined => READERS.get(user);

const READERS = new WeakMap<UserInfo, Reader>();

const USER_NAME: Inquiry = { key: 'user name', about: 'user', ask: ({ user }) => user.name };
const USER_GROUPS: Inquiry = { key: 'user groups', about: 'user', ask: ({ user }) => JSON.stringify(user.groups) };
const NAMESPACE_NAME: Inquiry = { key: 'namespace name', about: 'namespace', ask: ({ namespace }) => namespace };

/** A request whose namespace is noted where it is read. */
export const readBy = <Request extends { namespace: string }>(request: Request, reader: Reader): Request =>
  Object.defineProperty({ ...request, reader }, 'namespace', nameFrom(reader));

/** The same request with other fields. What has not been read of it is not read by that. */
export function changed<Request extends object>(request: Request, fields: Partial<Request>): Request {
  return withFields(request, fields);
}

/** An object with other fields, those last; accessors stay what they are, of `more` as well. */
export function withFields<T extends object>(object: T, fields: Partial<T>, more: object = {}): T {
  const isReplaced = (key: PropertyKey): boolean => Object.hasOwn(fields, key) || Object.hasOwn(more, key);
  const made: T = {} as T;
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = isReplaced(key) ? undefined : Object.getOwnPropertyDescriptor(object, key);
    if (descriptor) Object.defineProperty(made, key, descriptor);
  }
  return Object.defineProperties(Object.assign(made, fields), Object.getOwnPropertyDescriptors(more));
}

/** The namespace in the metadata of an object that is sent: noted where it is read. */
export const namespaceIn = (namespace: string, reader: Reader | undefined): { namespace: string } =>
  reader ? Object.defineProperty({} as { namespace: string }, 'namespace', nameFrom(reader)) : { namespace };

function nameFrom(reader: Reader): PropertyDescriptor {
  const descriptor = accessor(() => reader.namespace);
  PLACES.set(descriptor.get, reader);
  return descriptor;
}

/** Who notes it where a field of an object is the namespace of a request; undefined for any other field. */
export function namespaceReader(object: object, field: string): Reader | undefined {
  const get = Object.getOwnPropertyDescriptor(object, field)?.get;
  return get && PLACES.get(get);
}

const PLACES = new WeakMap<() => unknown, Reader>();

/** Read as any other field is: by its name, by all that goes through the fields, and as JSON. */
export const accessor = <T>(get: () => T): PropertyDescriptor & { get: () => T } => ({
  get,
  enumerable: true,
  configurable: true,
});
