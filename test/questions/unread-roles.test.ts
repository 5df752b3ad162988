import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { get, list, type Need } from '../../src/world/needs.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, holders, objects } from '../helpers/question.ts';
import { askPrivileged, enforce, jane } from './privileged-worlds.ts';

/** Somebody of each kind, some bound to roles that can be read, some to others. */
const story = (...unread: readonly Need[]): ClusterBuilder =>
  unread.reduce<ClusterBuilder>(
    (builder, need) => builder.refuse(need),
    cluster()
      .namespace('dev')
      .namespace('ci')
      .account('dev', 'web')
      .pod('dev', 'web', { serviceAccount: 'web' })
      .clusterRole('seen', [allow('create', 'pods')])
      .clusterBinding('seen', 'ClusterRole/seen', user('seen'))
      .clusterBinding('jane', 'ClusterRole/hidden', jane, group('ops'), account('dev', 'web'))
      .clusterBinding('root', 'ClusterRole/hidden', group('system:masters'))
      .binding('dev', 'b', 'ClusterRole/hidden', user('in-dev'))
      .binding('ci', 'b', 'Role/hidden', user('in-ci'), account(null, 'runner')),
  );

const CLUSTER_ROLES = [list('clusterroles'), get('clusterroles', null, 'hidden')];
const ROLES = [list('roles'), list('roles', 'ci'), get('roles', 'ci', 'hidden')];
const WIDE = ['Group/ops', 'ServiceAccount/dev/web', 'User/jane'];
const IN_CI = ['ServiceAccount/ci/runner', 'User/in-ci'];

const cases: [what: string, namespace: string | null, unread: readonly Need[], perhaps: readonly string[]][] = [
  ['all roles', null, [...CLUSTER_ROLES, ...ROLES], [...WIDE, 'User/in-dev', ...IN_CI]],
  ['all roles', 'dev', [...CLUSTER_ROLES, ...ROLES], [...WIDE, 'User/in-dev']],
  ['all roles', 'ci', [...CLUSTER_ROLES, ...ROLES], [...WIDE, ...IN_CI]],
  ['ClusterRoles', null, CLUSTER_ROLES, [...WIDE, 'User/in-dev']],
  ['ClusterRoles', 'ci', CLUSTER_ROLES, WIDE],
  ['Roles', null, ROLES, IN_CI],
  ['Roles', 'ci', ROLES, IN_CI],
  ['Roles', 'dev', ROLES, []],
  ['nothing', null, [], []],
];
for (const [what, namespace, unread, perhaps] of cases)
  for (const status of [403, 410, 429, 503])
    test(`${what} could not be read (${status}): who is bound to one ${namespace === null ? 'anywhere' : `in ${namespace}`} may get a pod`, () => {
      const builder = story(...unread);
      for (const need of unread) builder.refuse(need, status);
      const given = ofEverybody(builder.world(), namespace);
      assert.deepEqual(holders(given, 'depends').sort(), perhaps.toSorted());
      assert.deepEqual(holders(given), ['User/seen']);
      for (const { verdict, unknowns, reason } of given.findings)
        if (verdict === 'depends')
          assert.match(
            `${unknowns[0]?.what}: ${reason}`,
            /^(Cluster)?Role hidden: bound to (Cluster)?Role hidden, which/,
          );
    });

const ofEverybody = (world: World, namespace: string | null): Answer =>
  askPrivileged(world, { namespace }).asked[0]?.answer ?? assert.fail();

test('a role that cannot be understood may hold anything, too', () => {
  const given = ofEverybody(story().odd('clusterroles', 'hidden').odd('roles', 'ci/hidden').world(), null);
  assert.deepEqual(holders(given, 'depends').sort(), [...WIDE, 'User/in-dev', ...IN_CI].sort());
});

test('where nobody else can, it depends, and says how many', () => {
  const world = story(...CLUSTER_ROLES).world();
  const given = ofEverybody(world.fork('clusterrolebindings', { drop: [{ namespace: null, name: 'seen' }] }), 'dev');
  assert.equal(given.verdict, 'depends');
  assert.match(
    given.summary,
    /^4 subjects may be able to get a pod onto the cluster in namespace dev that reaches the node: it depends$/,
  );
});

const cards: [
  what: string,
  builder: ClusterBuilder,
  strongest: string | null,
  maybe: string | null,
  because: RegExp | null,
][] = [
  ['all is read', story(), null, null, null],
  ['its role', story(...CLUSTER_ROLES), null, 'node root', /^bound to ClusterRole hidden, which could not be read$/],
  [
    'its role, beside one that was read',
    story(...CLUSTER_ROLES)
      .namespace('shop', enforce('restricted'))
      .role('shop', 'r', [allow('create', 'pods')])
      .binding('shop', 'r', 'Role/r', account('dev', 'web')),
    'restricted',
    'node root',
    /./,
  ],
];
for (const [what, builder, strongest, maybe, because] of cards)
  test(`the card of a pod, where it could not be read: ${what}`, () => {
    const spawns = answer(pod, objects('dev', 'web'), builder.world()).pod?.spawns;
    assert.deepEqual([spawns?.strongest, spawns?.maybe, spawns?.unknowns], [strongest, maybe, []]);
    if (because) assert.match(spawns?.because ?? '', because);
  });

const hiding: [what: string, builder: ClusterBuilder, unread: RegExp][] = [
  ['ClusterRoleBindings', story(list('clusterrolebindings')), /^clusterrolebindings$/],
  ['RoleBindings', story(list('rolebindings'), list('rolebindings', 'ci')), /^rolebindings in /],
  [
    'whether RBAC alone decides',
    cluster({ selfFailure: '503' }).namespace('dev').pod('dev', 'web', { serviceAccount: 'web' }),
    /^whether RBAC/,
  ],
];
for (const [what, builder, unread] of hiding)
  test(`the card of a pod says that there may be more: ${what}`, () => {
    const spawns = answer(pod, objects('dev', 'web'), builder.world()).pod?.spawns;
    assert.ok(
      spawns?.unknowns.some((each) => unread.test(each.what)),
      JSON.stringify(spawns),
    );
  });
