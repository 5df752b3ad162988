import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NameMode } from '../../src/rbac/match.ts';
import { Rbac, type Reach } from '../../src/rbac/rbac.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { list } from '../../src/world/needs.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { request } from '../helpers/request.ts';

/** Answers that other tools get wrong: who holds a right, as `User jane`, `ServiceAccount shop/ci (only web)`. */
const jane = user('jane');
const apps = { groups: ['apps'] };
const roles = { groups: ['rbac.authorization.k8s.io'] };

/** jane alone holds these rules: in the whole cluster, or in shop. */
const everywhere = (...rules: Rule[]) => cluster().clusterRole('r', rules).clusterBinding('b', 'ClusterRole/r', jane);
const inShop = (...rules: Rule[]) => cluster().clusterRole('r', rules).binding('shop', 'b', 'ClusterRole/r', jane);

interface Asked {
  namespace?: string;
  name?: string;
  names?: NameMode;
  reach?: Reach;
}

const cases: [trap: string, story: ClusterBuilder, asked: string, how: Asked, holders: string[]][] = [
  [
    'the bindings of every namespace count for -A',
    inShop(allow('get', 'pods')).binding('prod', 'b', 'ClusterRole/r', user('joe')),
    'get pods',
    { reach: 'anywhere' },
    ['User jane', 'User joe'],
  ],
  ['*/portforward matches', everywhere(allow('create', '*/portforward')), 'create pods/portforward', {}, ['User jane']],
  ['*/exec matches', everywhere(allow('create', '*/exec')), 'create pods/exec', {}, ['User jane']],
  ['URL * matches', everywhere(allowUrls('get', '*')), 'get /metrics', {}, ['User jane']],
  ['URL /x/* matches', everywhere(allowUrls('get', '/debug/*')), 'get /debug/pprof/heap', {}, ['User jane']],
  ['URLs are granted by ClusterRoleBindings alone', inShop(allowUrls('get', '*')), 'get /metrics', {}, []],
  ['pods of the metrics API are not pods', everywhere(allow('get', 'pods', { groups: ['metrics.k8s.io'] })), 'get pods', {}, []],
  ['and pods are not those of the metrics API', everywhere(allow('get', 'pods')), 'get pods.metrics.k8s.io', {}, []],
  [
    'a holder for some names is named with them',
    everywhere(allow('get', 'secrets', { names: ['db'] })),
    'get secrets',
    { names: 'any' },
    ['User jane (only db)'],
  ],
  [
    'and does not hold the right for other names',
    everywhere(allow('get', 'secrets', { names: ['db'] })),
    'get secrets',
    { name: 'web' },
    [],
  ],
  [
    'no name limits the deletion of a collection',
    everywhere(allow('deletecollection', 'secrets', { names: ['db'] })),
    'deletecollection secrets',
    { names: 'any' },
    [],
  ],
  ['nor a list without a field selector', everywhere(allow('list', 'secrets', { names: ['db'] })), 'list secrets', {}, []],
  ['nor the creation of an object by POST', everywhere(allow('create', 'secrets', { names: ['db'] })), 'create secrets', {}, []],
  [
    'but the creation of a subresource',
    everywhere(allow('create', 'pods/exec', { names: ['web'] })),
    'create pods/exec',
    { name: 'web' },
    ['User jane (only web)'],
  ],
  ['a RoleBinding never grants nodes', inShop(allow('get', 'nodes')), 'get nodes', { namespace: '' }, []],
  ['nor volumes', inShop(allow('*', '*')), 'delete persistentvolumes', { namespace: '' }, []],
  ['nor the list of all namespaces', inShop(allow('*', '*')), 'list namespaces', { namespace: '' }, []],
  [
    'but the one namespace that it is in',
    inShop(allow('get', 'namespaces')),
    'get namespaces',
    { namespace: 'shop', name: 'shop' },
    ['User jane'],
  ],
  ['and no other', inShop(allow('get', 'namespaces')), 'get namespaces', { namespace: 'prod', name: 'prod' }, []],
  [
    'a Role is not the ClusterRole of its name',
    cluster()
      .role('shop', 'r', [allow('get', 'pods')])
      .clusterRole('r', [])
      .binding('shop', 'b', 'ClusterRole/r', jane),
    'get pods',
    {},
    [],
  ],
  [
    'nor the Role of its name in another namespace',
    cluster()
      .role('prod', 'r', [allow('get', 'pods')])
      .binding('shop', 'b', 'Role/r', jane),
    'get pods',
    {},
    [],
  ],
  [
    'user, group and account of one name are three',
    everywhere(allow('get', 'pods')).binding('shop', 'b', 'ClusterRole/r', group('jane'), account('shop', 'jane')),
    'get pods',
    {},
    ['User jane', 'Group jane', 'ServiceAccount shop/jane'],
  ],
  [
    'an account without a namespace is of the namespace of the binding',
    inShop(allow('get', 'pods')).binding('shop', 'c', 'ClusterRole/r', account(null, 'ci')),
    'get pods',
    {},
    ['User jane', 'ServiceAccount shop/ci'],
  ],
  [
    'and nobody in a ClusterRoleBinding',
    cluster()
      .clusterRole('r', [allow('get', 'pods')])
      .clusterBinding('b', 'ClusterRole/r', account(null, 'ci')),
    'get pods',
    {},
    [],
  ],
  [
    'subjects of mixed kinds are read to the end',
    cluster()
      .clusterRole('r', [allow('get', 'pods')])
      .clusterBinding('b', 'ClusterRole/r', group('a'), account('shop', 'b'), user('c')),
    'get pods',
    {},
    ['Group a', 'ServiceAccount shop/b', 'User c'],
  ],
  [
    'groups that everybody is in are holders like any',
    cluster()
      .clusterRole('r', [allow('get', 'pods')])
      .clusterBinding('b', 'ClusterRole/r', group('system:unauthenticated'), group('system:authenticated'), user('system:anonymous')),
    'get pods',
    {},
    ['Group system:unauthenticated', 'Group system:authenticated', 'User system:anonymous'],
  ],
  ['verbs * on one subresource matches', everywhere(allow('*', 'pods/exec')), 'create pods/exec', {}, ['User jane']],
  [
    'escalate is a verb',
    everywhere(allow('escalate', 'clusterroles', roles)),
    'escalate clusterroles.rbac.authorization.k8s.io',
    { namespace: '' },
    ['User jane'],
  ],
  [
    'impersonate is a verb on resources that do not exist',
    everywhere(allow('impersonate', 'groups')),
    'impersonate groups',
    { namespace: '', name: 'system:masters' },
    ['User jane'],
  ],
  [
    'constrained impersonation has verbs of its own',
    everywhere(allow('impersonate', 'users', { groups: ['*'] })),
    'impersonate:user-info users.authentication.k8s.io',
    { namespace: '' },
    [],
  ],
  ['* in resourceNames is a name', everywhere(allow('get', 'secrets', { names: ['*'] })), 'get secrets', { name: 'db' }, []],
  ['pods/* is no wildcard', everywhere(allow('create', 'pods/*')), 'create pods/exec', {}, []],
  ['*/* is none either', everywhere(allow('create', '*/*')), 'create pods/exec', {}, []],
  ['the core group is spelled as the empty string', everywhere(allow('get', 'pods', { groups: ['core', 'v1'] })), 'get pods', {}, []],
  [
    'other groups are spelled without their version',
    everywhere(allow('get', 'deployments', { groups: ['apps/v1'] })),
    'get deployments.apps',
    {},
    [],
  ],
  [
    'rules that stand apart do not mix',
    everywhere(allow('get', 'deployments', apps), allow('delete', 'pods')),
    'delete deployments.apps',
    {},
    [],
  ],
];

