import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, who } from '../../../src/questions/index.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { Subject } from '../../../src/world/objects.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, holders, objects, right } from '../../helpers/question.ts';

const shop = () => cluster().namespace('shop').account('shop', 'web').pod('shop', 'web-0');
const grant = (rule: ReturnType<typeof allow>, ...subjects: Subject[]): ClusterBuilder =>
  shop()
    .role('shop', 'dev', [rule])
    .binding('shop', 'team', 'Role/dev', ...subjects);
const EXEC = allow('create', 'pods/exec');

/** The whole sentence, of one subject and of everybody. */
const SENTENCES: [asked: string, rule: ReturnType<typeof allow>, says: string][] = [
  ['get pods', allow('get', 'po'), '(get po): "po" is a short name of kubectl, RBAC wants "pods"'],
  [
    'get pods/log',
    allow('get', 'pods/logs'),
    '(get pods/logs): "pods/logs" is not how the API spells the subresource, RBAC wants "pods/log"',
  ],
  ['create pods/exec', allow('post', 'pods/exec'), '(post pods/exec): "post" is a method of HTTP, RBAC wants "create"'],
  [
    'create pods/exec',
    allow('exec', 'pods'),
    '(exec pods): "exec" is a command of kubectl and no verb, RBAC wants "create" on "pods/exec"',
  ],
  [
    'get pods',
    allow('GET', 'Pods'),
    '(GET Pods): "Pods" has other capitals, RBAC wants "pods"; "GET" has other capitals, RBAC wants "get"',
  ],
  [
    'get deployments.apps',
    allow('get', 'deployments', { groups: ['apps/v1'] }),
    '(get deployments.apps/v1): "apps/v1" has a version in it, and apiGroups take the group alone, RBAC wants "apps"',
  ],
  [
    'get pods',
    allow('get', 'pods', { groups: ['core'] }),
    '"core" is what people call the core group, whose name is empty, RBAC wants ""',
  ],
];
for (const [asked, rule, says] of SENTENCES) {
  test(`who ${asked}: ${says}`, () => {
    const world = grant(rule, user('jane')).world();
    for (const subject of [user('jane'), null]) {
      const { verdict, nearMisses } = answer(who, right(asked, 'shop'), world, { subject });
      assert.equal(verdict, 'no');
      assert.deepEqual(
        nearMisses.map((miss) => miss.subject.name),
        ['jane'],
      );
      assert.ok(
        nearMisses[0]?.reason.startsWith('RoleBinding shop/team grants Role dev ('),
        nearMisses[0]?.reason ?? 'no reason',
      );
      assert.ok(nearMisses[0]?.reason.endsWith(says), nearMisses[0]?.reason ?? 'no reason');
    }
  });
}

test('subjects that look like the one asked about are told of with what is another', () => {
  const reasons = (written: Subject, asked: Subject) =>
    answer(who, right('create pods/exec', 'shop'), grant(EXEC, written).world(), { subject: asked }).nearMisses.map(
      ({ reason }) => reason,
    );
  const begins = 'RoleBinding shop/team grants Role dev (create pods/exec) to';
  for (const [written, asked, says] of [
    [
      user('Jane'),
      user('jane'),
      'User Jane: RBAC compares letter by letter, and "Jane" has other capitals than "jane"',
    ],
    [
      user('oidc:jane'),
      user('jane'),
      'User oidc:jane: RBAC compares whole names, and "oidc:jane" has a prefix that "jane" does not have',
    ],
    [
      group('/devs'),
      group('devs'),
      'Group /devs: RBAC compares whole names, and "/devs" has a slash or a path that "devs" does not have',
    ],
    [
      user('jane'),
      user('oidc:jane'),
      'User jane: RBAC compares whole names, and "jane" lacks what "oidc:jane" has: it has a prefix',
    ],
    [
      group('system:serviceaccount:shop:web'),
      account('shop', 'web'),
      'Group system:serviceaccount:shop:web: RBAC wants account shop/web',
    ],
  ] as const)
    assert.deepEqual(reasons(written, asked), [`${begins} ${says}`]);
});

test('of everybody, entries that can be nobody are told of by whom they were meant for', () => {
  const world = grant(EXEC, user('Jane'), group('system:serviceaccount:shop:web'), user('system:serviceaccounts:shop'))
    .clusterRole('c', [EXEC])
    .clusterBinding('everywhere', 'ClusterRole/c', account(null, 'web'), { kind: 'user', namespace: null, name: 'joe' })
    .world();
  const result = answer(who, right('create pods/exec', 'shop'), world);
  assert.deepEqual(
    result.nearMisses.map(({ id, subject }) => `${id} ${subject.kind}/${subject.namespace ?? ''}/${subject.name}`),
    [
      'near-miss-account-without-namespace ServiceAccount//web',
      'near-miss-subject-kind User//joe',
      'near-miss-account-as-group ServiceAccount/shop/web',
      'near-miss-group-as-user Group//system:serviceaccounts:shop',
    ],
  );
  assert.ok(holders(result).includes('User/Jane'), 'a user of that name may well be there');
});

test('who holds the right by another grant misses nothing', () => {
  const world = grant(allow('create', 'pods/execs'), user('jane'), account('shop', 'web'))
    .role('shop', 'right', [EXEC])
    .binding('shop', 'b', 'Role/right', user('jane'), group('system:serviceaccounts:shop'))
    .world();
  assert.deepEqual(answer(who, right('create pods/exec', 'shop'), world).nearMisses, []);
  assert.deepEqual(answer(exec, objects('shop', 'web-0'), world, { subject: user('jane') }).nearMisses, []);
  const meant = grant(EXEC, account('shop', 'web'), group('system:serviceaccount:shop:web')).world();
  assert.deepEqual(answer(who, right('create pods/exec', 'shop'), meant).nearMisses, []);
});

