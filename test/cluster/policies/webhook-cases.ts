import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { random } from '../../helpers/random.ts';

/** A webhook of a generated configuration. */
export interface WebhookCase {
  name: string;
  rules: readonly Raw[];
  failurePolicy: string;
  matchPolicy?: string;
  namespaceSelector?: Raw;
  objectSelector?: Raw;
  conditions: readonly { name: string; expression: string }[];
}

interface Sent {
  method: 'POST' | 'PUT';
  path: string;
  body: Raw;
  kind: readonly [group: string, version: string, kind: string, resource: string];
}

const meta = (name: string, labels: Record<string, string> = {}): Raw => ({ name, labels });
const pod = (path: string, name: string, labels: Record<string, string>): Sent => ({
  ...{ method: 'POST', path: `/api/v1/namespaces/${path}/pods`, kind: ['', 'v1', 'Pod', 'pods'] },
  body: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(name, labels),
    spec: { containers: [{ name: 'app', image: 'app' }] },
  },
});
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app' }] } };

/**
 * What each webhook may see: pods with and without labels, another group, what is cluster-scoped, a Namespace, an
 * update.
 */
export const REQUESTS: readonly Sent[] = [
  pod('a', 'web', { app: 'web', tier: 'front' }),
  pod('b', 'web', { app: 'web' }),
  pod('b', 'bare', {}),
  {
    ...{
      method: 'POST',
      path: '/apis/apps/v1/namespaces/a/deployments',
      kind: ['apps', 'v1', 'Deployment', 'deployments'],
    },
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('web', { app: 'web' }),
      spec: { selector: { matchLabels: { app: 'web' } }, template },
    },
  },
  {
    method: 'POST',
    path: '/api/v1/namespaces',
    kind: ['', 'v1', 'Namespace', 'namespaces'],
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: meta('new', { env: 'prod' }) },
  },
  {
    ...{
      method: 'POST',
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      kind: ['rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles'],
    },
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: meta('new', { app: 'web' }),
      rules: [],
    },
  },
  {
    method: 'PUT',
    path: '/api/v1/namespaces/a/configmaps/there',
    kind: ['', 'v1', 'ConfigMap', 'configmaps'],
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('there', { app: 'new' }) },
  },
];

/** The admission request of what is sent; whoever sends it and the object with its annotation come later. */
export function requestOf({
  method,
  path,
  body,
  kind: [group, version, kind, resource],
}: Sent): Omit<AdmissionRequest, 'user'> {
  const { name } = body.metadata as { name: string };
  const namespace = kind === 'Namespace' ? name : (/\/namespaces\/([^/]+)\//.exec(path)?.[1] ?? '');
  const oldObject = method === 'PUT' ? { ...body, metadata: { name, namespace, labels: { app: 'old' } } } : null;
  return {
    ...{
      operation: method === 'PUT' ? 'UPDATE' : 'CREATE',
      kind: { group, version, kind },
      resource: { group, version, resource },
    },
    ...{ subresource: '', namespace, name, object: body, oldObject },
  };
}

const EVERY = ['pods', 'configmaps', 'namespaces', 'deployments', 'clusterroles'];
const RULES = {
  apiGroups: [['*'], ['*'], ['*'], ['*'], ['', 'apps'], [''], ['apps', 'rbac.authorization.k8s.io'], ['example.com']],
  apiVersions: [['*'], ['*'], ['*'], ['v1'], ['v1'], ['v1beta1', 'v1'], ['v1beta1']],
  operations: [['*'], ['*'], ['CREATE', 'UPDATE'], ['CREATE', 'UPDATE'], ['CREATE'], ['UPDATE'], ['DELETE', 'CONNECT']],
  resources: [
    ['*'],
    ['*/*'],
    ['*', 'pods/exec'],
    EVERY,
    EVERY,
    ['pods'],
    ['pods/*'],
    ['deployments', 'clusterroles'],
    ['*/status'],
    ['namespaces'],
  ],
  scope: ['*', '*', '*', '*', 'Namespaced', 'Cluster'],
};
const expression = (key: string, operator: string, ...values: string[]): Raw => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
});
const NAMESPACES: readonly (Raw | null)[] = [
  null,
  null,
  null,
  null,
  null,
  {},
  { matchLabels: { env: 'prod' } },
  expression('env', 'In', 'dev', 'test'),
  expression('env', 'NotIn', 'prod'),
  expression('team', 'Exists'),
  expression('team', 'DoesNotExist'),
  expression('kubernetes.io/metadata.name', 'NotIn', 'b'),
];
const OBJECTS: readonly (Raw | null)[] = [
  null,
  null,
  null,
  null,
  null,
  {},
  { matchLabels: { app: 'web' } },
  { matchLabels: { app: 'web', tier: 'front' } },
  expression('app', 'In', 'old', 'api'),
  expression('app', 'NotIn', 'web', 'new'),
  expression('tier', 'Exists'),
  expression('app', 'DoesNotExist'),
];
const CONDITIONS: readonly string[] = [
  "request.resource.resource == 'pods'",
  "object.metadata.name.startsWith('w')",
  "request.userInfo.username == 'admin' && 'system:masters' in request.userInfo.groups",
  "object.spec.containers[0].image == 'app'",
  "has(request.namespace) && request.namespace == 'a'",
  "authorizer.group('').resource('secrets').check('get').allowed()",
  "oldObject != null || object.kind == 'Pod'",
  'has(namespaceObject.metadata)',
  "request.operation == 'UPDATE' ? oldObject.metadata.labels.app == 'old' : true",
];

export const cases: readonly WebhookCase[] = generate(170);

function generate(count: number): WebhookCase[] {
  const generator = random(20_261);
  const { pick, chance } = generator;
  return Array.from({ length: count }, (_, index) => {
    // Narrow in one or two of the five, so that each decides.
    const wide: Raw = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], scope: '*' };
    const narrow = (): Raw =>
      Object.fromEntries(
        generator
          .some(Object.entries(RULES), 1, 2)
          .map(([field, choices]) => [field, pick<string | string[]>(choices)]),
      );
    const rule = (): Raw => ({ ...wide, ...narrow() });
    const [namespaceSelector, objectSelector] = [pick(NAMESPACES), pick(OBJECTS)];
    const conditions = chance(0.5) ? [pick(CONDITIONS), pick(CONDITIONS)].slice(0, chance(0.5) ? 1 : 2) : [];
    return {
      name: `x${index}`,
      rules: chance(0.3) ? [rule(), rule()] : [rule()],
      failurePolicy: 'Fail',
      ...(chance(0.3) ? { matchPolicy: 'Exact' } : {}),
      ...(namespaceSelector ? { namespaceSelector } : {}),
      ...(objectSelector ? { objectSelector } : {}),
      conditions: conditions.map((each, at) => ({ name: `c${at}`, expression: each })),
    };
  });
}
