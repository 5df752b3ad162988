import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rbacNeeds, rbacUnknowns } from '../../../src/questions/holders/rbac-needs.ts';
import { describeNeed, list } from '../../../src/world/needs.ts';
import { cluster, user } from '../../helpers/cluster.ts';

const shops = () =>
  cluster({ namespace: 'mine' })
    .namespace('mine')
    .namespace('other')
    .binding('mine', 'b', 'Role/r', user('jane'))
    .clusterBinding('c', 'ClusterRole/cr', user('jane'));
const needsOf = (world: ReturnType<ReturnType<typeof shops>['world']>) => rbacNeeds(world, null).map(describeNeed);
const NAMESPACED = ['rolebindings', 'roles'];
const CLUSTER = ['clusterrolebindings', 'clusterroles'];

test('where all may be listed, four lists are all, the longest first', () => {
  assert.deepEqual(needsOf(shops().world()), [...NAMESPACED, ...CLUSTER]);
});

test('refused in the whole cluster: namespace by namespace, its own first, bindings before roles', () => {
  const world = shops().refuse(list('rolebindings')).refuse(list('roles')).world();
  assert.deepEqual(needsOf(world), [
    ...[...NAMESPACED, 'namespaces'],
    ...['mine', 'other'].flatMap((name) => [`rolebindings in namespace ${name}`, `roles in namespace ${name}`]),
    ...[...CLUSTER, 'role mine/r'],
  ]);
});

test('roles alone refused: those that bindings name, and no more', () => {
  assert.deepEqual(needsOf(shops().refuse(list('roles')).refuse(list('clusterroles')).world()), [
    ...[...NAMESPACED, ...CLUSTER],
    'clusterrole cr',
    'role mine/r',
  ]);
});

test('namespaces that were refused and those that were not tried any more are told apart', () => {
  const world = shops().refuse(list('rolebindings')).refuse(list('rolebindings', 'mine')).world();
  world.add(list('rolebindings', 'other'), {
    read: false,
    failure: { kind: 'notTried', status: null, message: 'enough' },
  });
  assert.deepEqual(
    rbacUnknowns(world, { namespace: null }).map(({ what, why }) => `${what}: ${why}`),
    ['rolebindings in namespace mine: 403', 'rolebindings in namespace other: enough'],
  );
});

test('a RoleBinding that could not be understood hides nobody in another namespace', () => {
  const world = shops().world();
  for (const what of ['rolebindings other/odd', 'rolebindings mine/odd', 'rolebindings without a name'])
    world.addMalformed('rolebindings', what, 'odd');
  const unknown = (namespace: string | null) => rbacUnknowns(world, { namespace }).map(({ what }) => what);
  assert.deepEqual(unknown('mine'), ['rolebindings mine/odd', 'rolebindings without a name']);
  assert.equal(unknown(null).length, 3);
});
