import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { accountPosition } from '../../src/escalation/position.ts';
import { become } from '../../src/questions/become/become.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';

const OPTIONS = {
  ...{ subject: null, subjectGroups: [], accepts: () => false, direct: false, expand: false },
  ...{ showAttack: false, kubectl: ['--context', 'prod'] },
};

/** Whether jane gets to ops/root, with what ends it. */
function asked(world: World): Answer {
  const target = {
    starts: [{ kind: 'subject' as const, subject: user('jane') }],
    goals: [accountPosition('ops', 'root')],
  };
  const [first] = become.answer(target, world, OPTIONS).asked;
  if (!first) throw new Error('no answer');
  return first.answer;
}

const base = (): ClusterBuilder =>
  cluster()
    .namespace('ops')
    .namespace('shop')
    .account('ops', 'root')
    .account('ops', 'default')
    .role('ops', 'tokens', [allow('create', 'serviceaccounts/token')])
    .role('ops', 'pods', [allow('create', 'pods')]);

const delete1 = 'kubectl delete --dry-run=server rolebinding/one -n ops --context prod';
const rows: [name: string, world: ClusterBuilder, commands: string[], note: RegExp][] = [
  [
    'the only way',
    base().binding('ops', 'one', 'Role/tokens', user('jane')),
    [delete1, delete1.replace(' --dry-run=server', '')],
    /^tried: without it nothing leads there any more$/,
  ],
  [
    'two ways, each by a binding of its own',
    base().binding('ops', 'one', 'Role/tokens', user('jane')).binding('ops', 'two', 'Role/pods', user('jane')),
    [
      delete1,
      delete1.replace(' --dry-run=server', ''),
      delete1.replace('/one', '/two'),
      delete1.replace('/one', '/two').replace(' --dry-run=server', ''),
    ],
    /^tried: without these 2 nothing leads there any more, and no fewer are enough$/,
  ],
  [
    'two ways through one account: the binding that both need is enough',
    base()
      .account('shop', 'web')
      .role('shop', 'web-token', [allow('create', 'serviceaccounts/token', { names: ['web'] })])
      .binding('shop', 'one', 'Role/web-token', user('jane'))
      .binding('ops', 'two', 'Role/tokens', account('shop', 'web'))
      .binding('ops', 'three', 'Role/pods', account('shop', 'web')),
    [
      'kubectl delete --dry-run=server rolebinding/one -n shop --context prod',
      'kubectl delete rolebinding/one -n shop --context prod',
    ],
    /^tried: without it/,
  ],
  [
    'a binding that others need keeps them',
    base().binding('ops', 'one', 'Role/tokens', user('otto'), user('jane')),
    ['--dry-run=server ', ''].map(
      (trial) =>
        `kubectl patch ${trial}rolebinding/one -n ops --type=json -p '[{"op":"test","path":"/subjects/1/name","value":"jane"},{"op":"remove","path":"/subjects/1"}]' --context prod`,
    ),
    /^tried: without it/,
  ],
];
for (const [name, builder, commands, note] of rows)
  test(`what ends it: ${name}`, () => {
    const [finding] = asked(builder.world()).findings;
    assert.deepEqual([...(finding?.fix ?? [])].sort(), commands.toSorted());
    assert.match(finding?.fixNotes?.[0] ?? '', note);
  });

test('what would be enough as well is said, in the order of the proof', () => {
  const world = base()
    .account('shop', 'web')
    .role('shop', 'web-token', [allow('create', 'serviceaccounts/token', { names: ['web'] })])
    .binding('shop', 'one', 'Role/web-token', user('jane'))
    .binding('ops', 'two', 'Role/tokens', account('shop', 'web'))
    .world();
  const [finding] = asked(world).findings;
  assert.equal(finding?.fix[1], 'kubectl delete rolebinding/one -n shop --context prod');
  assert.equal(finding?.fixNotes?.[1], 'as good: without RoleBinding ops/two (ServiceAccount shop/web) instead');
});

test('an entry says what it is used for besides', () => {
  const world = base().binding('ops', 'one', 'Role/tokens', group('dev'), user('jane')).world();
  const [finding] = asked(world).findings;
  assert.deepEqual(finding?.fixNotes?.slice(1), [
    'RoleBinding ops/one is also what lets User jane create serviceaccounts/token',
  ]);
});

test('what nobody can reach needs no change', () => {
  assert.deepEqual(asked(base().world()).findings, []);
});
