import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec } from '../../src/questions/index.ts';
import type { Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';

const shop = () => cluster().namespace('shop').pod('shop', 'web-0');
const RIGHT = allow('create', 'pods/exec');

const yeses: [string, Subject, string[], (builder: ClusterBuilder) => ClusterBuilder][] = [
  ['by its own name', user('jane'), [], (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', user('jane'))],
  ['by a group that is told', user('jane'), ['devs'], (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('devs'))],
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
  ['subresource', user('jane'), (c) => c.role('shop', 'r', [allow('create', 'pods')]).binding('shop', 'b', 'Role/r', user('jane'))],
  ['star-subresource', user('jane'), (c) => c.role('shop', 'r', [allow('create', 'pods/*')]).binding('shop', 'b', 'Role/r', user('jane'))],
  [
    'name',
    user('jane'),
    (c) => c.role('shop', 'r', [allow('create', 'pods/exec', { names: ['other'] })]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  ['verb', user('jane'), (c) => c.role('shop', 'r', [allow('get', 'pods/exec')]).binding('shop', 'b', 'Role/r', user('jane'))],
  [
    'api-group',
    user('jane'),
    (c) => c.role('shop', 'r', [allow('create', 'pods/exec', { groups: ['apps'] })]).binding('shop', 'b', 'Role/r', user('jane')),
  ],
  ['missing-role', user('jane'), (c) => c.binding('shop', 'b', 'Role/gone', user('jane'))],
  ['other-account', account('ci', 'web'), (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', account('dev', 'web'))],
  ['other-kind', user('devs'), (c) => c.role('shop', 'r', [RIGHT]).binding('shop', 'b', 'Role/r', group('devs'))],
];
for (const [miss, subject, build] of misses) {
  test(`no, because of ${miss}`, () => {
    const result = answer(exec, objects('shop', 'web-0'), build(shop()).world(), { subject });
    assert.equal(result.verdict, 'no');
    assert.deepEqual(
      result.findings.map(({ id, verdict }) => [id, verdict]),
      [[`near-miss-${miss}`, 'no']],
    );
    assert.ok(result.summary.includes(result.findings[0]?.reason ?? 'a reason'));
  });
}

test('two things wrong are no near miss', () => {
  const world = shop()
    .role('ci', 'r', [allow('get', 'pods/exec')])
    .role('shop', 'q', [allowUrls('get', '/x')])
    .binding('ci', 'b', 'Role/r', user('jane'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world, { subject: user('jane') });
  assert.deepEqual(result.findings, []);
  assert.match(result.summary, /no binding grants it/);
});

test('an account that does not exist is said to be none', () => {
  assert.match(
    answer(exec, objects('shop', 'web-0'), shop().world(), { subject: account('ci', 'nope') }).summary,
    /there is no such account/,
  );
});

test('a kubelet may do more than RBAC says', () => {
  assert.equal(answer(exec, objects('shop', 'web-0'), shop().world(), { subject: user('system:node:n1') }).verdict, 'depends');
});
