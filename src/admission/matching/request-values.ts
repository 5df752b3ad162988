import { get } from '../../world/needs.ts';
import { unreadable, type World } from '../../world/world.ts';
import { opaque } from '../cel/evaluation.ts';
import { BuiltMap, CelUnknown, record, type Value } from '../cel/values.ts';
import type { AdmissionRequest } from '../request.ts';

/** What is there when validation looks, though whoever writes the object left it out. */
export function filled({ operation, object, namespace, kind, subresource }: AdmissionRequest): ReadonlyMap<string, Value> {
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
export function requestValue({ operation, kind, resource, subresource, namespace, name, user }: AdmissionRequest): Value {
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
export function namespaceValue({ namespace, kind }: AdmissionRequest, world: World): Value {
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
