import assert from 'node:assert/strict';
import { test } from 'node:test';
import { who } from '../../src/questions/index.ts';
import type { WhoTarget } from '../../src/questions/targets.ts';
import { describeNeed, get, list } from '../../src/world/needs.ts';
import type { Rule } from '../../src/world/objects.ts';
import { World } from '../../src/world/world.ts';
import { allow, allowUrls, cluster, group, user } from '../helpers/cluster.ts';
import { answer, asked, holders, OPTIONS, right } from '../helpers/question.ts';
import { main } from '../helpers/run-main.ts';

const RBAC = ['rbac.authorization.k8s.io'];
const SIGNERS = { groups: ['certificates.k8s.io'] };

/** Jane by a RoleBinding in shop, root by a ClusterRoleBinding, both to the same ClusterRole. */
const both = (...rules: Rule[]) =>
  cluster()
    .namespace('shop')
    .namespace('ci')
    .clusterRole('r', rules)
    .binding('shop', 'b', 'ClusterRole/r', user('jane'))
    .clusterBinding('c', 'ClusterRole/r', user('root'))
    .world();

const cases: [WhoTarget, Rule, string[], string][] = [
  [right('get secrets', 'shop'), allow('get', 'secrets'), ['root', 'jane'], 'both bindings count in their namespace'],
  [right('get secrets', 'ci'), allow('get', 'secrets'), ['root'], 'a RoleBinding counts in its own namespace only'],
  [right('get secrets'), allow('get', 'secrets'), ['root', 'jane'], 'in any namespace'],
  [right('get nodes', 'shop'), allow('get', 'nodes'), ['root'], 'a RoleBinding never grants what is cluster-scoped'],
  [right('get persistentvolumes'), allow('get', '*'), ['root'], 'not by a star either'],
  [right('get /metrics', 'shop'), allowUrls('get', '/metrics'), ['root'], 'nor a URL'],
  [right('get /metrics/cadvisor'), allowUrls('get', '/metrics/*'), ['root'], 'a trailing star is a prefix'],
  [right('get /metrics?x=1'), allowUrls('get', '/metrics'), ['root'], 'whatever the query'],
  [right('get /api'), allowUrls('get', '/api/*'), [], 'which does not include the path without its slash'],
  [right('get /healthz'), allowUrls('*', '*'), ['root'], 'a star is every URL'],
  [
    right('get namespaces/shop', 'ci'),
    allow('get', 'namespaces'),
    ['root', 'jane'],
    'a Namespace object is in its own namespace',
  ],
  [right('get namespaces/ci', 'shop'), allow('get', 'namespaces'), ['root'], 'and in no other'],
  [
    right('delete namespaces'),
    allow('delete', 'namespaces'),
    ['root', 'jane'],
    'limited to its own where none is named',
  ],
  [
    right('list namespaces', 'shop'),
    allow('list', 'namespaces'),
    ['root'],
    'a list of namespaces is of the whole cluster',
  ],
  [right('get pods.metrics.k8s.io', 'shop'), allow('get', 'pods'), [], 'another API group'],
  [
    right('impersonate users'),
    allow('impersonate', 'users'),
    ['root'],
    'users are cluster-scoped, and in no discovery',
  ],
  [
    right('impersonate sa/x', 'shop'),
    allow('impersonate', 'serviceaccounts'),
    ['root', 'jane'],
    'accounts are of a namespace',
  ],
  [
    right('bind clusterroles/edit', 'shop'),
    allow('bind', 'clusterroles', { groups: RBAC }),
    ['root', 'jane'],
    'bind is asked in the namespace of the binding',
  ],
  [
    right('escalate clusterroles'),
    allow('escalate', 'clusterroles', { groups: RBAC }),
    ['root'],
    'escalate of a cluster role is cluster-scoped',
  ],
  [
    right('approve signers/a.io/b'),
    allow('approve', 'signers', { ...SIGNERS, names: ['a.io/b'] }),
    ['root'],
    'names of signers hold a slash',
  ],
  [
    right('approve signers', null, { name: 'a.io/b' }),
    allow('approve', 'signers', { ...SIGNERS, names: ['a.io/b'] }),
    ['root'],
    'apart too',
  ],
  [
    right('sign signers/a.io/b'),
    allow('sign', 'signers', { ...SIGNERS, names: ['a.io/*'] }),
    ['root'],
    'or stand for a whole domain',
  ],
  [
    right('sign signers/a.io/b'),
    allow('sign', 'signers', { ...SIGNERS, names: ['a.io/c', 'b.io/*', '*'] }),
    [],
    'but for no other',
  ],
  [
    right('impersonate groups/system:masters'),
    allow('impersonate', 'groups', { names: ['system:masters'] }),
    ['root'],
    'names with a colon',
  ],
  [
    right('impersonate groups/a/b'),
    allow('impersonate', 'groups', { names: ['a/b'] }),
    ['root'],
    'groups with a slash',
  ],
  [
    right('impersonate userextras/a.io/b'),
    allow('impersonate', 'userextras/a.io/b', { groups: ['authentication.k8s.io'] }),
    ['root'],
    'keys of extras with a slash',
  ],
  [right('get *.apps', 'shop'), allow('get', '*', { groups: ['apps'] }), ['root', 'jane'], 'all of a group'],
  [right('get *.apps', 'shop'), allow('get', '*'), [], 'and of no other'],
  [
    right('create */exec', 'shop'),
    allow('create', '*/exec', { groups: ['*'] }),
    ['root', 'jane'],
    'a subresource of all',
  ],
  [
    right('get namespaces', 'ci'),
    allow('get', 'namespaces'),
    ['root', 'jane'],
    'whatever namespace one is in: jane has her own',
  ],
  [
    right('impersonate:user-info users'),
    allow('*', 'users'),
    [],
    'constrained impersonation is in authentication.k8s.io',
  ],
  [
    right('impersonate:user-info users'),
    allow('*', '*', { groups: ['*'] }),
    ['root'],
    'a star has every verb that there will be',
  ],
  [
    right('create pods/exec', 'shop'),
    allow('create', 'pods/exec'),
    ['root', 'jane'],
    'a second part that is a subresource is one',
  ],
  [
    right('create pods', 'shop', { subresource: 'exec' }),
    allow('create', 'pods/exec'),
    ['root', 'jane'],
    '--subresource says the same',
  ],
  [
    right('create pods/web/exec', 'shop'),
    allow('create', 'pods/exec', { names: ['web'] }),
    ['root', 'jane'],
    'as the path has it',
  ],
  [right('get deploy/web', 'shop'), allow('get', 'deployments', { groups: ['apps'] }), ['root', 'jane'], 'short names'],
  [
    right('create pods/x', 'shop'),
    allow('create', 'pods', { names: ['x'] }),
    [],
    'create of a collection carries no name',
  ],
  [
    right('create pods/x', 'shop'),
    allow('create patch', 'pods', { names: ['x'] }),
    ['root', 'jane'],
    'but server-side apply does',
  ],
  [
    right('create leases.coordination.k8s.io/x', 'shop'),
    allow('create update', 'leases', { groups: ['coordination.k8s.io'], names: ['x'] }),
    ['root', 'jane'],
    'and PUT, where it creates',
  ],
  [right('create pods/x', 'shop'), allow('create update', 'pods', { names: ['x'] }), [], 'which it does not for pods'],
  [
    right('list secrets/x', 'shop'),
    allow('list', 'secrets', { names: ['x'] }),
    ['root', 'jane'],
    'a list carries the name of its field selector',
  ],
  [
    right('list secrets', 'shop'),
    allow('list', 'secrets', { names: [''] }),
    ['root', 'jane'],
    'the empty name matches what carries none',
  ],
  [
    right('list secrets/x', 'shop'),
    allow('list', 'secrets', { names: [''] }),
    ['root', 'jane'],
    'and whoever lists all lists this one',
  ],
  [right('get secrets/x', 'shop'), allow('get', 'secrets', { names: [''] }), [], 'but no object is called so'],
  [
    right('deletecollection pods', 'shop'),
    allow('deletecollection', 'pods', { names: ['x'] }),
    [],
    'deletecollection never carries a name',
  ],
  [
    right('get pods/proxy', 'shop', { name: 'web' }),
    allow('get', 'pods/proxy', { names: ['http:web:80'] }),
    ['root', 'jane'],
    'proxies take several spellings',
  ],
];
for (const [target, rule, expected, why] of cases) {
  const what = `${target.verb} ${target.resource ?? target.url}${target.name ? ` ${target.name}` : ''} ${target.namespace ?? '-A'}`;
  const words = `${rule.verbs} ${rule.resources}${rule.nonResourceURLs} ${rule.resourceNames}`;
  test(`${what} with ${words}: ${expected.join(' and ') || 'nobody'}, ${why}`, () => {
    assert.deepEqual(
      holders(answer(who, target, both(rule))),
      expected.map((name) => `User/${name}`),
    );
  });
}

