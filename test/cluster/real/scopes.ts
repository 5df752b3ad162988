import { allow, allowUrls } from '../../helpers/cluster.ts';
import { inShop, MERGE, passes, type RealRequest, refused, SHOP } from '../../helpers/real-requests.ts';

const all = inShop(allow('*', '*', { groups: ['*'] }), allowUrls('*', '*'));
const pods = inShop(allow('list', 'pods'));
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** Cluster-scoped kinds are asked for without a namespace, whatever one may write into a SubjectAccessReview. */
export const scopes: RealRequest[] = [
  refused('no RoleBinding grants a node', all, 'GET /api/v1/nodes/n1', ['get nodes n1'], {
    misleading: 'get nodes n1 in shop',
  }),
  refused('nor the list of nodes', all, 'GET /api/v1/nodes', ['list nodes'], { misleading: 'list nodes in shop' }),
  refused('nor that of namespaces', all, 'GET /api/v1/namespaces', ['list namespaces'], {
    misleading: 'list namespaces in shop',
  }),
  refused('nor a new namespace', all, 'POST /api/v1/namespaces', ['create namespaces'], {
    ...{
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } },
      misleading: 'create namespaces in shop',
    },
  }),
  refused('nor a volume', all, 'DELETE /api/v1/persistentvolumes/v1', ['delete persistentvolumes v1'], {
    misleading: 'delete persistentvolumes v1 in shop',
  }),
  refused(
    'nor a ClusterRole',
    all,
    `GET ${RBAC}/clusterroles/edit`,
    ['get clusterroles.rbac.authorization.k8s.io edit'],
    {
      misleading: 'get clusterroles.rbac.authorization.k8s.io edit in shop',
    },
  ),
  refused('nor a list over all namespaces', all, 'GET /api/v1/pods', ['list pods']),
  refused('nor a URL', all, 'GET /metrics', ['get /metrics']),
  passes('an object of shop', pods, `GET ${SHOP}/pods`, ['list pods in shop']),
  refused('and none of prod', pods, 'GET /api/v1/namespaces/prod/pods', ['list pods in prod']),

  passes('a namespace is asked for in itself', inShop(allow('get', 'namespaces')), `GET ${SHOP}`, [
    'get namespaces shop in shop',
  ]),
  refused('and in no other', inShop(allow('get', 'namespaces')), 'GET /api/v1/namespaces/prod', [
    'get namespaces prod in prod',
  ]),
  passes(
    'its labels can be written through its status',
    ...([
      inShop(allow('patch', 'namespaces/status')),
      `PATCH ${SHOP}/status`,
      ['patch namespaces/status shop in shop'],
    ] as const),
    { body: { metadata: { labels: { a: 'b' } } }, headers: MERGE },
  ),
  passes(
    'the old watch of one namespace is in it too',
    inShop(allow('watch', 'namespaces')),
    'GET /api/v1/watch/namespaces/shop?timeoutSeconds=1',
    ['watch namespaces shop in shop'],
  ),
];