test('a misspelling comes before what else is nearly the right', () => {
  const world = shop()
    .role('shop', 'a', [allow('create', 'pods')])
    .role('shop', 'b', [allow('create', 'pods/execs')])
    .binding('shop', 'a', 'Role/a', user('jane'))
    .binding('shop', 'b', 'Role/b', user('jane'))
    .world();
  assert.deepEqual(
    answer(exec, objects('shop', 'web-0'), world, { subject: user('jane') }).nearMisses.map(({ id }) => id),
    ['near-miss-plural-subresource', 'near-miss-subresource'],
  );
});

test('a wrong part that is no misspelling is told of one subject, not of everybody', () => {
  const world = grant(allow('get', 'pods', { names: ['web-1'] }), user('jane')).world();
  const ids = (subject: Subject | null) =>
    answer(who, right('get pods', 'shop', { name: 'web-0' }), world, { subject }).nearMisses.map(({ id }) => id);
  assert.deepEqual([ids(user('jane')), ids(null)], [['near-miss-name'], []]);
});

/** Nobody is asked for by name: whom a rule with a pattern for a name allows it. */
const PATTERNS: [asked: string, rule: ReturnType<typeof allow>, verdict: string, ids: string[]][] = [
  ['get secrets', allow('get', 'secrets', { names: ['*'] }), 'no', ['near-miss-star-in-name']],
  ['get secrets', allow('get', 'secrets', { names: ['db-*'] }), 'no', ['near-miss-star-in-name']],
  ['list secrets', allow('list', 'secrets', { names: ['*'] }), 'no', ['near-miss-star-in-name']],
  ['get secrets', allow('get', 'secrets', { names: ['*', 'db'] }), 'yes', []],
  ['create configmaps', allow('create patch', 'configmaps', { names: ['*'] }), 'no', ['near-miss-nameless']],
  [
    'get roles.rbac.authorization.k8s.io',
    allow('get', 'roles', { groups: ['rbac.authorization.k8s.io'], names: ['*'] }),
    'yes',
    [],
  ],
];
for (const [asked, rule, verdict, ids] of PATTERNS) {
  test(`who ${asked} by a rule that names ${rule.resourceNames.join()}: ${verdict}`, () => {
    const result = answer(who, right(asked, 'shop'), grant(rule, user('jane')).world(), { subject: user('jane') });
    assert.deepEqual([result.verdict, result.nearMisses.map(({ id }) => id)], [verdict, ids]);
    assert.deepEqual(
      result.findings.flatMap(({ scope }) => scope.names ?? []),
      verdict === 'yes' ? rule.resourceNames.filter((name) => name !== '*' || asked.includes('roles')) : [],
    );
  });
}

test('of an account that is not there it is told who was meant to be it', () => {
  const ask = (written: Subject, name: string) => () =>
    answer(who, right('create pods/exec', 'shop'), grant(EXEC, written).world(), { subject: account('shop', name) });
  const begins =
    /^Error from server \(NotFound\): serviceaccounts "gone" not found in namespace shop; RoleBinding shop\/team grants Role dev/;
  for (const written of [
    group('system:serviceaccount:shop:gone'),
    user('gone'),
    user('shop:gone'),
    user('system:serviceaccount:shop-gone'),
  ])
    assert.throws(ask(written, 'gone'), { message: begins }, written.name);
  assert.throws(ask(group('devs'), 'gone'), { message: /"gone" not found in namespace shop$/ });
  const target = { subjects: [account('shop', 'gone')], pods: null, namespace: 'shop' };
  const world = grant(allow('create', 'pods'), user('gone')).world();
  assert.throws(() => answer(privileged, target, world), {
    message: /not found in namespace shop; RoleBinding .* to User gone, which is another/,
  });
});

/** What a binding refers to that does not exist, and what is there instead. */
const REFERENCES: [ref: string, builder: ClusterBuilder, says: RegExp][] = [
  [
    'Role/reader',
    shop().clusterRole('reader', [EXEC]),
    /Role reader, which does not exist \(there is ClusterRole reader\): whoever/,
  ],
  [
    'ClusterRole/reader',
    shop().role('shop', 'reader', [EXEC]),
    /ClusterRole reader, which does not exist \(there is Role reader\): whoever/,
  ],
  [
    'Role/Reader',
    shop().role('shop', 'reader', [EXEC]),
    /Role Reader, which does not exist \(there is Role reader\): whoever/,
  ],
  [
    'Role/reader',
    shop().role('dev', 'reader', [EXEC]),
    /Role reader, which does not exist: whoever creates it decides/,
  ],
];
for (const [ref, builder, says] of REFERENCES) {
  test(`a binding to ${ref}: ${says.source}`, () => {
    const world = builder.binding('shop', 'b', ref, user('jane')).world();
    for (const subject of [user('jane'), null])
      assert.match(
        answer(who, right('create pods/exec', 'shop'), world, { subject }).nearMisses[0]?.reason ?? '',
        says,
      );
  });
}

test('the groups that a user was said to be in are looked for, too', () => {
  const world = grant(EXEC, group('/devs'), group('Ops')).world();
  const ask = (...subjectGroups: string[]) =>
    answer(who, right('create pods/exec', 'shop'), world, { subject: user('jane'), subjectGroups }).nearMisses;
  assert.deepEqual(ask(), []);
  assert.deepEqual(
    ask('devs', 'ops').map(({ id, subject }) => `${id} ${subject.name}`),
    ['near-miss-subject-slash jane', 'near-miss-subject-capitals jane'],
  );
  assert.match(
    ask('devs')[0]?.reason ?? '',
    /to Group \/devs: .*"\/devs" has a slash or a path that "devs" does not have$/,
  );
});
