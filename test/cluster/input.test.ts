import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { writeSnapshot } from '../../src/cluster/input/snapshot/write.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { KINDS, type KindName } from '../../src/world/kinds.ts';
import type { World } from '../../src/world/world.ts';
import { DEFAULT_CONTROLLERS } from '../helpers/control-plane.ts';
import { httpConnection } from '../helpers/http-connection.ts';
import { waitForAggregation, withControlPlane } from '../helpers/real.ts';
import { ask, open, place } from '../input/inputs.ts';

const run = promisify(execFile);
const ALL = Object.values(KINDS).map(({ group, resource }) => (group === '' ? resource : `${resource}.${group}`));

await withControlPlane({ controllers: DEFAULT_CONTROLLERS }, async (plane) => {
  const connection = httpConnection(plane.url, { token: plane.adminToken, ca: plane.caData });
  await waitForAggregation(plane);
  const path = join(place({ keep: '' }), 'x.jsonl.gz');
  const live = await writeSnapshot(path, (onRaw) => new LiveSource(new ApiClient(connection), { onRaw }));

  test('a snapshot holds what the server showed', async () =>
    assert.deepEqual(objects(await ask(await open(path))), objects(live)));
  test('a real cluster', () => assert.ok(live.size > 100 && live.list('clusterroles').length > 50, String(live.size)));

  for (const output of ['json', 'yaml'])
    test(`so does what kubectl prints: get -A -o ${output}`, async (t) => {
      const { stdout } = await run(
        'kubectl',
        ['--kubeconfig', plane.kubeconfigFile, 'get', ALL.join(','), '-A', '-o', output, '--show-managed-fields'],
        { maxBuffer: 1e8 },
      );
      t.diagnostic(`${stdout.length} bytes`);
      const world = await ask(await open(join(place({ x: stdout }), 'x'), { complete: true }));
      assert.deepEqual(objects(world), objects(live));
    });

  test('so do the typed lists of the server itself', async () => {
    const lists = await Promise.all(
      Object.values(KINDS).map(async ({ group, version, resource }) => {
        const { body } = await plane.request(
          'GET',
          `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}/${resource}`,
        );
        return JSON.stringify(body);
      }),
    );
    assert.deepEqual(
      objects(await ask(await open(join(place({ x: lists.join('\n') }), 'x'), { complete: true }))),
      objects(live),
    );
  });

  after(() => connection.close());
});

const objects = (world: World): unknown =>
  Object.keys(KINDS).map((kind) => [kind, world.list(kind as KindName).toSorted(byName)]);

const byName = (
  a: { namespace: string | null; name: string },
  b: { namespace: string | null; name: string },
): number => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1);
