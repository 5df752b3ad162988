import { type Identity, identityOf } from '../../src/rbac/subjects.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, group, user } from './cluster.ts';

/**
 * A small cluster as an API server is given it, in which every question has somebody to find and somebody to leave out.
 * It expects nothing but what a control plane has of its own.
 */
export const storyObjects = (): object[] => [
  ...NAMESPACES.map((name) => core('Namespace', null, name)),
  ...ACCOUNTS.map(([namespace, name]) => core('ServiceAccount', namespace, name)),
  ...['n1', 'n2'].map((name) => core('Node', null, name)),
  ...[
    ['shop', 'web-0', 'n1', 'web'],
    ['shop', 'web-1', 'n2', 'web'],
    ['shop', 'idle', '', 'default'],
    ['ci', 'runner', 'n2', 'runner'],
  ].map(([namespace = '', name = '', nodeName, serviceAccountName]) => ({
    ...core('Pod', namespace, name),
    metadata: { namespace, name, labels: { app: name.split('-')[0] } },
    spec: { ...(nodeName && { nodeName }), serviceAccountName, containers: [{ name: 'app', image: 'app' }] },
  })),
  { ...core('Service', 'shop', 'web'), spec: { ports: [{ port: 80 }], selector: { app: 'web' } } },
  ...GRANTS.flatMap(([where, name, subjects, ...rules]) => [
    role(where, name, rules),
    binding(where, name, `${where === null ? 'ClusterRole' : 'Role'}/${name}`, subjects),
  ]),
  role(null, 'reusable-exec', [allow('create', 'pods/exec')]),
  role(null, 'reusable-nodes', [allow('*', 'nodes/proxy'), allowUrls('get', '/metrics')]),
  ...BINDINGS.map(([where, name, roleRef, ...subjects]) => binding(where, name, roleRef, subjects)),
];

export const NAMESPACES = ['shop', 'ci', 'dev', 'monitoring'] as const;

const ACCOUNTS: [namespace: string, name: string][] = [
  ...NAMESPACES.map((namespace): [string, string] => [namespace, 'default']),
  ['shop', 'web'],
  ['ci', 'web'],
  ['ci', 'runner'],
  ['ci', 'deployer'],
  ['monitoring', 'prometheus'],
];

const rbac = { groups: ['rbac.authorization.k8s.io'] };
const named = (verbs: string, resources: string, ...names: string[]): Rule => allow(verbs, resources, { names });

/** Each a role and the binding of its name: in a namespace, or in the whole cluster (null). */
const GRANTS: [where: string | null, name: string, subjects: Subject[], ...rules: Rule[]][] = [
  ['shop', 'tunnel', [user('jane'), account(null, 'web')], allow('create', 'pods/portforward')],
  ['shop', 'get-is-not-enough', [user('otto')], allow('get', 'pods/portforward pods/exec pods/attach')],
  ['shop', 'one-pod', [user('una')], named('create', 'pods/exec pods/attach pods/portforward', 'web-0')],
  ['shop', 'another-pod', [user('anton')], named('create', 'pods/exec pods/attach pods/portforward', 'web-1')],
  ['shop', 'star-slash', [user('stella')], allow('create', '*/exec */attach')],
  ['shop', 'slash-star', [user('dora')], allow('*', 'pods/*')],
  ['shop', 'no-subresource', [user('peter')], allow('*', 'pods')],
  ['shop', 'other-group', [user('greta')], allow('*', '*', { groups: ['metrics.k8s.io'] })],
  ['shop', 'debuggers', [user('debbie'), group('on-call')], allow('patch', 'pods/ephemeralcontainers')],
  ['shop', 'putters', [user('upton')], allow('update', 'pods/ephemeralcontainers')],
  ['shop', 'everything-here', [user('shopkeeper')], allow('*', '*', { groups: ['*'] })],
  ['ci', 'elsewhere', [user('elsa'), account('ci', 'web')], allow('create', 'pods/exec pods/portforward')],
  ['shop', 'spelled-pod', [user('spence')], named('get', 'pods/proxy', 'https:web-0:8443')],
  ['shop', 'spelled-service', [user('sven')], named('create', 'services/proxy', 'web:80', 'http:other:80')],
  ['shop', 'services', [group('frontend')], allow('get', 'services/proxy')],
  ['shop', 'deleter', [user('delia')], allow('delete', 'pods/proxy')],
  [null, 'kubelet-exec', [account('ci', 'runner')], allow('create', 'nodes/proxy')],
  [null, 'kubelet-get', [account('monitoring', 'prometheus')], allow('get', 'nodes/proxy nodes/metrics')],
  [null, 'kubelet-put', [user('paul')], allow('update patch delete', 'nodes/proxy')],
  [null, 'node-n1', [user('nadia')], named('create get', 'nodes/proxy', 'n1')],
  [null, 'node-n2', [user('nick')], named('create get', 'nodes/proxy', 'n2')],
  [null, 'node-spelled', [user('nils')], named('create get', 'nodes/proxy', 'https:n1:10250')],
  [null, 'node-other-port', [user('nora')], named('create get', 'nodes/proxy', 'n1:8080')],
  [null, 'logs-of-all', [group('system:serviceaccounts:ci')], allow('get', 'pods/log')],
  ['shop', 'logs-of-web-1', [group('system:authenticated')], named('get', 'pods/log', 'web-1')],
  ['shop', 'public', [group('system:unauthenticated'), user('system:anonymous')], allow('get', 'pods/proxy')],
  [
    null,
    'superuser',
    [group('platform'), user('system:serviceaccount:ci:deployer')],
    allow('*', '*', { groups: ['*'] }),
    allowUrls('*', '*'),
  ],
  ['shop', 'secret-reader', [user('sam')], named('get list', 'secrets', 'db', 'tls')],
  ['shop', 'secret-lister', [group('auditors')], allow('list', 'secrets')],
  ['shop', 'empty-name', [user('emily')], named('list create deletecollection get', 'secrets configmaps', '')],
  ['shop', 'applier', [user('apollo')], named('patch create', 'configmaps', 'settings')],
  ['shop', 'named-create', [user('cora')], named('create', 'configmaps roles.rbac.authorization.k8s.io', 'settings')],
  ['shop', 'putter', [user('polly')], allow('create update', 'roles', { ...rbac, names: ['settings'] })],
  ['shop', 'own-namespace', [user('nelly')], allow('get patch list', 'namespaces')],
  ['ci', 'named-namespace', [user('norman')], named('get', 'namespaces', 'shop', 'ci')],
  [null, 'namespaces-by-name', [user('nina')], named('get delete', 'namespaces', 'dev')],
  [null, 'binder', [user('bindy')], allow('bind', 'clusterroles', { ...rbac, names: ['edit'] })],
  ['shop', 'binder', [user('binka')], allow('bind escalate', 'clusterroles roles', rbac)],
  [null, 'impersonator', [user('imogen')], allow('impersonate', 'users groups serviceaccounts')],
  [
    null,
    'extras',
    [user('xenia')],
    allow('impersonate', 'userextras/scopes uids', { groups: ['authentication.k8s.io'] }),
  ],
  [
    null,
    'approver',
    [user('april')],
    allow('approve', 'signers', { groups: ['certificates.k8s.io'], names: ['a.io/b', 'a.io/*'] }),
  ],
  ['shop', 'tokens', [user('toni')], named('create', 'serviceaccounts/token', 'web')],
  ['shop', 'evictor', [user('evita')], allow('create', 'pods/eviction')],
  ['shop', 'scaler', [user('scarlet')], allow('patch', '*/scale', { groups: ['apps'] })],
  [null, 'metrics', [user('mel')], allowUrls('get', '/metrics /logs/*')],
  [null, 'prefix', [user('prue')], allowUrls('get', '/api*')],
  [null, 'inner-star', [user('inga')], allowUrls('get', '/api/*/pods')],
  [null, 'verb-case', [user('carl')], allow('GET', 'secrets')],
  [null, 'node-reader', [user('rhoda')], allow('get list', 'nodes persistentvolumes')],
  [
    'shop',
    'several-words',
    [user('wanda')],
    allow('get', 'deployments statefulsets', { groups: ['apps', 'extensions'] }),
    allow('list watch', 'deployments', { groups: ['apps'] }),
  ],
];

