import { opaque } from '../../cel/evaluation.ts';
import { CelUnknown, MapLike, record, type Value } from '../../cel/values.ts';
import { get } from '../../world/needs.ts';
import type { Labels } from '../../world/objects.ts';
import { unreadable, type World } from '../../world/world.ts';
import { isNamespaced, labelsOfNamespace, namespaceOf } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';

/**
 * The value at a path that the server has filled in before validation, though the author of the object left it out.
 */
export function filled(request: AdmissionRequest, isMutating = false): (path: string) => Value | undefined {
  const { operation, object, kind, subresource } = request;
  if (object === null) return () => undefined;
  const known: [string, Value][] = [
    ['apiVersion', kind.group === '' ? kind.version : `${kind.group}/${kind.version}`],
    ['kind', kind.kind],
  ];
  const fields = isMutating ? EARLY : LATE;
  const isNew = operation === 'CREATE' && subresource === '';
  const values = new Map([...known, ...(isNew ? fields.map(late) : [])]);
  const isPlaced = kind.kind !== 'Namespace' && operation !== 'CONNECT' && isNamespaced(request);
  return (path) => (path === 'metadata.namespace' && isPlaced ? request.namespace : values.get(path));
}

/** Every new object gets the first four; only some kinds have the others. */
const ALWAYS: ReadonlySet<string> = new Set([
  ...['metadata.name', 'metadata.uid', 'metadata.creationTimestamp', 'metadata.managedFields'],
]);
const LATE = [
  'metadata.name',
  'metadata.uid',
  'metadata.creationTimestamp',
  'metadata.managedFields',
  'metadata.generation',
  'status',
];

/** The only fields of these that mutations also see. */
const EARLY = ['metadata.managedFields', 'status'];

function late(path: string): [string, Value] {
  const { unknowns } = opaque(`the object's ${path}`, 'the server fills it in');
  return [path, new CelUnknown(unknowns, ALWAYS.has(path))];
}

/**
 * The request as a value of CEL. Empty fields are absent, and every field is read lazily. Mirrors the JSON of
 * k8s.io/api/admission/v1 AdmissionRequest.
 */
export function requestValue(request: AdmissionRequest): Value {
  const { operation, kind, resource, subresource, name, user } = request;
  return new LazyMap({
    kind: () => record({ ...kind }),
    resource: () => record({ ...resource }),
    subResource: () => present(subresource),
    requestKind: () => record({ ...kind }),
    requestResource: () => record({ ...resource }),
    requestSubResource: () => present(subresource),
    name: () => present(name),
    namespace: () => present(request.namespace),
    operation: () => operation,
    userInfo: () =>
      new LazyMap({
        username: () => present(user.name ?? opaque('the name of the user', 'only a group is asked about')),
        groups: () => (user.groups.length > 0 ? user.groups : undefined),
        uid: () => opaque('the uid of the user', 'no list shows it'),
        extra: () => opaque('the extra fields of the user', 'no list shows them'),
      }),
    dryRun: () => false,
    options: () => opaque('the options of the request', 'whoever makes the request chooses them'),
  });
}

const present = <T extends Value>(value: T): T | undefined => (value === '' ? undefined : value);

/** The namespace of the request as a value of CEL; null for cluster-scoped objects, including a Namespace. */
export function namespaceValue(request: AdmissionRequest, world: World): Value {
  const { kind } = request;
  if ((kind.kind === 'Namespace' && kind.group === '') || !isNamespaced(request)) return null;
  const found = namespaceOf(request, world);
  if (!found)
    return new CelUnknown([
      unreadable(world, get('namespaces', null, request.namespace), 'what policies decide by the namespace'),
    ]);
  const unseen = (field: string) => () => opaque(`${field} of namespace ${request.namespace}`, 'it is not read');
  const gone = unseen('deletionTimestamp');
  const labels = labelsOfNamespace(request, found);
  return new LazyMap({
    metadata: () =>
      new LazyMap({
        name: () => request.namespace,
        labels: () => new TextsMap(labels),
        ...Object.fromEntries(UNSEEN.map((field) => [field, unseen(field)])),
        deletionTimestamp: () => (found.deleting ? gone() : undefined),
      }),
    spec: () => new LazyMap({ finalizers: () => (found.deleting ? unseen('finalizers')() : ['kubernetes']) }),
    status: () =>
      new LazyMap({ phase: () => (found.deleting ? 'Terminating' : 'Active'), conditions: unseen('conditions') }),
  });
}

const UNSEEN = ['annotations', 'uid', 'creationTimestamp', 'resourceVersion', 'generation', 'finalizers'];

/** A map of known fields, each of which is computed at first use. A field whose value is undefined is absent. */
class LazyMap extends MapLike {
  readonly #fields: Readonly<Record<string, () => Value | undefined>>;

  constructor(fields: Readonly<Record<string, () => Value | undefined>>) {
    super();
    this.#fields = fields;
  }

  get(key: Value): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.#fields, key) ? this.#fields[key]?.() : undefined;
  }

  keys(): readonly Value[] {
    return Object.entries(this.#fields).flatMap(([name, value]) => (value() === undefined ? [] : [name]));
  }
}

/** A map of labels, each of which is looked up by itself. */
class TextsMap extends MapLike {
  readonly #texts: Labels;

  constructor(texts: Labels) {
    super();
    this.#texts = texts;
  }

  get(key: Value): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.#texts, key) ? this.#texts[key] : undefined;
  }

  keys(): readonly Value[] {
    return Object.keys(this.#texts);
  }
}
