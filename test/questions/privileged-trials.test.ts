import assert from 'node:assert/strict';
import { test } from 'node:test';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { PrivilegedTarget } from '../../src/questions/privileged/target.ts';
import type { DryRun } from '../../src/questions/question.ts';
import type { Subject } from '../../src/world/objects.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { asked } from '../helpers/question.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const places = (): ClusterBuilder =>
  cluster()
    .namespace('open')
    .namespace('baseline', { [ENFORCE]: 'baseline' })
    .namespace('restricted', { [ENFORCE]: 'restricted' });
const builder = account('ci', 'builder');
const about = (...subjects: Subject[]): PrivilegedTarget => ({ subjects, pods: null, namespace: null });

const trials = (world: World, target: PrivilegedTarget = about(builder)): DryRun[] =>
  asked(privileged, target, world).asked.flatMap((each) => each.trials?.() ?? []);
const told = (runs: readonly DryRun[]) => runs.map(({ label, expected }) => [label, expected]);

const may = (verbs: string, resources: string, groups = ['']): ClusterBuilder =>
  places()
    .clusterRole('may', [allow(verbs, resources, { groups })])
    .clusterBinding('may', 'ClusterRole/may', builder);

test('of each outcome the strongest pod that gets in and the strongest that does not, as the account with its groups', () => {
  const runs = trials(may('create', 'pods').world());
  assert.deepEqual(told(runs), [
    ['ServiceAccount ci/builder create a pod with privileged container in namespace open', 'yes'],
    [
      'ServiceAccount ci/builder create a pod with user 0 with the runtime’s default capabilities in namespace baseline',
      'yes',
    ],
    ['ServiceAccount ci/builder create a pod with privileged container in namespace baseline', 'no'],
    [
      'ServiceAccount ci/builder create a pod with a user that is not root, without capabilities in namespace restricted',
      'yes',
    ],
    ['ServiceAccount ci/builder create a pod with privileged container in namespace restricted', 'no'],
  ]);
  for (const { as, withRights, pod } of runs) {
    assert.deepEqual(as, {
      user: 'system:serviceaccount:ci:builder',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
    });
    assert.ok(withRights);
    assert.deepEqual(
      [pod.kind, (pod.metadata as { generateName: string }).generateName, 'name' in (pod.metadata as object)],
      ['Pod', 'whocan-escalate-', false],
    );
  }
});

test('the pod of a workload is sent as its controller, once for all kinds that it serves', () => {
  const runs = trials(may('create', 'deployments replicasets', ['apps']).world());
  assert.deepEqual(
    [...new Set(runs.map(({ as }) => as?.user))],
    ['system:serviceaccount:kube-system:replicaset-controller'],
  );
  assert.ok(runs.length === 5 && runs.every(({ withRights }) => !withRights), String(runs.length));
});

test('the caller asks as itself', () => {
  const self = {
    user: { name: 'jane', groups: ['system:authenticated'] },
    namespace: 'open',
    rules: [],
    incomplete: null,
  };
  const world = cluster({ self })
    .namespace('open')
    .clusterRole('may', [allow('create', 'pods')])
    .clusterBinding('may', 'ClusterRole/may', user('jane'))
    .world();
  assert.deepEqual(
    trials(world, about(user('jane'))).map(({ as }) => as),
    [null],
  );
});

const none: [why: string, world: World][] = [
  ['no right at all', places().world()],
  [
    'only under a name',
    places()
      .clusterRole('may', [allow('create patch', 'pods', { names: ['x'] })])
      .clusterBinding('may', 'ClusterRole/may', builder)
      .world(),
  ],
  ['only what is there already', may('patch', 'pods').pod('open', 'web').world()],
  [
    'labels that may not be read',
    cluster().refuse({ kind: 'namespaces', namespace: null, name: null, labelSelector: null }).world(),
  ],
];
for (const [why, world] of none) test(`nothing is tried: ${why}`, () => assert.deepEqual(trials(world), []));

test('of everybody not many, and nobody who is accepted', () => {
  const crowd = Array.from({ length: 30 }, (_, index) => user(`user-${index}`));
  const world = places()
    .clusterRole('may', [allow('create', 'pods')])
    .clusterBinding('may', 'ClusterRole/may', ...crowd, group('ops'))
    .world();
  const everybody = { subjects: [], pods: null, namespace: null };
  const all = asked(privileged, everybody, world, { accepts: ({ name }) => name === 'user-0' }).asked.flatMap(
    (each) => each.trials?.() ?? [],
  );
  assert.equal(all.length, 20);
  assert.ok(all.every(({ as }) => as?.user !== 'user-0'));
});
