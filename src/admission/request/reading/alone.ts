import { oncePerObject } from '../../../world/once.ts';
import { isRaw, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import type { AdmissionRequest } from '../request.ts';
import type { UserInfo } from '../user.ts';
import { accessor, type Inquiry, namespaceReader, type Origin, readerOf } from './reader.ts';

/** What part of a policy comes to, told by a text, for a request of which only some things may be read. */
export type Alone = (request: AdmissionRequest, world: World) => string;

/**
 * What a part of a policy comes to, where that rests on nothing but who makes the request and in which namespace: asked
 * as one question, so that users and namespaces for which it comes to the same are alike, whatever they are called.
 * `key` stands for exactly this question, but for what the request says of itself. Undefined where it rests on the
 * object too, or nobody notes what is read: it has to be evaluated with the request itself.
 */
export function askAlone(request: AdmissionRequest, key: string, evaluate: Alone): string | undefined {
  const { reader } = request;
  if (!reader) return undefined;
  const said = factsOf(request);
  const whole = `${key} of ${said.key}`;
  const ask =
    (parts: readonly Part[]): Inquiry['ask'] =>
    (origin, world) =>
      attempt(said, parts, origin, world, evaluate);
  let parts: readonly Part[] = [];
  for (;;) {
    const about = parts.length === 2 ? 'both' : parts[0];
    const reading = about
      ? reader.ask({ key: `${whole} by ${about}`, about, ask: ask(parts) })
      : ask(parts)(reader.origin, reader.world);
    const more = MORE.get(`${reading}`);
    if (more === undefined) return `${reading}`;
    if (more === 'object' || parts.includes(more)) return undefined;
    parts = [...parts, more].sort();
  }
}

type Part = 'namespace' | 'user';

/** Thrown where something is read that is not among what may be. */
class OtherWay extends Error {
  readonly reading: string;

  constructor(what: Part | 'object') {
    super();
    this.reading = `reads the ${what}`;
  }
}

const OTHER_WAYS = { namespace: new OtherWay('namespace'), user: new OtherWay('user'), object: new OtherWay('object') };
const MORE: ReadonlyMap<string, Part | 'object'> = new Map([
  ...(['namespace', 'user', 'object'] as const).map((each) => [OTHER_WAYS[each].reading, each] as const),
]);

export const readsObject = (): never => {
  throw OTHER_WAYS.object;
};

function attempt(said: Facts, parts: readonly Part[], origin: Origin, world: World, evaluate: Alone): string {
  try {
    return evaluate(new AloneRequest(said, parts, origin), world);
  } catch (error) {
    if (error instanceof OtherWay) return error.reading;
    throw error;
  }
}

/** What a request says of itself that is the same whoever makes it, wherever. */
type Facts = Pick<AdmissionRequest, 'operation' | 'kind' | 'resource' | 'subresource' | 'name'> & {
  /** Who is nobody's user: a controller. */
  controller: UserInfo | null;
  object: Shape;
  oldObject: Shape;
  /** All of it, as a text. */
  key: string;
};

/** Whether there is an object, and the request's namespace in its metadata. */
type Shape = 'none' | 'placed' | 'other';

/** Asked for each part of each policy. */
const factsOf = oncePerObject(
  ({ operation, kind, resource, subresource, name, object, oldObject, user }: AdmissionRequest): Facts => {
    const controller = readerOf(user) ? null : { name: user.name, groups: user.groups };
    const facts = {
      operation,
      kind,
      resource,
      subresource,
      name,
      controller,
      object: shapeOf(object),
      oldObject: shapeOf(oldObject),
    };
    return { ...facts, key: JSON.stringify(facts) };
  },
);

function shapeOf(object: Raw | null): Shape {
  if (object === null) return 'none';
  return isRaw(object.metadata) && namespaceReader(object.metadata, 'namespace') ? 'placed' : 'other';
}

/** A request of which only some parts may be read. Made for each condition, each user and each namespace. */
class AloneRequest implements AdmissionRequest {
  readonly operation: AdmissionRequest['operation'];
  readonly kind: AdmissionRequest['kind'];
  readonly resource: AdmissionRequest['resource'];
  readonly subresource: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly #said: Facts;
  readonly #parts: readonly Part[];
  readonly #origin: Origin;

  constructor(said: Facts, parts: readonly Part[], origin: Origin) {
    this.operation = said.operation;
    this.kind = said.kind;
    this.resource = said.resource;
    this.subresource = said.subresource;
    this.name = said.name;
    this.user = said.controller ?? (parts.includes('user') ? origin.user : NOT_TOLD);
    this.#said = said;
    this.#parts = parts;
    this.#origin = origin;
  }

  get namespace(): string {
    if (!this.#parts.includes('namespace')) throw OTHER_WAYS.namespace;
    return this.#origin.namespace;
  }

  get object(): Raw | null {
    return this.#stand(this.#said.object);
  }

  get oldObject(): Raw | null {
    return this.#stand(this.#said.oldObject);
  }

  /** In the place of an object of which nothing may be read but the namespace that it says it is in. */
  #stand(shape: Shape): Raw | null {
    if (shape === 'none') return null;
    return shape === 'other' ? readsObject() : only('metadata', () => only('namespace', () => this.namespace));
  }
}

const NOT_TOLD: UserInfo = {
  get name(): never {
    throw OTHER_WAYS.user;
  },
  get groups(): never {
    throw OTHER_WAYS.user;
  },
};

const only = (field: string, value: () => unknown): Raw =>
  new Proxy(Object.defineProperty({} as Raw, field, accessor(value)), {
    get: (target, name) => (name === field ? Reflect.get(target, name) : readsObject()),
    has: (target, name) => (name === field ? Reflect.has(target, name) : readsObject()),
    getOwnPropertyDescriptor: (target, name) =>
      name === field ? Reflect.getOwnPropertyDescriptor(target, name) : readsObject(),
    ownKeys: readsObject,
  });
