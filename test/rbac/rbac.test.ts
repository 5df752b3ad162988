import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Matches, Rbac } from '../../src/rbac/rbac.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { get, list } from '../../src/world/needs.ts';
import { account, allow, allowUrls, cluster, group, user } from '../helpers/cluster.ts';
import { request } from '../helpers/request.ts';

const jane = identityOf(user('jane'));
const exec = request('create pods/exec in shop');
const may = [allow('create', 'pods/exec')];

/** `binding → role[rule] subject (names)`, a line each. */
const lines = ({ grants }: Matches): string[] =>
  grants.map(
    ({ binding, role, rule, subject, names }) =>
      `${binding.name} → ${role.name}[${rule}] ${subject.name}${names ? ` (${names})` : ''}`,
  );

test('a grant says by which entry of which binding to which rule', () => {
  const world = cluster()
    .role('shop', 'deployer', [allow('get', 'pods'), allow('create', 'pods/exec'), allow('*', '*')])
    .binding('shop', 'ci', 'Role/deployer', group('ops'), user('jane'))
    .world();
  const holders = new Rbac(world).holders({ request: exec });
  assert.deepEqual(lines(holders), ['ci → deployer[1] ops', 'ci → deployer[1] jane']);
  assert.deepEqual(lines(new Rbac(world).grantsOf(jane, { request: exec })), ['ci → deployer[1] jane']);
});

test('a rule without names stands for the role, even after rules with names', () => {
  const limited = allow('create', 'pods/exec', { names: ['web'] });
  const world = cluster()
    .role('shop', 'some', [limited, allow('create', 'pods/exec', { names: ['db', 'web'] })])
    .role('shop', 'all', [limited, ...may])
    .binding('shop', 'b1', 'Role/some', user('jane'))
    .binding('shop', 'b2', 'Role/all', user('jane'))
    .world();
  const rbac = new Rbac(world);
  assert.deepEqual(lines(rbac.holders({ request: exec, names: 'any' })), [
    'b1 → some[0] jane (web)',
    'b1 → some[1] jane (db,web)',
    'b2 → all[1] jane',
  ]);
});

test('an entry that applies twice is shown twice, and a binding of both kinds is found by either', () => {
  const world = cluster()
    .clusterRole('exec', may)
    .clusterBinding('everywhere', 'ClusterRole/exec', group('system:authenticated'))
    .binding('shop', 'here', 'ClusterRole/exec', user('jane'), user('jane'))
    .world();
  assert.deepEqual(lines(new Rbac(world).grantsOf(jane, { request: exec })), [
    'here → exec[0] jane',
    'here → exec[0] jane',
    'everywhere → exec[0] system:authenticated',
  ]);
});

test('with reach anywhere the RoleBindings of every namespace count', () => {
  const world = cluster()
    .clusterRole('exec', may)
    .binding('shop', 'here', 'ClusterRole/exec', user('jane'))
    .binding('prod', 'there', 'ClusterRole/exec', user('jane'))
    .world();
  const rbac = new Rbac(world);
  for (const names of [
    lines(rbac.holders({ request: exec, reach: 'anywhere' })),
    lines(rbac.grantsOf(jane, { request: exec, reach: 'anywhere' })),
  ]) {
    assert.deepEqual(names, ['here → exec[0] jane', 'there → exec[0] jane']);
  }
  assert.deepEqual(lines(rbac.holders({ request: exec })), ['here → exec[0] jane']);
});

test('a binding to a missing role is open, for each of its subjects, and ends nothing', () => {
  const world = cluster()
    .role('shop', 'exec', may)
    .binding('shop', 'dangling', 'Role/ghost', user('jane'), group('ops'))
    .binding('shop', 'works', 'Role/exec', user('jane'))
    .world();
  const { grants, open } = new Rbac(world).holders({ request: exec });
  assert.deepEqual(
    open.map(({ binding, role }) => `${binding.name} ${role}`),
    ['dangling missing', 'dangling missing'],
  );
  assert.equal(grants.length, 1);
});

const refs: [ref: string, namespace: string | null, expected: string, why: string][] = [
  ['Role/exec', 'shop', 'Role of shop', 'a Role is of the namespace of the binding'],
  ['Role/exec', 'prod', 'missing', 'and of no other'],
  ['ClusterRole/exec', 'shop', 'ClusterRole', 'a ClusterRole of the same name is another role'],
  ['ClusterRole/exec', null, 'ClusterRole', 'in a ClusterRoleBinding'],
  ['Role/exec', null, 'missing', 'a ClusterRoleBinding cannot refer to a Role'],
  ['ClusterRole/ghost', null, 'missing', 'all ClusterRoles were read'],
  ['Gadget/exec', 'shop', 'missing', 'a kind that RBAC does not know'],
];

