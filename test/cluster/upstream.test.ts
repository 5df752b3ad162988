import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregateAll } from '../../src/rbac/aggregation.ts';
import { bootstrapDigest, bootstrapKey } from '../../src/rbac/bootstrap-digest.ts';
import { upstreamObjects } from '../../src/rbac/upstream.ts';
import { NEWEST } from '../../src/world/version.ts';
import { bootstrapObjects } from '../helpers/bootstrap-objects.ts';
import { withControlPlane } from '../helpers/real.ts';

/** A server that emulates an older version makes the objects of its own: of those, upstream's test data alone knows. */
await withControlPlane({}, (plane) => {
  test('the roles and bindings that manifests are read with are those that the server makes, aggregated', async () => {
    const { clusterroles, ...others } = upstreamObjects(NEWEST);
    const known = [...aggregateAll(clusterroles, () => false), ...Object.values(others).flat()];
    const told = (objects: typeof known) => objects.map((each) => `${bootstrapKey(each)} ${bootstrapDigest(each)}`);
    const live = told(await bootstrapObjects(plane));
    assert.deepEqual(told(known).sort(), live.sort());
    assert.ok(live.length > 100);
  });
});
