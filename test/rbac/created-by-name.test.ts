import assert from 'node:assert/strict';
import { test } from 'node:test';
import { who } from '../../src/questions/index.ts';
import { isUrlRequest } from '../../src/rbac/request.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { answer, asked, right } from '../helpers/question.ts';

/** Jane and the groups and accounts around her, each with one rule over configmaps named a. */
const halves = (...grants: [where: string | null, rule: Rule, ...subjects: Subject[]][]) => {
  const builder = cluster().namespace('shop').namespace('ci');
  for (const [index, [where, rule, ...subjects]] of grants.entries()) {
    builder.clusterRole(`r${index}`, [rule]);
    if (where === null) builder.clusterBinding(`b${index}`, `ClusterRole/r${index}`, ...subjects);
    else builder.binding(where, `b${index}`, `ClusterRole/r${index}`, ...subjects);
  }
  return builder.world();
};
const create = allow('create', 'configmaps', { names: ['a', 'b'] });
const patch = allow('patch', 'configmaps', { names: ['a'] });
const patchAll = allow('patch', 'configmaps');
const accounts = group('system:serviceaccounts:ci');
const applied: [why: string, ReturnType<typeof halves>, string | null, expected: string[]][] = [
  [
    'by two bindings',
    halves(['shop', create, user('jane')], ['shop', patch, user('jane')]),
    'shop',
    ['User/jane shop a'],
  ],
  [
    'where she may create anything',
    halves(['shop', create, user('jane')], ['shop', allow('create patch', 'configmaps'), user('jane')]),
    null,
    [],
  ],
  [
    'by nobody but who may create anything',
    halves(['shop', allow('create patch', 'configmaps'), user('jane')]),
    null,
    [],
  ],
  ['by two users', halves(['shop', create, user('jane')], ['shop', patch, user('joe')]), 'shop', []],
  ['in two namespaces', halves(['shop', create, user('jane')], ['ci', patchAll, user('jane')]), null, []],
  [
    'everywhere and here',
    halves([null, create, user('jane')], ['shop', patchAll, user('jane')]),
    null,
    ['User/jane shop a,b'],
  ],
  [
    'here and everywhere',
    halves(['shop', create, user('jane')], [null, patchAll, user('jane')]),
    null,
    ['User/jane shop a,b'],
  ],
  [
    'of a group that patches',
    halves(['shop', create, account('ci', 'a')], ['shop', patch, accounts]),
    'shop',
    ['ServiceAccount/a shop a'],
  ],
  [
    'of a group that creates',
    halves(['shop', create, accounts], ['shop', patch, account('ci', 'a')]),
    'shop',
    ['ServiceAccount/a shop a'],
  ],
  [
    'of a group that has both',
    halves(['shop', create, accounts], ['shop', patchAll, accounts, account('ci', 'a')]),
    'shop',
    ['Group/system:serviceaccounts:ci shop a,b'],
  ],
];
for (const [why, world, namespace, expected] of applied) {
  test(`create and patch with names, ${why}: ${expected.join() || 'nobody'}`, () => {
    const [first] = asked(who, right('create configmaps', namespace), world).asked;
    const rows = first?.answer.findings.filter(({ id }) => id === 'right-by-apply') ?? [];
    assert.deepEqual(
      rows.map(({ subject, scope }) => `${subject.kind}/${subject.name} ${scope.namespace} ${scope.names}`),
      expected,
    );
    for (const { evidence } of rows) assert.equal(evidence[0]?.grants.length, 2);
    const claimed =
      first?.checks().flatMap(({ request }) => (!isUrlRequest(request) && request.name !== '' ? [request] : [])) ?? [];
    assert.deepEqual(
      claimed.map(({ verb, namespace, name }) => `${verb} ${name} in ${namespace}`),
      expected.length > 0 ? ['create a in shop', 'patch a in shop'] : [],
    );
  });
}

test('a user whose group is told applies with the rights of both', () => {
  const world = halves(['shop', create, user('jane')], ['shop', patch, group('devs')]);
  const by = (subjectGroups: string[]) =>
    answer(who, right('create configmaps/a', 'shop'), world, { subject: user('jane'), subjectGroups }).verdict;
  assert.deepEqual([by(['devs']), by([])], ['yes', 'no']);
});

