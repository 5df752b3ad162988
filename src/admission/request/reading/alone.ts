import { oncePerObject } from '../../../world/once.ts';
import { isRaw, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import type { AdmissionRequest } from '../request.ts';
import type { UserInfo } from '../user.ts';
import { accessor, type Inquiry, namespaceReader, type Origin, readerOf } from './reader.ts';

/** Evaluates a part of a policy to a text, for a request of which only some parts may be read. */
export type Alone = (request: AdmissionRequest, world: World) => string;

/**
 * The result of a part of a policy that only depends on the user and the namespace of the request. It is asked as one
 * question, so that users and namespaces with the same result are equivalent, whatever their names. `key` identifies
 * the question, except for what the request itself contains. Undefined where the part also reads the object, or where
 * there is no reader: the part then has to be evaluated with the request itself.
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

/** Thrown where an evaluation reads a part of the request that it may not read. */
class NotAllowed extends Error {
  readonly reading: string;

  constructor(what: Part | 'object') {
    super();
    this.reading = `reads the ${what}`;
  }
}

const NOT_ALLOWED = {
  namespace: new NotAllowed('namespace'),
  user: new NotAllowed('user'),
  object: new NotAllowed('object'),
};
const MORE: ReadonlyMap<string, Part | 'object'> = new Map([
  ...(['namespace', 'user', 'object'] as const).map((each) => [NOT_ALLOWED[each].reading, each] as const),
]);

export const readsObject = (): never => {
  throw NOT_ALLOWED.object;
};

function attempt(said: Facts, parts: readonly Part[], origin: Origin, world: World, evaluate: Alone): string {
  try {
    return evaluate(new AloneRequest(said, parts, origin), world);
  } catch (error) {
    if (error instanceof NotAllowed) return error.reading;
    throw error;
  }
}

/** The facts of a request that are the same for every user and namespace. */
type Facts = Pick<AdmissionRequest, 'operation' | 'kind' | 'resource' | 'subresource' | 'name'> & {
  /** The controller that makes the request, if one does. It is not a user of the question. */
  controller: UserInfo | null;
  object: Shape;
  oldObject: Shape;
  /** A text that identifies all of these facts. */
  key: string;
};

/** Whether there is an object, and whether its metadata has the request's namespace. */
type Shape = 'none' | 'placed' | 'other';

/** Kept for each request, since this is needed for each part of each policy. */
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

/** A request of which only some parts may be read. One is made for each condition, user and namespace. */
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
    if (!this.#parts.includes('namespace')) throw NOT_ALLOWED.namespace;
    return this.#origin.namespace;
  }

  get object(): Raw | null {
    return this.#stand(this.#said.object);
  }

  get oldObject(): Raw | null {
    return this.#stand(this.#said.oldObject);
  }

  /** Stands for an object of which only the namespace in its metadata may be read. */
  #stand(shape: Shape): Raw | null {
    if (shape === 'none') return null;
    return shape === 'other' ? readsObject() : only('metadata', () => only('namespace', () => this.namespace));
  }
}

const NOT_TOLD: UserInfo = {
  get name(): never {
    throw NOT_ALLOWED.user;
  },
  get groups(): never {
    throw NOT_ALLOWED.user;
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
