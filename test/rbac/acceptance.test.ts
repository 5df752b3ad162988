import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NameMode } from '../../src/rbac/match.ts';
import { Rbac, type Reach } from '../../src/rbac/rbac.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { list } from '../../src/world/needs.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { request } from '../helpers/request.ts';

/** Answers that other tools get wrong: who holds a right. */
const jane = user('jane');
const joe = user('joe');

/** jane alone holds these rules: in the whole cluster, or in shop. */
const everywhere = (...rules: Rule[]) => cluster().clusterRole('r', rules).clusterBinding('b', 'ClusterRole/r', jane);
const inShop = (...rules: Rule[]) => cluster().clusterRole('r', rules).binding('shop', 'b', 'ClusterRole/r', jane);
/** These may get pods, in the whole cluster or in shop. */
const readers = (...subjects: Subject[]) =>
  cluster()
    .clusterRole('r', [pods])
    .clusterBinding('b', 'ClusterRole/r', ...subjects);
const readersInShop = (...subjects: Subject[]) =>
  cluster()
    .clusterRole('r', [pods])
    .binding('shop', 'b', 'ClusterRole/r', ...subjects);

const pods = allow('get', 'pods');
const secret = (verb: string, name: string) => allow(verb, 'secrets', { names: [name] });
const inGroup = (verb: string, resource: string, group: string) => allow(verb, resource, { groups: [group] });
const roles = cluster().role('shop', 'r', [pods]).clusterRole('r', []);
const elsewhere = cluster().role('prod', 'r', [pods]);
const RBAC = 'rbac.authorization.k8s.io';

const cases: [
  trap: string,
  story: ClusterBuilder,
  asked: string,
  holders: string,
  how?: { names?: NameMode; reach?: Reach },
][] = [
  [
    'with -A the bindings of every namespace count',
    inShop(pods).binding('prod', 'b', 'ClusterRole/r', joe),
    'get pods',
    'jane joe',
    { reach: 'anywhere' },
  ],
  [
    '*/portforward matches',
    everywhere(allow('create', '*/portforward')),
    'create pods/portforward web in shop',
    'jane',
  ],
  ['*/exec matches', inShop(allow('create', '*/exec')), 'create pods/exec web in shop', 'jane'],
  ['URL * matches', everywhere(allowUrls('get', '*')), 'get /metrics', 'jane'],
  ['URL /x/* matches', everywhere(allowUrls('get', '/debug/*')), 'get /debug/pprof/heap', 'jane'],
  ['URLs are granted by ClusterRoleBindings alone', inShop(allowUrls('get', '*')), 'get /metrics', ''],
  [
    'pods of the metrics API are not pods',
    everywhere(inGroup('get', 'pods', 'metrics.k8s.io')),
    'get pods web in shop',
    '',
  ],
  ['and pods are not those of the metrics API', everywhere(pods), 'get pods.metrics.k8s.io web in shop', ''],
  [
    'a holder for some names is told with them',
    everywhere(secret('get', 'db')),
    'get secrets in shop',
    'jane(db)',
    { names: 'any' },
  ],
  ['and holds nothing for others', everywhere(secret('get', 'db')), 'get secrets web in shop', ''],
  [
    'the deletion of a collection has no name',
    inShop(secret('deletecollection', 'db')),
    'deletecollection secrets in shop',
    '',
    { names: 'any' },
  ],
  ['nor has a list without a field selector', everywhere(secret('list', 'db')), 'list secrets in shop', ''],
  ['nor a creation by POST', everywhere(secret('create', 'db')), 'create secrets in shop', ''],
  [
    'but a subresource has',
    everywhere(allow('create', 'pods/exec', { names: ['web'] })),
    'create pods/exec web in shop',
    'jane(web)',
  ],
  ['a RoleBinding never grants nodes', inShop(allow('get', 'nodes')), 'get nodes n1', ''],
  ['nor volumes', inShop(allow('*', '*')), 'delete persistentvolumes v1', ''],
  ['nor the list of all namespaces', inShop(allow('*', '*')), 'list namespaces', ''],
  ['but the namespace that it is in', inShop(allow('get', 'namespaces')), 'get namespaces shop in shop', 'jane'],
  ['and no other', inShop(allow('get', 'namespaces')), 'get namespaces prod in prod', ''],
  [
    'a Role is not the ClusterRole of its name',
    roles.binding('shop', 'b', 'ClusterRole/r', jane),
    'get pods web in shop',
    '',
  ],
  ['nor the Role of its name elsewhere', elsewhere.binding('shop', 'b', 'Role/r', jane), 'get pods web in shop', ''],
  [
    'user, group and account of one name are three',
    readersInShop(jane, group('jane'), account('ci', 'jane')),
    'get pods in shop',
    'jane group:jane ci/jane',
  ],
  [
    "an account without a namespace is of the binding's",
    readersInShop(account(null, 'ci')),
    'get pods in shop',
    'shop/ci',
  ],
  ['and nobody in a ClusterRoleBinding', readers(account(null, 'ci')), 'get pods in shop', ''],
  [
    'subjects of mixed kinds are read to the end',
    readers(group('a'), account('shop', 'b'), jane),
    'get pods in shop',
    'group:a shop/b jane',
  ],
  [
    'the group of everybody is a holder like any',
    readers(group('system:authenticated')),
    'get pods in shop',
    'group:system:authenticated',
  ],
  [
    'that of nobody in particular too',
    readers(group('system:unauthenticated')),
    'get pods in shop',
    'group:system:unauthenticated',
  ],
  ['verbs * on one subresource matches', everywhere(allow('*', 'pods/exec')), 'create pods/exec web in shop', 'jane'],
  [
    'escalate is a verb',
    everywhere(inGroup('escalate', 'clusterroles', RBAC)),
    `escalate clusterroles.${RBAC} edit`,
    'jane',
  ],
  ['bind too', inShop(inGroup('bind', 'roles', RBAC)), `bind roles.${RBAC} edit in shop`, 'jane'],
  ['resources need not exist', everywhere(allow('impersonate', 'groups')), 'impersonate groups system:masters', 'jane'],
  [
    'constrained impersonation has verbs of its own',
    everywhere(inGroup('impersonate', 'users', '*')),
    'impersonate:user-info users.authentication.k8s.io joe',
    '',
  ],
  ['* in resourceNames is a name', everywhere(secret('get', '*')), 'get secrets db in shop', ''],
  ['pods/* is no wildcard', everywhere(allow('create', 'pods/*')), 'create pods/exec web in shop', ''],
  ['nor is */*', everywhere(allow('create', '*/*')), 'create pods/exec web in shop', ''],
  [
    'the core group is spelled as the empty string',
    everywhere(inGroup('get', 'pods', 'core'), inGroup('get', 'pods', 'v1')),
    'get pods in shop',
    '',
  ],
  [
    'other groups without their version',
    everywhere(inGroup('get', 'deployments', 'apps/v1')),
    'get deployments.apps in shop',
    '',
  ],
  [
    'rules that stand apart do not mix',
    everywhere(inGroup('get', 'deployments', 'apps'), allow('delete', 'pods')),
    'delete deployments.apps in shop',
    '',
  ],
];

