import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDemo } from '../../src/cluster/input/demo/demo.ts';
import { list } from '../../src/world/needs.ts';
import { ask } from './inputs.ts';

test('the demo is a cluster that was read as a whole', async () => {
  const world = await ask(openDemo({ serverVersion: null, namespace: null }));
  assert.equal(world.facts.origin, 'demo');
  assert.ok(world.facts.version);
  assert.ok(world.list('pods').length > 0);
  for (const kind of ['pods', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] as const) {
    assert.ok(world.isRead(list(kind)), kind);
    assert.deepEqual(world.malformed(kind), []);
  }
});
