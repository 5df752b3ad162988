import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, who } from '../../src/questions/index.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, objects, right, rows } from '../helpers/question.ts';

const shop = () =>
  cluster().namespace('shop').namespace('ci').account('ci', 'a').account('ci', 'web').pod('shop', 'web-0');
const RIGHT = allow('create', 'pods/exec');

const yeses: [string, Subject, string[], (builder: ClusterBuilder) => ClusterBuilder][] = [
  [
    'by its own name',
    user('jane'),
    [],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  [
    'by a group that is told',
    user('jane'),
    ['devs'],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('devs')),
  ],
  [
    'as an account of the namespace',
    account('ci', 'a'),
    [],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('system:serviceaccounts:ci')),
  ],
  [
    'as any account',
    account('ci', 'a'),
    [],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('system:serviceaccounts')),
  ],
  [
    'as anybody authenticated',
    user('jane'),
    [],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('system:authenticated')),
  ],
  [
    'spelled as a user',
    account('ci', 'a'),
    [],
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', user('system:serviceaccount:ci:a')),
  ],
  ['as a superuser', group('system:masters'), [], (c) => c],
  ['as a user in system:masters', user('root'), ['system:masters'], (c) => c],
];
for (const [why, subject, subjectGroups, build] of yeses) {
  test(`yes ${why}`, () => {
    const result = answer(exec, objects('shop', 'web-0'), build(shop()).world(), { subject, subjectGroups });
    assert.equal(result.verdict, 'yes');
    assert.deepEqual(
      new Set(result.findings.map((each) => `${each.subject.kind}/${each.subject.name}`)),
      new Set([`${subject.kind}/${subject.name}`]),
    );
  });
}

