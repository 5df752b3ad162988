import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeNeed, get, list, type Need, type Outcome } from '../../src/world/needs.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { unreadable, World } from '../../src/world/world.ts';
import { cluster } from '../helpers/cluster.ts';

const REFUSED: Outcome = { read: false, failure: { kind: 'forbidden', status: 403, message: '403 Forbidden' } };

const covered: [Need, Need, boolean, string][] = [
  [list('roles'), list('roles', 'shop'), true, 'a list of the cluster includes that of a namespace'],
  [list('roles'), get('roles', 'shop', 'r'), true, 'and every object'],
  [list('roles', 'shop'), get('roles', 'shop', 'r'), true, 'a list of a namespace includes its objects'],
  [list('roles', 'shop'), list('roles'), false, 'but not the cluster'],
  [list('roles', 'shop'), list('roles', 'ci'), false, 'nor another namespace'],
  [list('pods', 'shop', 'app=web'), list('pods', 'shop'), false, 'a selection is not the whole'],
  [list('pods', 'shop'), list('pods', 'shop', 'app=web'), true, 'the whole includes any selection'],
  [get('pods', 'shop', 'a'), get('pods', 'shop', 'b'), false, 'one object is not another'],
  [list('clusterroles'), get('clusterroles', null, 'edit'), true, 'a list includes its objects'],
];
for (const [read, need, expected, why] of covered) {
  test(`${describeNeed(read)} ${expected ? 'includes' : 'does not include'} ${describeNeed(need)}: ${why}`, () => {
    const world = new World(cluster().world().facts);
    world.add(read, { read: true });
    assert.equal(world.isRead(need), expected);
  });
}

test('a success beats the failure of a wider list', () => {
  const world = cluster().refuse(list('roles')).world();
  world.add(list('roles', 'shop'), { read: true });
  assert.equal(world.isRead(list('roles', 'shop')), true);
  assert.equal(world.isRead(list('roles', 'ci')), false);
  assert.deepEqual(world.outcome(list('roles', 'ci'))?.read, false);
});

test('an unreadable need says why, in the words of the server', () => {
  const world = new World(cluster().world().facts);
  world.add(list('pods', 'x'), REFUSED);
  const { kind, what, why } = unreadable(world, list('pods', 'x'), 'it');
  assert.deepEqual([kind, what, why], ['unreadable', 'pods in namespace x', '403 Forbidden']);
});

test('an object read twice is there once, as it was read last', () => {
  const world = cluster().pod('shop', 'web', { phase: 'Pending' }).pod('shop', 'web', { phase: 'Running' }).world();
  assert.deepEqual(
    world.list('pods', 'shop').map(({ phase }) => phase),
    ['Running'],
  );
  assert.equal(world.list('pods').length, 1);
});

test('a cluster-scoped object is not that of a namespace', () => {
  const world = cluster().namespace('shop').world();
  assert.ok(world.find('namespaces', null, 'shop'));
  assert.equal(world.find('namespaces', 'shop', 'shop'), undefined);
});

test('a pod that was read whole stays so when a list shows it again', () => {
  const raw = { metadata: { namespace: 'shop', name: 'web' }, spec: { containers: [{ name: 'app' }] } };
  const world = cluster().world();
  world.put('pods', [reducePod(raw, true)]);
  world.put('pods', [reducePod(raw)]);
  assert.ok(world.find('pods', 'shop', 'web')?.whole);
  assert.equal(world.list('pods').length, 1);
});