for (const [trap, story, asked, { names, reach, ...where }, expected] of cases) {
  test(trap, () => {
    const query = { request: request(asked, where), ...(names ? { names } : {}), ...(reach ? { reach } : {}) };
    const { grants } = new Rbac(story.world()).holders(query);
    const holders = grants.map(
      ({ subject, binding, names: only }) => `${nameOf(subject, binding.namespace)}${only ? ` (only ${only})` : ''}`,
    );
    assert.deepEqual(holders.sort(), expected.sort());
  });
}

const nameOf = ({ kind, namespace, name }: Subject, binding: string | null) =>
  kind === 'ServiceAccount' ? `${kind} ${namespace ?? binding}/${name}` : `${kind} ${name}`;

test('a star as a user is a name', () => {
  const world = cluster()
    .clusterRole('r', [allow('*', '*')])
    .clusterBinding('b', 'ClusterRole/r', user('*'))
    .world();
  assert.equal(new Rbac(world).allows(identityOf(jane), request('get pods')), false);
});

for (const name of ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop']) {
  test(`an account inherits what ${name} may`, () => {
    const world = cluster()
      .clusterRole('r', [allow('get', 'pods')])
      .clusterBinding('b', 'ClusterRole/r', group(name))
      .world();
    assert.equal(new Rbac(world).allows(identityOf(account('shop', 'ci')), request('get pods')), true);
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
  for (const asked of ['create pods', 'create pods/exec'])
    assert.equal(rbac.allows(identityOf(account('shop', 'ci')), request(asked)), true);
});

test('several rights of one rule are all found', () => {
  const rbac = new Rbac(everywhere(allow('create get', 'pods/exec secrets')).world());
  for (const asked of ['create pods/exec', 'get pods/exec', 'get secrets', 'create secrets']) {
    assert.equal(rbac.holders({ request: request(asked) }).grants.length, 1);
  }
});

test('what could not be read is not a no', () => {
  const world = cluster().refuse(list('clusterroles')).clusterBinding('b', 'ClusterRole/r', jane).world();
  const rbac = new Rbac(world);
  assert.equal(rbac.allows(identityOf(jane), request('get pods')), undefined);
  assert.deepEqual(
    rbac.holders({ request: request('get pods') }).open.map(({ role }) => role),
    ['unreadable'],
  );
});

test('a missing role is told, and the next binding is read', () => {
  const world = cluster()
    .role('shop', 'r', [allow('get', 'pods')])
    .binding('shop', 'a', 'Role/ghost', jane)
    .binding('shop', 'b', 'Role/r', jane)
    .world();
  const { grants, open } = new Rbac(world).grantsOf(identityOf(jane), { request: request('get pods') });
  assert.deepEqual([grants.length, open.map(({ binding, role }) => `${binding.roleRef.name} ${role}`)], [1, ['ghost missing']]);
});
