import assert from 'node:assert/strict';
import { test } from 'node:test';
import { who } from '../../src/questions/index.ts';
import type { WhoTarget } from '../../src/questions/targets.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Rule } from '../../src/world/objects.ts';
import { allow, allowUrls, cluster, group, user } from '../helpers/cluster.ts';
import { answer, asked, holders, right } from '../helpers/question.ts';

const RBAC = ['rbac.authorization.k8s.io'];

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
  [right('get /api'), allowUrls('get', '/api/*'), [], 'which does not include the path without its slash'],
  [right('get /healthz'), allowUrls('*', '*'), ['root'], 'a star is every URL'],
  [right('get namespaces/shop', 'ci'), allow('get', 'namespaces'), ['root', 'jane'], 'a Namespace object is in its own namespace'],
  [right('get namespaces/ci', 'shop'), allow('get', 'namespaces'), ['root'], 'and in no other'],
  [right('delete namespaces'), allow('delete', 'namespaces'), ['root', 'jane'], 'limited to its own where none is named'],
  [right('list namespaces', 'shop'), allow('list', 'namespaces'), ['root'], 'a list of namespaces is of the whole cluster'],
  [right('get pods.metrics.k8s.io', 'shop'), allow('get', 'pods'), [], 'another API group'],
  [right('impersonate users'), allow('impersonate', 'users'), ['root'], 'users are cluster-scoped, and in no discovery'],
  [right('impersonate sa/x', 'shop'), allow('impersonate', 'serviceaccounts'), ['root', 'jane'], 'accounts are of a namespace'],
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
    right('approve signers/kubernetes.io/x'),
    allow('approve', 'signers', { groups: ['certificates.k8s.io'] }),
    [],
    'a name with a slash is no name',
  ],
  [right('impersonate:user-info users'), allow('*', 'users'), [], 'constrained impersonation is in authentication.k8s.io'],
  [right('impersonate:user-info users'), allow('*', '*', { groups: ['*'] }), ['root'], 'a star has every verb that there will be'],
  [right('create pods/exec', 'shop'), allow('create', 'pods/exec'), ['root', 'jane'], 'a second part that is a subresource is one'],
  [right('create pods', 'shop', { subresource: 'exec' }), allow('create', 'pods/exec'), ['root', 'jane'], '--subresource says the same'],
  [right('create pods/web/exec', 'shop'), allow('create', 'pods/exec', { names: ['web'] }), ['root', 'jane'], 'as the path has it'],
  [right('get deploy/web', 'shop'), allow('get', 'deployments', { groups: ['apps'] }), ['root', 'jane'], 'short names'],
  [right('create pods/x', 'shop'), allow('create', 'pods', { names: ['x'] }), [], 'create of a collection carries no name'],
  [right('create pods/x', 'shop'), allow('create patch', 'pods', { names: ['x'] }), ['root', 'jane'], 'but server-side apply does'],
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
  [right('list secrets', 'shop'), allow('list', 'secrets', { names: [''] }), ['root', 'jane'], 'the empty name matches what carries none'],
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
    if (target.resource === 'signers/kubernetes.io/x') return assert.throws(() => answer(who, target, both(rule)), /no subresource/);
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
