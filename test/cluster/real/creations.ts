import { allow } from '../../helpers/cluster.ts';
import { APPLY, everywhere, passes, type RealRequest, refused, SHOP } from '../../helpers/real-requests.ts';

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `/apis/${GROUP}/v1`;
const role = { apiVersion: `${GROUP}/v1`, rules: [] };
const binding = (kind: string) => ({
  apiVersion: `${GROUP}/v1`,
  roleRef: { apiGroup: GROUP, kind, name: 'empty' },
  subjects: [],
});
const pod = { spec: { containers: [{ name: 'a', image: 'a' }] } };
const deployment = { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, ...pod } };
const token = {
  type: 'kubernetes.io/service-account-token',
  metadata: { annotations: { 'kubernetes.io/service-account.name': 'ci' } },
};

type Kind = [resource: string, group: string, path: string, body: object];

/** Kinds that a PUT of an absent object creates. */
const createdByPut: Kind[] = [
  ['roles', GROUP, `${RBAC}/namespaces/shop`, { kind: 'Role', ...role }],
  ['clusterroles', GROUP, RBAC, { kind: 'ClusterRole', ...role }],
  ['rolebindings', GROUP, `${RBAC}/namespaces/shop`, { kind: 'RoleBinding', ...binding('Role') }],
  ['clusterrolebindings', GROUP, RBAC, { kind: 'ClusterRoleBinding', ...binding('ClusterRole') }],
  [
    'leases',
    'coordination.k8s.io',
    '/apis/coordination.k8s.io/v1/namespaces/shop',
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  ],
  ['endpoints', '', SHOP, { apiVersion: 'v1', kind: 'Endpoints' }],
  ['services', '', SHOP, { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } }],
  ['limitranges', '', SHOP, { apiVersion: 'v1', kind: 'LimitRange', spec: { limits: [] } }],
  [
    'runtimeclasses',
    'node.k8s.io',
    '/apis/node.k8s.io/v1',
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', handler: 'runc' },
  ],
];

/** Kinds that it does not: 404. They are tried first. */
const onlyUpdatedByPut: Kind[] = [
  ['configmaps', '', SHOP, { apiVersion: 'v1', kind: 'ConfigMap' }],
  ['secrets', '', SHOP, { apiVersion: 'v1', kind: 'Secret' }],
  ['serviceaccounts', '', SHOP, { apiVersion: 'v1', kind: 'ServiceAccount' }],
  ['pods', '', SHOP, { apiVersion: 'v1', kind: 'Pod', ...pod }],
  [
    'deployments',
    'apps',
    '/apis/apps/v1/namespaces/shop',
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: deployment },
  ],
];

/** Every kind is created by an apply. */
const createdByApply: Kind[] = [
  ['pods', '', SHOP, { apiVersion: 'v1', kind: 'Pod', ...pod }],
  ['secrets', '', SHOP, { apiVersion: 'v1', kind: 'Secret', ...token }],
  ['serviceaccounts', '', SHOP, { apiVersion: 'v1', kind: 'ServiceAccount' }],
  [
    'deployments',
    'apps',
    '/apis/apps/v1/namespaces/shop',
    { apiVersion: 'apps/v1', kind: 'Deployment', spec: deployment },
  ],
];

const may = (verbs: string, [resource, group]: Kind) =>
  everywhere(allow(verbs, resource, { groups: [group], names: ['new'] }));
const asked = (verb: string, [resource, group, path]: Kind) =>
  `${verb} ${resource}${group ? `.${group}` : ''} new${path.endsWith('/shop') ? ' in shop' : ''}`;
const line = (method: string, [resource, , path]: Kind) => `${method} ${path}/${resource}/new?fieldManager=t`;
const named = ([, , , body]: Kind) => ({
  ...body,
  metadata: { ...('metadata' in body ? (body.metadata as object) : {}), name: 'new' },
});

/** Ways to create an object without a POST: they name it, so that a rule with names is enough. */
export const creations: RealRequest[] = [
  ...onlyUpdatedByPut.map((kind) =>
    passes('a PUT only updates', may('update', kind), line('PUT', kind), [asked('update', kind)], {
      body: named(kind),
    }),
  ),
  ...createdByApply.flatMap((kind) => {
    const needs = [asked('patch', kind), asked('create', kind)];
    const more = { body: named(kind), headers: APPLY };
    return [
      refused('an apply of an absent object needs create', may('patch', kind), line('PATCH', kind), needs, more),
      passes('and patch, both for this name', may('patch create', kind), line('PATCH', kind), needs, more),
    ];
  }),
  ...createdByPut.flatMap((kind) => {
    const needs = [asked('update', kind), asked('create', kind)];
    const more = { body: named(kind) };
    return [
      refused('a PUT of an absent object needs create', may('update', kind), line('PUT', kind), needs, more),
      passes('and update, both for this name', may('update create', kind), line('PUT', kind), needs, more),
    ];
  }),
];