for (const [trap, story, asked, expected, how = {}] of cases) {
  test(trap, () => {
    const { grants } = new Rbac(story.world()).holders({ request: request(asked), ...how });
    const holders = grants.map(
      ({ subject, binding, names }) => spell(subject, binding.namespace) + (names ? `(${names})` : ''),
    );
    assert.equal(holders.join(' '), expected);
  });
}

function spell({ kind, namespace, name }: Subject, binding: string | null): string {
  if (kind === 'ServiceAccount') return `${namespace ?? binding}/${name}`;
  return kind === 'Group' ? `group:${name}` : name;
}

test('a star as a user is a name', () => {
  const world = cluster()
    .clusterRole('r', [allow('*', '*')])
    .clusterBinding('b', 'ClusterRole/r', user('*'))
    .world();
  assert.equal(new Rbac(world).allows(identityOf(jane), request('get pods in shop')), false);
});

for (const name of ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop']) {
  test(`an account inherits what ${name} may`, () => {
    const world = cluster()
      .clusterRole('r', [allow('get', 'pods')])
      .clusterBinding('b', 'ClusterRole/r', group(name))
      .world();
    assert.equal(new Rbac(world).allows(identityOf(account('shop', 'ci')), request('get pods in shop')), true);
  });
}

test('rights of one subject are joined over all its roles and bindings', () => {
  const world = cluster()
    .role('shop', 'create', [allow('create', 'pods')])
    .clusterRole('exec', [allow('create', 'pods/exec')])
    .binding('shop', 'b1', 'Role/create', account('shop', 'ci'))
    .clusterBinding('b2', 'ClusterRole/exec', group('system:serviceaccounts:shop'))
    .world();
  const rbac = new Rbac(world);
  for (const asked of ['create pods in shop', 'create pods/exec web in shop'])
    assert.equal(rbac.allows(identityOf(account('shop', 'ci')), request(asked)), true);
});

test('several rights of one rule are all found', () => {
  const rbac = new Rbac(everywhere(allow('create get', 'pods/exec secrets')).world());
  for (const asked of ['create pods/exec web in shop', 'get pods/exec web in shop', 'get secrets', 'create secrets']) {
    assert.equal(rbac.holders({ request: request(asked) }).grants.length, 1);
  }
});

test('what could not be read is not a no', () => {
  const world = cluster().refuse(list('clusterroles')).clusterBinding('b', 'ClusterRole/r', jane).world();
  const rbac = new Rbac(world);
  assert.equal(rbac.allows(identityOf(jane), request('get pods in shop')), undefined);
  assert.deepEqual(
    rbac.holders({ request: request('get pods in shop') }).open.map(({ role }) => role),
    ['unreadable'],
  );
});

test('a missing role is told, and the next binding is read', () => {
  const world = cluster()
    .role('shop', 'r', [allow('get', 'pods')])
    .binding('shop', 'a', 'Role/ghost', jane)
    .binding('shop', 'b', 'Role/r', jane)
    .world();
  const { grants, open } = new Rbac(world).grantsOf(identityOf(jane), { request: request('get pods in shop') });
  assert.deepEqual(
    [grants.length, open.map(({ binding, role }) => `${binding.roleRef.name} ${role}`)],
    [1, ['ghost missing']],
  );
});
