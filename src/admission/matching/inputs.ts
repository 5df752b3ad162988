import { rbacOf } from '../../rbac/rbac-of.ts';
import { identityOf } from '../../rbac/subjects.ts';
import { get, list } from '../../world/needs.ts';
import type { Raw } from '../../world/reduce/raw.ts';
import { unreadable, type World } from '../../world/world.ts';
import { opaque } from '../cel/evaluation.ts';
import type { Expression } from '../cel/expression.ts';
import { type Authority, Authorizer, Resource } from '../cel/functions/authorizers.ts';
import { BuiltMap, CelError, CelUnknown, failure, MapLike, record, type Value } from '../cel/values.ts';
import { viewOf } from '../cel/views.ts';
import type { AdmissionRequest } from '../request.ts';

/** What a policy's expressions see beside the request. */
export interface Extras {
  /** Undefined for a policy without paramKind, whose expressions have no such name; null where the binding names none. */
  params?: Raw | null;
  variables?: ReadonlyMap<string, Expression>;
}

/** Names that some expressions do not have: conditions see no namespace, messages ask no authorizer. */
export interface Without {
  withoutNamespace?: boolean;
  withoutAuthorizer?: boolean;
}

/**
 * The names of one request's expressions, and which paths of its object each evaluation read. What the server fills in after we look (uid,
 * status) is unknown. Mirrors apiserver pkg/admission/plugin/cel/activation.go.
 */
export class Inputs {
  readonly #request: AdmissionRequest;
  readonly #world: World;
  readonly #values = new Map<string, Value | undefined>();
  readonly #variables: ReadonlyMap<string, Expression>;
  readonly #evaluated = new Map<string, { value: Value; reads: ReadonlySet<string> } | null>();
  readonly #extras: Extras;
  #without: Without = {};
  #reads = new Set<string>();

  constructor(request: AdmissionRequest, world: World, extras: Extras = {}) {
    this.#request = request;
    this.#world = world;
    this.#extras = extras;
    this.#variables = extras.variables ?? new Map();
  }

