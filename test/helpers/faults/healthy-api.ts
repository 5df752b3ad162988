import records from '../../../src/cluster/input/demo/objects.json' with { type: 'json' };
import { KINDS, kindOf } from '../../../src/world/kinds.ts';
import { kindOfNeed } from '../../../src/world/needs.ts';
import { isRaw, type Raw } from '../../../src/world/raw.ts';
import { answered, listOf } from '../api-lists.ts';

/** A request as far as an API looks at it. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

/**
 * What an API that is well answers: the example cluster, and whoever holds a right by one object alone. Null: there is
 * no such thing.
 */
export function healthyAnswer(asked: Asked): object | null {
  const { method, path, query, body } = asked;
  if (method === 'POST') return reviewOf(path, asked);
  if (path === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  if (path === '/api' || path === '/apis') return discovery(path === '/api');
  const place = placeOf(path);
  if (!place) return body === undefined ? null : {};
  const { resource, namespace, name } = place;
  const objects = (OBJECTS.get(resource) ?? []).filter(
    ({ metadata }) => namespace === null || metadata.namespace === namespace,
  );
  if (name !== null) return objects.find(({ metadata }) => metadata.name === name) ?? null;
  const selected = objects
    .filter((each) => isSelected(each, query))
    .map(({ apiVersion: _, kind: __, ...item }) => item);
  return { ...listOf('pods', selected), ...TYPES.get(resource) };
}

interface Stored extends Raw {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

function isSelected({ metadata, spec }: Stored, query: URLSearchParams): boolean {
  const [field, value] = query.get('fieldSelector')?.split('=') ?? [];
  if (field === 'metadata.name' && metadata.name !== value) return false;
  if (field === 'spec.nodeName' && !(isRaw(spec) && spec.nodeName === value)) return false;
  const labels = metadata.labels ?? {};
  return (query.get('labelSelector') ?? '').split(',').every((term) => {
    const [key = '', wanted] = term.split('=');
    return key === '' || labels[key] === wanted;
  });
}

function reviewOf(path: string, asked: Asked): object {
  if (path.endsWith('/selfsubjectreviews'))
    return answered(asked, { userInfo: { username: 'olivia', groups: ['system:authenticated'] } });
  return answered(asked, { resourceRules: [], nonResourceRules: [], incomplete: false });
}

/** The kinds that the server has: those of the objects, and those of which there are none. */
const CUSTOM = [
  { group: 'kyverno.io', version: 'v1', resource: 'clusterpolicies', kind: 'ClusterPolicy', namespaced: false },
  { group: 'kyverno.io', version: 'v1', resource: 'policies', kind: 'Policy', namespaced: true },
];
const ADMISSION = [
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
].map((kind) => kindOfNeed({ kind: `${kind}.admissionregistration.k8s.io` }));
const CORE = (['ConfigMap', 'ResourceQuota', 'LimitRange'] as const).map((kind) => kindOfNeed({ kind: `${kind}.` }));
const SERVED = [...Object.values(KINDS), ...ADMISSION, ...CORE, ...CUSTOM];

const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;
const keyOf = (api: { group: string; version: string; resource: string }): string =>
  `${apiVersionOf(api)}/${api.resource}`;

const TYPES = new Map(SERVED.map((api) => [keyOf(api), { kind: `${api.kind}List`, apiVersion: apiVersionOf(api) }]));

/** `/apis/GROUP/VERSION[/namespaces/NAMESPACE]/RESOURCE[/NAME]`. */
function placeOf(path: string): { resource: string; namespace: string | null; name: string | null } | null {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const version = parts[0] === 'api' ? parts[1] : parts.slice(1, 3).join('/');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const isInside = rest[0] === 'namespaces' && rest.length > 2;
  const [resource, name = null] = isInside ? rest.slice(2) : rest;
  const key = `${version}/${resource}`;
  return TYPES.has(key) ? { resource: key, namespace: isInside ? (rest[1] ?? '') : null, name } : null;
}

function discovery(isCore: boolean): object {
  const groups = Map.groupBy(
    SERVED.filter(({ group }) => (group === '') === isCore),
    ({ group }) => group,
  );
  const items = [...groups].map(([name, kinds]) => ({
    metadata: isCore ? {} : { name },
    versions: [...Map.groupBy(kinds, ({ version }) => version)].map(([version, each]) => ({
      version,
      resources: each.map(({ resource, kind, namespaced }) => ({
        ...{
          resource,
          responseKind: { kind },
          singularResource: kind.toLowerCase(),
          verbs: ['get', 'list', 'create', 'delete', 'patch', 'update'],
        },
        scope: namespaced ? 'Namespaced' : 'Cluster',
        ...(resource === 'pods' && {
          subresources: ['exec', 'attach', 'portforward', 'log', 'proxy'].map(subresource),
        }),
        ...(resource === 'nodes' && { subresources: [subresource('proxy')] }),
      })),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

const subresource = (name: string) => ({ subresource: name, verbs: ['get', 'create'] });

const RBAC = 'rbac.authorization.k8s.io';
const role = (namespace: string | null, name: string, ...rules: object[]): Stored => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: namespace === null ? 'ClusterRole' : 'Role' },
  metadata: { name, ...(namespace !== null && { namespace }) },
  rules,
});
const bind = (namespace: string | null, name: string, kind: string, roleName: string, user: string): Stored => ({
  ...{ apiVersion: `${RBAC}/v1`, kind: namespace === null ? 'ClusterRoleBinding' : 'RoleBinding' },
  metadata: { name, ...(namespace !== null && { namespace }) },
  roleRef: { apiGroup: RBAC, kind, name: roleName },
  subjects: [{ kind: 'User', apiGroup: RBAC, name: user }],
});
const EXEC = { apiGroups: [''], resources: ['pods/exec', 'pods/portforward', 'pods/attach'], verbs: ['create'] };
const CREATE = { apiGroups: [''], resources: ['pods'], verbs: ['create'] };
const METRICS = { nonResourceURLs: ['/metrics'], verbs: ['get'] };

/** Whoever holds by one binding, one role, in one place: where one list is not read, all that they hold is in it. */
const SOLE: Stored[] = [
  role(null, 'sole-exec', EXEC),
  bind(null, 'sole-exec', 'ClusterRole', 'sole-exec', 'wide'),
  bind('shop', 'sole-exec-here', 'ClusterRole', 'sole-exec', 'lent'),
  role('shop', 'sole-exec', EXEC),
  bind('shop', 'sole-exec', 'Role', 'sole-exec', 'narrow'),
  role('legacy', 'sole-create', CREATE),
  bind('legacy', 'sole-create', 'Role', 'sole-create', 'maker'),
  role('payments', 'sole-create', CREATE),
  bind('payments', 'sole-create', 'Role', 'sole-create', 'restrained'),
  role(null, 'sole-metrics', METRICS),
  bind(null, 'sole-metrics', 'ClusterRole', 'sole-metrics', 'scraper'),
  role(null, 'sole-nodes', { apiGroups: [''], resources: ['nodes/proxy'], verbs: ['*'] }),
  bind(null, 'sole-nodes', 'ClusterRole', 'sole-nodes', 'noder'),
];

const DEMO = (records as unknown[]).filter((each): each is Stored => isRaw(each) && typeof each.kind === 'string');
const OBJECTS = Map.groupBy([...DEMO, ...SOLE], ({ apiVersion, kind }) => {
  const name = kindOf(apiVersion, kind);
  return name === null ? '' : keyOf(kindOfNeed({ kind: name }));
});