test('without a name, a holder who is limited to names is listed with them', () => {
  const result = answer(who, right('get secrets', 'shop'), both(allow('get', 'secrets', { names: ['db', 'tls'] })));
  assert.deepEqual(
    result.findings.filter(({ accepted }) => !accepted).map(({ subject, scope }) => [subject.name, scope]),
    [
      ['root', { namespace: null, names: ['db', 'tls'] }],
      ['jane', { namespace: 'shop', names: ['db', 'tls'] }],
    ],
  );
});

test('-A has one row a subject and namespace', () => {
  const world = cluster()
    .clusterRole('r', [allow('get', 'secrets')])
    .binding('a', 'b', 'ClusterRole/r', group('devs'))
    .binding('b', 'b', 'ClusterRole/r', group('devs'))
    .binding('b', 'again', 'ClusterRole/r', group('devs'))
    .world();
  const rows = answer(who, right('get secrets'), world).findings.filter(({ accepted }) => !accepted);
  assert.deepEqual(
    rows.map(({ scope, evidence }) => [scope.namespace, evidence[0]?.grants.length]),
    [
      ['a', 1],
      ['b', 2],
    ],
  );
});

const refused: [WhoTarget, RegExp, 1 | 2][] = [
  [right('get /api/v1/namespaces/shop/pods'), /the path of a resource/, 2],
  [right('get /apis/apps/v1/deployments'), /the path of a resource/, 2],
  [right('impersonate users/system:serviceaccount:ci:a'), /say impersonate serviceaccounts\/a -n ci$/, 2],
  [right('get deploymnts.apps', 'shop'), /^error: the server doesn't have a resource type "deploymnts.apps"$/, 1],
  [right('create pods/portforwrd', 'shop'), /no subresource "portforwrd": pods has .*portforward/, 2],
  [right('create pods', 'shop', { subresource: 'nosuch' }), /no subresource "nosuch"/, 2],
  [right('get nosuch', 'shop'), /^error: the server doesn't have a resource type "nosuch"$/, 1],
  [right('get secrets', 'nosuch'), /^Error from server \(NotFound\): namespaces "nosuch" not found$/, 1],
];
for (const [target, message, exitCode] of refused) {
  test(`${target.verb} ${target.resource} in ${target.namespace} is refused: ${message.source}`, () => {
    assert.throws(
      () => answer(who, target, both(allow('get', 'pods'))),
      (error: { message: string; exitCode: number }) => {
        assert.match(error.message, message);
        assert.equal(error.exitCode, exitCode);
        return true;
      },
    );
  });
}

test('a namespace that nothing shows to exist makes a no uncertain', () => {
  const world = cluster()
    .refuse(get('namespaces', null, 'shpo'))
    .refuse(list('namespaces'))
    .world();
  const result = answer(who, right('get secrets', 'shpo'), world);
  assert.equal(result.verdict, 'depends');
  assert.ok(result.unknowns.some(({ what }) => what === 'namespace shpo'));
});

test('an odd verb is answered, with a warning as kubectl gives it', () => {
  assert.deepEqual(asked(who, right('frobnicate pods', 'shop'), both(allow('frobnicate', 'pods'))).warnings, [
    "verb 'frobnicate' is not a known verb",
  ]);
  assert.deepEqual(asked(who, right('escalate roles.rbac.authorization.k8s.io', 'shop'), both()).warnings, []);
});

test('RoleBindings that could not be read leave a cluster-scoped no alone', () => {
  const world = cluster().refuse(list('rolebindings')).world();
  assert.equal(answer(who, right('get nodes'), world).verdict, 'no');
  assert.equal(answer(who, right('get pods'), world).verdict, 'depends');
});

test('an object of one name in any namespace: a row for each that it is in', () => {
  const world = cluster()
    .clusterRole('r', [allow('get', 'secrets')])
    .binding('a', 'b', 'ClusterRole/r', user('jane'))
    .binding('b', 'b', 'ClusterRole/r', user('jane'))
    .world();
  const { target, findings } = answer(who, right('get secrets/db'), world);
  assert.deepEqual(target, { kind: 'Secret', namespace: null, name: 'db' });
  assert.deepEqual(
    findings.filter(({ accepted }) => !accepted).map(({ scope }) => scope.namespace),
    ['a', 'b'],
  );
});

test('the deletion of a collection is of no object', () => {
  const result = asked(who, right('deletecollection pods/x', 'shop'), both(allow('deletecollection', 'pods')));
  assert.equal(result.asked[0]?.answer.target, null);
  assert.match(result.warnings.join(), /carries no name/);
});

test('a Namespace object is asked for where it is, and all of them everywhere', () => {
  const needs = (what: string): string[] => {
    const world = new World(cluster().world().facts);
    return who.needs(right(what, 'shop'), world, OPTIONS).map(describeNeed);
  };
  assert.ok(needs('get namespaces/ci').includes('rolebindings in namespace ci'));
  assert.ok(needs('get namespaces').includes('rolebindings'));
});

const guess = (resource: string) => {
  const world = cluster({ origin: 'file' })
    .namespace('shop')
    .clusterRole('r', [allow('get', 'foos foos/status', { groups: ['example.com'] })])
    .binding('shop', 'b', 'ClusterRole/r', user('jane'))
    .clusterBinding('c', 'ClusterRole/r', user('root'))
    .world();
  return answer(who, right(`get ${resource}`, 'shop'), world);
};
test('of a kind that nothing read defines, a RoleBinding may grant it or not', () => {
  for (const resource of [
    'foos.example.com',
    'foos.example.com/mine',
    'foos.example.com/status',
    'foos.example.com/mine/status',
  ]) {
    const result = guess(resource);
    assert.deepEqual([holders(result), holders(result, 'depends')], [['User/root'], ['User/jane']]);
  }
});

test('a plural name is the resource, before what is called so for short', () => {
  const definition = {
    namespace: null,
    name: 'x',
    group: 'example.com',
    version: 'v1',
    kind: 'Ep',
    singular: 'endpoint',
    plural: 'ep',
  };
  const world = cluster()
    .with('customresourcedefinitions', { ...definition, shortNames: [], namespaced: true, subresources: [] })
    .clusterRole('r', [allow('get', 'ep', { groups: ['example.com'] })])
    .clusterBinding('c', 'ClusterRole/r', user('root'))
    .world();
  assert.deepEqual(holders(answer(who, right('get ep'), world)), ['User/root']);
});

test('what kubelets may do besides is said, where they may', () => {
  const says = (what: string): boolean => {
    const world = cluster()
      .clusterRole('system:node', [allow('get', 'secrets')])
      .world();
    return answer(who, right(what), world).assumptions.some((each) => each.includes('Node authorizer'));
  };
  assert.deepEqual([says('get secrets'), says('list secrets')], [true, false]);
});

test('odd verbs of URLs are answered, with a warning', () => {
  assert.deepEqual(asked(who, right('GET /metrics'), both(allowUrls('GET', '/metrics'))).warnings, [
    "verb 'GET' is not a known verb",
  ]);
  assert.deepEqual(asked(who, right('post /metrics'), both()).warnings, []);
});

const everything: [line: string, first: RegExp][] = [
  ['who * * -A', /can do everything in any namespace\n/],
  ['who * * -n shop', /can do everything in namespace shop\n/],
  ['who * * --subresource=log -A', /can \* \*\.\*\/log in any namespace\n/],
  ['who * */log -A', /can \* \*\.\*\/log in any namespace\n/],
  ['who * * x -n shop', /can \* \* "x" in namespace shop\n/],
  ['who get * -A', /can get \* in any namespace\n/],
  ['who get * --subresource=log -n shop', /can get \*\.\*\/log in namespace shop\n/],
  ['who get * web-0 -n shop', /can get \* "web-0" in namespace shop\n/],
];
for (const [line, first] of everything)
  test(`the first line of ${line} says what was asked, and no more`, async () => {
    const { stdout } = await main(`${line} --direct --demo`);
    assert.match(stdout.slice(0, stdout.indexOf('\n') + 1), first);
  });
