import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startCluster } from '../helpers/cluster-server.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { CANARY, CUSTOM_KINDS, clusterOfCanaries } from '../input/canaries.ts';

const cluster = await startCluster(clusterOfCanaries(), CUSTOM_KINDS);

test('a snapshot of the executable has no value, and answers with none', async () => {
  const file = join(HOME, 'canaries.jsonl.gz');
  const taken = await program(`snapshot ${file} --server ${cluster.url}`);
  assert.equal(taken.code, 0, taken.stderr);
  assert.deepEqual(gunzipSync(readFileSync(file)).toString().match(CANARY), null);
  for (const question of ['pod web', 'privileged user/jane --show-attack'])
    for (const source of [`--input ${file}`, `--server ${cluster.url}`]) {
      const { code, stdout, stderr } = await program(`${question} -n shop ${source} --explain -v`);
      assert.equal(code, 0, stderr);
      assert.deepEqual((stdout + stderr).match(CANARY), null);
    }
});