/** Bindings to roles that are there already, or are not. */
const BINDINGS: [where: string | null, name: string, roleRef: string, ...subjects: Subject[]][] = [
  ['shop', 'team', 'ClusterRole/edit', group('team-shop'), user('eddie')],
  ['shop', 'viewers', 'ClusterRole/view', user('vera')],
  [null, 'viewers', 'ClusterRole/view', user('victor')],
  ['dev', 'dev-admins', 'ClusterRole/admin', group('system:serviceaccounts')],
  ['shop', 'reused', 'ClusterRole/reusable-exec', user('rex'), account('dev', 'default')],
  ['shop', 'cluster-scoped-in-a-namespace', 'ClusterRole/reusable-nodes', user('clara')],
  ['shop', 'dangling', 'Role/gone', user('dan')],
  [null, 'dangling', 'ClusterRole/gone', user('dana')],
  ['ci', 'role-of-another-namespace', 'Role/tunnel', user('roland')],
];

/**
 * Everybody of the story and of the control plane itself, as authentication would hand them to the authorizers: users
 * of their own and with groups, accounts, members of each group, anonymous.
 */
export function storyIdentities(): Identity[] {
  const subjects = [...GRANTS.flatMap(([, , listed]) => listed), ...BINDINGS.flatMap(([, , , ...listed]) => listed)];
  const groups = new Set(subjects.filter(({ kind }) => kind === 'Group').map(({ name }) => name));
  const identities = [
    ...subjects.filter(({ kind }) => kind === 'User').map((subject) => identityOf(subject)),
    ...ACCOUNTS.map(([namespace, name]) => identityOf(account(namespace, name))),
    ...[...groups, 'system:masters', 'system:monitoring', 'kubeadm:cluster-admins'].map((name) =>
      identityOf(user('member'), [name]),
    ),
    ...[
      'namespace-controller',
      'generic-garbage-collector',
      'clusterrole-aggregation-controller',
      'expand-controller',
    ].map((name) => identityOf(account('kube-system', name))),
    ...['system:kube-controller-manager', 'system:kube-scheduler', 'system:anonymous', 'passer-by'].map((name) =>
      identityOf(user(name)),
    ),
    identityOf(user('otto'), ['team-shop', 'auditors']),
    identityOf(user('nelly'), ['frontend']),
  ];
  return [...new Map(identities.map((identity) => [JSON.stringify(identity), identity])).values()];
}

const core = (kind: string, namespace: string | null, name: string) => ({
  apiVersion: 'v1',
  kind,
  metadata: metadata(namespace, name),
});

export const role = (where: string | null, name: string, rules: readonly Rule[]) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: where === null ? 'ClusterRole' : 'Role',
  metadata: metadata(where, name),
  rules,
});

/** `roleRef` is spelled `ClusterRole/edit`. */
export function binding(where: string | null, name: string, roleRef: string, subjects: readonly Subject[]) {
  const [kind, roleName] = roleRef.split('/');
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: where === null ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadata(where, name),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName },
    subjects,
  };
}

const metadata = (namespace: string | null, name: string) => (namespace === null ? { name } : { namespace, name });