const misses: [string, Subject, (builder: ClusterBuilder) => ClusterBuilder][] = [
  ['namespace', user('jane'), (c) => c.role('ci', 'r', [RIGHT]).binding('ci', 'b', 'Role/r', user('jane'))],
  [
    'subresource',
    user('jane'),
    (c) => c.role('shop', 'r', [allow('create', 'pods')]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  [
    'star-subresource',
    user('jane'),
    (c) => c.role('shop', 'r', [allow('create', 'pods/*')]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  [
    'name',
    user('jane'),
    (c) =>
      c
        .role('shop', 'r', [allow('create', 'pods/exec', { names: ['other'] })])
        .binding('shop', 'b', 'Role/r', user('jane')),
  ],
  [
    'verb',
    user('jane'),
    (c) => c.role('shop', 'r', [allow('get', 'pods/exec')]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  [
    'api-group',
    user('jane'),
    (c) =>
      c
        .role('shop', 'r', [allow('create', 'pods/exec', { groups: ['apps'] })])
        .binding('shop', 'b', 'Role/r', user('jane')),
  ],
  ['missing-role', user('jane'), (c) => c.binding('shop', 'b', 'Role/gone', user('jane'))],
  [
    'other-account',
    account('ci', 'web'),
    (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', account('dev', 'web')),
  ],
  ['other-kind', user('devs'), (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('devs'))],
];
for (const [miss, subject, build] of misses) {
  test(`no, because of ${miss}`, () => {
    const result = answer(exec, objects('shop', 'web-0'), build(shop()).world(), { subject });
    assert.equal(result.verdict, 'no');
    assert.deepEqual(
      [result.findings, result.nearMisses.map(({ id, verdict }) => [id, verdict])],
      [[], [[`near-miss-${miss}`, 'no']]],
    );
    assert.ok(result.summary.includes(result.nearMisses[0]?.reason ?? 'a reason'));
  });
}

test('two things wrong are no near miss', () => {
  const world = shop()
    .role('ci', 'r', [allow('get', 'pods/exec')])
    .role('shop', 'q', [allowUrls('get', '/x')])
    .binding('ci', 'b', 'Role/r', user('jane'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world, { subject: user('jane') });
  assert.deepEqual(rows(result), []);
  assert.match(result.summary, /no binding grants it/);
});

test('a kubelet may do more than RBAC says', () => {
  assert.equal(
    answer(exec, objects('shop', 'web-0'), shop().world(), { subject: user('system:node:n1') }).verdict,
    'depends',
  );
});

test('the caller has the groups that the server gives it', () => {
  const self = { user: { name: 'me', groups: ['devs'] }, namespace: 'shop', rules: [], incomplete: null };
  const world = cluster({ self })
    .pod('shop', 'web-0')
    .role('shop', 'r', [RIGHT])
    .binding('shop', 'b', 'Role/r', group('devs'))
    .world();
  assert.equal(answer(exec, objects('shop', 'web-0'), world, { subject: user('me') }).verdict, 'yes');
  const other = answer(exec, objects('shop', 'web-0'), world, { subject: user('you') });
  assert.equal(other.verdict, 'no');
  assert.match(other.summary, /as a member of no group: --subject-group adds one/);
});

test("a near miss of its own comes before everybody's", () => {
  const world = shop()
    .role('shop', 'r', [allow('create', 'pods')])
    .binding('shop', 'b', 'Role/r', group('system:authenticated'))
    .role('ci', 'r', [RIGHT])
    .binding('ci', 'b', 'Role/r', user('jane'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world, { subject: user('jane') });
  assert.deepEqual(
    result.nearMisses.map(({ id }) => id),
    ['near-miss-namespace', 'near-miss-subresource'],
  );
  assert.match(result.nearMisses[1]?.reason ?? '', /to Group system:authenticated/);
});

test('where a role could not be read, the evidence is of the subject alone', () => {
  const world = shop()
    .refuse(list('roles'))
    .binding('shop', 'b', 'Role/r', user('joe'), user('jane'), group('devs'))
    .world();
  const ask = (accepted: string) =>
    answer(exec, objects('shop', 'web-0'), world, { subject: user('jane'), accepts: ({ name }) => name === accepted });
  const [row] = ask('joe').findings;
  assert.deepEqual(
    [row?.verdict, row?.accepted, row?.evidence[0]?.grants.map(({ subject }) => subject.name)],
    ['depends', false, ['jane']],
  );
  assert.equal(ask('jane').findings[0]?.accepted, true);
});

test('a subject that is accepted can, and is not said not to', () => {
  const world = shop().role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', user('jane'), group('devs')).world();
  const ask = (subjectGroups: string[], ...accepted: string[]) =>
    answer(exec, objects('shop', 'web-0'), world, {
      ...{ subject: user('jane'), subjectGroups },
      accepts: ({ name }) => accepted.includes(name),
    });
  assert.equal(ask([], 'jane').verdict, 'no');
  assert.match(ask([], 'jane').summary, /^User jane can exec into .* which is accepted$/);
  assert.equal(ask(['devs'], 'devs').verdict, 'yes', 'she holds it herself, too');
  assert.equal(ask(['devs'], 'devs', 'jane').verdict, 'no');
});

test('a near miss is told once, however often its binding names the subject', () => {
  const world = shop()
    .role('shop', 'r', [allow('create', 'pods/*')])
    .binding('shop', 'b', 'Role/r', account(null, 'a'), account('shop', 'a'), account('shop', 'a'))
    .account('shop', 'a')
    .world();
  assert.equal(answer(exec, objects('shop', 'web-0'), world).nearMisses.length, 1);
  assert.equal(answer(exec, objects('shop', 'web-0'), world, { subject: account('shop', 'a') }).nearMisses.length, 1);
});

test('the group of kubelets may do more than RBAC says', () => {
  assert.equal(
    answer(exec, objects('shop', 'web-0'), shop().world(), { subject: group('system:nodes') }).verdict,
    'depends',
  );
});

const outdated: [minor: number, what: string, says: boolean][] = [
  [35, 'create pods/exec', true],
  [34, 'create pods/exec', false],
  [37, 'delete pods/exec', false],
  [37, 'create pods/log', false],
];
for (const [minor, what, says] of outdated) {
  test(`who ${what} at 1.${minor}: get ${says ? 'was' : 'is not said to have been'} enough`, () => {
    const world = cluster({ version: { major: 1, minor } })
      .namespace('shop')
      .role('shop', 'r', [allow('get', 'pods/exec pods/log')])
      .binding('shop', 'b', 'Role/r', user('jane'))
      .world();
    const [row] = answer(who, right(what, 'shop'), world, { subject: user('jane') }).nearMisses;
    assert.equal(row?.id, 'near-miss-verb');
    assert.equal(row?.reason.includes('get was enough'), says);
  });
}

test('a RoleBinding over namespaces grants its own, which a near miss does not deny', () => {
  const world = shop()
    .role('shop', 'r', [allow('list', 'namespaces')])
    .binding('shop', 'b', 'Role/r', user('jane'))
    .world();
  const [row] = answer(who, right('list namespaces'), world, { subject: user('jane') }).nearMisses;
  assert.match(row?.reason ?? '', /no namespace but its own, and none to list/);
});

test('the groups that were taken are repeated, in the first line and for programs', () => {
  const world = shop().role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('ops')).world();
  const ask = (...subjectGroups: string[]) =>
    answer(exec, objects('shop', 'web-0'), world, { subject: user('jane'), subjectGroups });
  const both = ask('dev', 'ops');
  assert.equal(both.summary, 'User jane, in groups dev and ops, can exec into pod shop/web-0');
  assert.deepEqual(both.subject, { kind: 'User', namespace: null, name: 'jane', groups: ['dev', 'ops'] });
  const one = ask('dev,ops');
  assert.match(one.summary, /^User jane, in group dev,ops, cannot exec into/);
  assert.deepEqual(one.subject?.groups, ['dev,ops']);
  assert.match(
    answer(privileged, { subjects: [user('jane')], pods: null, namespace: 'shop' }, world, {
      subjectGroups: ['dev', 'ops'],
    }).summary,
    /^User jane, in groups dev and ops, /,
  );
  assert.equal(answer(exec, objects('shop', 'web-0'), world).subject, undefined, 'everybody is asked about');
  const self = { user: { name: 'me', groups: ['devs'] }, namespace: 'shop', rules: [], incomplete: null };
  const mine = answer(exec, objects('shop', 'web-0'), cluster({ self }).pod('shop', 'web-0').world(), {
    subject: user('me'),
    subjectGroups: ['x'],
  });
  assert.deepEqual(mine.subject?.groups, ['x', 'devs']);
});