const ROLES = { groups: ['rbac.authorization.k8s.io'], names: ['x'] };
const NAMED = { names: ['x'] };
/** What one user holds, and how that is told: in the field of the row, and at the end of the first line. */
const told: [why: string, what: string, rules: Rule[], onlyBy: unknown, says: RegExp][] = [
  [
    'create and patch',
    'configmaps',
    [allow('create patch', 'configmaps', NAMED)],
    ['server-side apply'],
    /only by server-side apply$/,
  ],
  [
    'of a kind that a PUT creates, too',
    'roles.rbac.authorization.k8s.io',
    [allow('create patch', 'roles', ROLES)],
    ['server-side apply'],
    /only by server-side apply$/,
  ],
  [
    'create and update of it',
    'roles.rbac.authorization.k8s.io',
    [allow('create update', 'roles', ROLES)],
    ['PUT'],
    /only by PUT$/,
  ],
  [
    'all three',
    'roles.rbac.authorization.k8s.io',
    [allow('create patch update', 'roles', ROLES)],
    ['server-side apply', 'PUT'],
    /only by server-side apply or PUT$/,
  ],
  [
    'by two rules',
    'pods',
    [allow('create', 'pods', NAMED), allow('patch', 'pods')],
    ['server-side apply'],
    /only by server-side apply$/,
  ],
  ['without a name', 'pods', [allow('create', 'pods')], undefined, /can create pods in namespace shop$/],
  [
    'of a subresource, which a POST names',
    'pods/exec',
    [allow('create', 'pods/exec', NAMED)],
    undefined,
    /can create pods\/exec in .* shop$/,
  ],
  ['of a kind in which names are all', 'pods', [allow('*', 'pods')], undefined, /can create pods in namespace shop$/],
];
for (const [why, what, rules, onlyBy, says] of told) {
  test(`create ${what}, ${why}: ${onlyBy ? `only by ${onlyBy}` : 'by any request'}`, () => {
    const world = cluster()
      .namespace('shop')
      .role('shop', 'r', rules)
      .binding('shop', 'b', 'Role/r', user('jane'))
      .world();
    for (const subject of [user('jane'), null]) {
      const { findings, summary } = answer(who, right(`create ${what}`, 'shop'), world, { subject });
      const row = findings.find((each) => each.subject.name === 'jane');
      assert.deepEqual(row?.onlyBy, onlyBy);
      assert.match(summary, says);
      assert.equal(/only by/.test(row?.reason ?? ''), onlyBy !== undefined);
    }
  });
}

test('the check tries the apply as the subject, where the least object of the kind is known', () => {
  const command = (what: string, ...verbs: string[]) => {
    const rule = allow(verbs.join(' '), what.split('.')[0] ?? '', {
      groups: [what.split('.').slice(1).join('.')],
      names: ['x'],
    });
    const world = cluster()
      .namespace('shop')
      .role('shop', 'r', [rule])
      .binding('shop', 'b', 'Role/r', user('jane'))
      .world();
    return (
      answer(who, right(`create ${what}`, 'shop'), world, { subject: user('jane') }).findings[0]?.evidence[0]
        ?.command ?? ''
    );
  };
  const can = (what: string, verb: string) => `kubectl auth can-i ${verb} ${what}/x -n shop --as=jane`;
  assert.equal(
    command('configmaps', 'create', 'patch'),
    `${can('configmaps', 'create')} && ${can('configmaps', 'patch')} && ` +
      `printf %s '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","namespace":"shop"}}' | ` +
      'kubectl apply --server-side --dry-run=server --as=jane -f -',
  );
  assert.equal(command('pods', 'create', 'patch'), `${can('pods', 'create')} && ${can('pods', 'patch')}`);
  const roles = 'roles.rbac.authorization.k8s.io';
  assert.equal(
    command(roles, 'create', 'update'),
    `${can(roles, 'create')} && ${can(roles, 'update')}`,
    'a PUT is no apply',
  );
});

test('of several holders, those are counted that need an apply', () => {
  const world = halves(
    ['shop', allow('create', 'configmaps'), user('joe'), user('both')],
    ['shop', allow('create patch', 'configmaps', { names: ['a'] }), user('jane'), user('both')],
  );
  const { summary, findings } = answer(who, right('create configmaps', 'shop'), world);
  assert.equal(summary, '3 subjects can create configmaps in namespace shop, 1 of them only by server-side apply');
  assert.deepEqual(
    findings.filter(({ onlyBy }) => onlyBy).map(({ subject }) => subject.name),
    ['jane'],
  );
});

test('who lacks patch is told what would do', () => {
  const world = halves(['shop', create, user('jane')]);
  const { verdict, nearMisses } = answer(who, right('create configmaps', 'shop'), world, { subject: user('jane') });
  assert.equal(verdict, 'no');
  assert.match(nearMisses[0]?.reason ?? '', /but for server-side apply, which needs patch as well$/);
});
