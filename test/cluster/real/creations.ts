import type { Rule } from '../../../src/world/objects.ts';
import { allow } from '../../helpers/cluster.ts';
import type { RealRequest } from '../../helpers/real-requests.ts';
import { request } from '../../helpers/request.ts';

const SHOP = '/api/v1/namespaces/shop';
const RBAC_GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${RBAC_GROUP}/v1`;
const APPLY = { 'content-type': 'application/apply-patch+yaml' };

/** Whether PUT of an absent object creates it: then it needs update and create, both named. Elsewhere update alone passes, to a 404. */
const role = { apiVersion: 'rbac.authorization.k8s.io/v1', rules: [] };
const binding = (kind: string) => ({ apiVersion: role.apiVersion, roleRef: { apiGroup: RBAC_GROUP, kind, name: 'empty' }, subjects: [] });
const puts: [resource: string, group: string, creates: boolean, path: string, body: object][] = [
  ['roles', RBAC_GROUP, true, `${RBAC}/namespaces/shop`, { kind: 'Role', ...role }],
  ['clusterroles', RBAC_GROUP, true, RBAC, { kind: 'ClusterRole', ...role }],
  ['rolebindings', RBAC_GROUP, true, `${RBAC}/namespaces/shop`, { kind: 'RoleBinding', ...binding('Role') }],
  ['clusterrolebindings', RBAC_GROUP, true, RBAC, { kind: 'ClusterRoleBinding', ...binding('ClusterRole') }],
  [
    'leases',
    'coordination.k8s.io',
    true,
    '/apis/coordination.k8s.io/v1/namespaces/shop',
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  ],
  ['endpoints', '', true, SHOP, { apiVersion: 'v1', kind: 'Endpoints' }],
  ['services', '', true, SHOP, { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } }],
  ['limitranges', '', true, SHOP, { apiVersion: 'v1', kind: 'LimitRange', spec: { limits: [] } }],
  ['runtimeclasses', 'node.k8s.io', true, '/apis/node.k8s.io/v1', { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', handler: 'runc' }],
  ['configmaps', '', false, SHOP, { apiVersion: 'v1', kind: 'ConfigMap' }],
  ['secrets', '', false, SHOP, { apiVersion: 'v1', kind: 'Secret' }],
  ['serviceaccounts', '', false, SHOP, { apiVersion: 'v1', kind: 'ServiceAccount' }],
  ['pods', '', false, SHOP, { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'a', image: 'a' }] } }],
];

function putsOf([resource, group, creates, path, body]: (typeof puts)[number]): RealRequest[] {
  const asked = (verb: string, name: string) =>
    request(`${verb} ${resource}${group ? `.${group}` : ''}`, { namespace: path.includes('namespaces') ? 'shop' : '', name });
  const put = (name: string, granted: string) => ({
    rules: [allow(granted, resource, { groups: [group], names: [name] })],
    ...{ method: 'PUT', path: `${path}/${resource}/${name}`, body: { ...body, metadata: { name } } },
    needs: [asked('update', name), ...(creates ? [asked('create', name)] : [])],
  });
  return [
    {
      why: creates ? 'create on update, with update and create' : 'no create on update: not found',
      ...put('put-both', 'update create'),
      allowed: true,
    },
    {
      why: creates ? 'create on update needs create' : 'no create on update: not found',
      ...put('put-update', 'update'),
      allowed: !creates,
    },
  ];
}

/** Apply creates objects of every kind. */
const pod = { spec: { containers: [{ name: 'a', image: 'a' }] } };
const applied: [resource: string, group: string, path: string, body: object][] = [
  ['pods', '', SHOP, { apiVersion: 'v1', kind: 'Pod', ...pod }],
  [
    'secrets',
    '',
    SHOP,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { annotations: { 'kubernetes.io/service-account.name': 'ci' } },
    },
  ],
  [
    'deployments',
    'apps',
    '/apis/apps/v1/namespaces/shop',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, ...pod } },
    },
  ],
  ['roles', RBAC_GROUP, `${RBAC}/namespaces/shop`, { kind: 'Role', ...role }],
];

function appliedOf([resource, group, path, body]: (typeof applied)[number]): RealRequest[] {
  const name = 'applied';
  const metadata = { ...('metadata' in body ? (body.metadata as object) : {}), name };
  const needs = ['patch', 'create'].map((verb) => request(`${verb} ${resource}${group ? `.${group}` : ''}`, { name }));
  const rules = (granted: string): Rule[] => [allow(granted, resource, { groups: [group], names: [name] })];
  const made = { method: 'PATCH', path: `${path}/${resource}/${name}?fieldManager=t`, headers: APPLY, body: { ...body, metadata }, needs };
  return [
    { why: 'patch alone applies nothing new', rules: rules('patch'), ...made, allowed: false },
    { why: 'patch and create for this name do', rules: rules('patch create'), ...made, allowed: true },
  ];
}

/** Ways to create an object without a POST. */
export const creations: readonly RealRequest[] = [...puts.flatMap(putsOf), ...applied.flatMap(appliedOf)];