for (const [ref, namespace, expected, why] of refs) {
  test(`roleRef ${ref} in ${namespace ?? 'the cluster'}: ${why}`, () => {
    const builder = cluster().role('shop', 'exec', may).clusterRole('exec', may);
    const world = (
      namespace === null ? builder.clusterBinding('b', ref) : builder.binding(namespace, 'b', ref)
    ).world();
    const [binding] = [...world.list('rolebindings'), ...world.list('clusterrolebindings')];
    assert.ok(binding);
    const role = new Rbac(world).roleOf(binding);
    assert.equal(
      typeof role === 'string' ? role : `${role.kind}${role.namespace ? ` of ${role.namespace}` : ''}`,
      expected,
    );
  });
}

const partial: [why: string, refused: ReturnType<typeof list>[], status: number, allowed: boolean | undefined][] = [
  ['a role that could not be read decides nothing', [list('roles')], 403, undefined],
  ['a role that was asked for and is not there is missing', [list('roles'), get('roles', 'shop', 'exec')], 404, false],
];

for (const [why, refused, status, allowed] of partial) {
  test(`allows: ${why}`, () => {
    const builder = cluster().binding('shop', 'b', 'Role/exec', user('jane'));
    const rbac = new Rbac(
      refused.reduce((story, need) => story.refuse(need, need.name === null ? 403 : status), builder).world(),
    );
    assert.equal(rbac.allows(jane, exec), allowed);
    assert.equal(rbac.allows(identityOf(user('joe')), exec), false, 'nobody else is concerned');
    assert.equal(rbac.allows(jane, request('create pods/exec in prod')), false, 'nor is another namespace');
  });
}

test('another grant allows, whatever cannot be read', () => {
  const world = cluster()
    .refuse(list('roles'))
    .clusterRole('exec', may)
    .binding('shop', 'a', 'Role/secret', user('jane'));
  assert.equal(new Rbac(world.binding('shop', 'b', 'ClusterRole/exec', user('jane')).world()).allows(jane, exec), true);
});

test('system:masters needs no binding, and is no holder', () => {
  const rbac = new Rbac(cluster().world());
  assert.equal(rbac.allows(identityOf(user('root'), ['system:masters']), exec), true);
  assert.equal(rbac.allows(identityOf(user('root'), ['system:masters']), request('get /metrics')), true);
  assert.deepEqual(rbac.holders({ request: exec }), { grants: [], open: [] });
});

test('an entry that applies to nobody is no holder', () => {
  const world = cluster()
    .clusterRole('exec', may)
    .clusterBinding('b', 'ClusterRole/exec', account(null, 'ci'), { kind: 'Robot', namespace: null, name: 'r2' })
    .world();
  assert.deepEqual(new Rbac(world).holders({ request: exec }).grants, []);
});

const origins: [origin: 'live' | 'snapshot' | 'file', filled: boolean, allowed: boolean, why: string][] = [
  ['live', false, false, 'on a cluster only what the controller has filled in counts'],
  ['snapshot', false, false, 'in a snapshot of one too'],
  ['file', false, true, 'in manifests that no controller has seen we fill it in'],
  ['file', true, false, 'but not where it was filled in already'],
];

for (const [origin, filled, allowed, why] of origins) {
  test(`an aggregated role (${origin}${filled ? ', filled' : ''}): ${why}`, () => {
    const selectors = [{ matchLabels: { 'to-sum': 'true' }, matchExpressions: [] }];
    const world = cluster({ origin })
      .clusterRole('part', may, { labels: { 'to-sum': 'true' } })
      .clusterRole('sum', filled ? [allowUrls('get', '/x')] : [], { selectors })
      .clusterBinding('b', 'ClusterRole/sum', user('jane'))
      .world();
    assert.equal(new Rbac(world).allows(jane, exec), allowed);
  });
}

test('a role that could not be understood is unreadable, not missing', () => {
  const world = cluster()
    .binding('shop', 'b', 'Role/odd', user('jane'))
    .clusterBinding('c', 'ClusterRole/odd', user('joe'))
    .world();
  world.addMalformed('roles', 'roles shop/odd', 'verbs is not a list of strings');
  const { open } = new Rbac(world).holders({ request: exec });
  assert.deepEqual(
    open.map(({ subject, role }) => `${subject.name} ${role}`),
    ['joe missing', 'jane unreadable'],
  );
});