  evaluate(expression: Expression, without: Without = {}): { value: Value; reads: string[] } {
    this.#without = without;
    this.#reads = new Set();
    const value = expression.evaluate((name) => this.#name(name));
    return { value, reads: [...this.#reads] };
  }

  #name(name: string): Value | undefined {
    if (name === 'namespaceObject' && this.#without.withoutNamespace) return null;
    if (name.startsWith('authorizer') && this.#without.withoutAuthorizer) return undefined;
    if (!this.#values.has(name)) this.#values.set(name, this.#make(name));
    return this.#values.get(name);
  }

  #make(name: string): Value | undefined {
    const { object, oldObject } = this.#request;
    switch (name) {
      case 'object':
        return object && viewOf(object, (path) => this.#reads.add(path), filled(this.#request));
      case 'oldObject':
        return oldObject && viewOf(oldObject, ignore);
      case 'request':
        return requestValue(this.#request);
      case 'params':
        return this.#extras.params && viewOf(this.#extras.params, ignore);
      case 'namespaceObject':
        return namespaceValue(this.#request, this.#world);
      case 'authorizer':
        return new Authorizer(authority(this.#request, this.#world));
      case 'authorizer.requestResource':
        return requestResource(this.#request, this.#world);
      case 'variables':
        return this.#variables.size > 0 ? new Variables((variable) => this.#variable(variable), [...this.#variables.keys()]) : undefined;
      default:
        return undefined;
    }
  }

  /** Evaluated at first use; what it read, everybody who uses it read. */
  #variable(name: string): Value | undefined {
    const expression = this.#variables.get(name);
    if (!expression) return undefined;
    const known = this.#evaluated.get(name);
    if (known === null) return opaque(`the variable ${name}`, 'it refers to itself');
    if (known) {
      for (const path of known.reads) this.#reads.add(path);
      return known.value;
    }
    this.#evaluated.set(name, null);
    const outer = this.#reads;
    this.#reads = new Set();
    const value = expression.evaluate((each) => this.#name(each));
    const result =
      value instanceof CelError ? failure(`composited variable ${JSON.stringify(name)} fails to evaluate: ${value.message}`) : value;
    this.#evaluated.set(name, { value: result, reads: this.#reads });
    this.#reads = new Set([...outer, ...this.#reads]);
    return result;
  }
}

class Variables extends MapLike {
  readonly get: (key: Value) => Value | undefined;
  readonly #names: readonly string[];

  constructor(find: (name: string) => Value | undefined, names: readonly string[]) {
    super();
    this.get = (key) => (typeof key === 'string' ? find(key) : undefined);
    this.#names = names;
  }

  keys(): readonly string[] {
    return this.#names;
  }
}

const ignore = (): void => {};

/** What is there when validation looks, though whoever writes the object left it out. */
function filled({ operation, object, namespace, kind, subresource }: AdmissionRequest): ReadonlyMap<string, Value> {
  if (object === null) return new Map();
  const known: [string, Value][] = [
    ['apiVersion', kind.group === '' ? kind.version : `${kind.group}/${kind.version}`],
    ['kind', kind.kind],
  ];
  if (namespace !== '' && kind.kind !== 'Namespace' && operation !== 'CONNECT') known.push(['metadata.namespace', namespace]);
  const isNew = operation === 'CREATE' && subresource === '';
  const unset = isNew ? LATE.map(late) : [];
  return new Map([...known, ...unset]);
}

/** Every new object gets the first four; the others not every kind has. */
const LATE = ['metadata.name', 'metadata.uid', 'metadata.creationTimestamp', 'metadata.managedFields', 'metadata.generation', 'status'];

function late(path: string, index: number): [string, Value] {
  const { unknowns } = opaque(`the object's ${path}`, 'the server fills it in');
  return [path, new CelUnknown(unknowns, index < 4)];
}

/** Mirrors the JSON of k8s.io/api/admission/v1 AdmissionRequest: what is empty is not there. */
function requestValue({ operation, kind, resource, subresource, namespace, name, user }: AdmissionRequest): Value {
  return present({
    kind: record({ ...kind }),
    resource: record({ ...resource }),
    subResource: subresource,
    requestKind: record({ ...kind }),
    requestResource: record({ ...resource }),
    requestSubResource: subresource,
    name,
    namespace,
    operation,
    userInfo: present({
      username: user.name ?? opaque('the name of the user', 'only a group is asked about'),
      groups: user.groups.length > 0 ? user.groups : '',
      uid: opaque('the uid of the user', 'no list shows it'),
      extra: opaque('the extra fields of the user', 'no list shows them'),
    }),
    dryRun: false,
    options: opaque('the options of the request', 'whoever makes the request chooses them'),
  });
}

const present = (fields: Readonly<Record<string, Value>>): BuiltMap =>
  new BuiltMap(Object.entries(fields).filter(([, value]) => value !== ''));

/** Null for what is cluster-scoped, a Namespace included. */
function namespaceValue({ namespace, kind }: AdmissionRequest, world: World): Value {
  if (namespace === '' || (kind.kind === 'Namespace' && kind.group === '')) return null;
  const found = world.find('namespaces', null, namespace);
  if (!found) return new CelUnknown([unreadable(world, get('namespaces', null, namespace), 'what policies decide by the namespace')]);
  const unseen = (field: string) => opaque(`${field} of namespace ${namespace}`, 'it is not read');
  return record({
    metadata: record({
      name: namespace,
      labels: record({ 'kubernetes.io/metadata.name': namespace, ...found.labels }),
      ...Object.fromEntries([...UNSEEN, ...(found.deleting ? ['deletionTimestamp'] : [])].map((field) => [field, unseen(field)])),
    }),
    spec: record({ finalizers: found.deleting ? unseen('finalizers') : ['kubernetes'] }),
    status: record({ phase: found.deleting ? 'Terminating' : 'Active', conditions: unseen('conditions') }),
  });
}

const UNSEEN = ['annotations', 'uid', 'creationTimestamp', 'resourceVersion', 'generation', 'finalizers'];

function authority({ user }: AdmissionRequest, world: World): Authority {
  return authorityOf({ user: user.name, groups: user.groups }, world);
}

function authorityOf(identity: { user: string | null; groups: readonly string[] }, world: World): Authority {
  const known = (allowed: boolean | undefined, namespace: string): boolean | undefined => {
    if (allowed !== false) return allowed;
    const lists = [list('clusterrolebindings'), ...(namespace === '' ? [] : [list('rolebindings', namespace)])];
    // Of a member of a group, more may be known to hold; a list that was not read may hold a grant.
    return identity.user !== null && lists.every((each) => world.isRead(each)) ? false : undefined;
  };
  return {
    mayResource: (check) => known(rbacOf(world).allows(identity, check), check.namespace),
    mayPath: (url, verb) => known(rbacOf(world).allows(identity, { url, verb }), ''),
    as: (namespace, name) => authorityOf(identityOf({ kind: 'ServiceAccount', namespace, name }), world),
  };
}

function requestResource(request: AdmissionRequest, world: World): Value {
  const { resource, subresource, namespace, name } = request;
  return new Resource(authority(request, world), {
    verb: '',
    group: resource.group,
    resource: resource.resource,
    subresource,
    namespace,
    name,
  });
}
