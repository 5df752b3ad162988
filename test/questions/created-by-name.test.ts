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
  ['by two bindings', halves(['shop', create, user('jane')], ['shop', patch, user('jane')]), 'shop', ['User/jane shop a']],
  [
    'where she may create anything',
    halves(['shop', create, user('jane')], ['shop', allow('create patch', 'configmaps'), user('jane')]),
    null,
    [],
  ],
  ['by nobody but who may create anything', halves(['shop', allow('create patch', 'configmaps'), user('jane')]), null, []],
  ['by two users', halves(['shop', create, user('jane')], ['shop', patch, user('joe')]), 'shop', []],
  ['in two namespaces', halves(['shop', create, user('jane')], ['ci', patchAll, user('jane')]), null, []],
  ['everywhere and here', halves([null, create, user('jane')], ['shop', patchAll, user('jane')]), null, ['User/jane shop a,b']],
  ['here and everywhere', halves(['shop', create, user('jane')], [null, patchAll, user('jane')]), null, ['User/jane shop a,b']],
  ['of a group that patches', halves(['shop', create, account('ci', 'a')], ['shop', patch, accounts]), 'shop', ['ServiceAccount/a shop a']],
  ['of a group that creates', halves(['shop', create, accounts], ['shop', patch, account('ci', 'a')]), 'shop', ['ServiceAccount/a shop a']],
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
    const claimed = first?.checks().flatMap(({ request }) => (!isUrlRequest(request) && request.name !== '' ? [request] : [])) ?? [];
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
