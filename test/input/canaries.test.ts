import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCluster } from '../helpers/cluster-server.ts';
import { main } from '../helpers/run-main.ts';
import { CANARY, CUSTOM_KINDS, clusterOfCanaries } from './canaries.ts';
import { place } from './inputs.ts';

const objects = clusterOfCanaries();
const cluster = await startCluster(objects, CUSTOM_KINDS);
const folder = place({
  'pod.yaml':
    '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}',
});
const snapshot = join(folder, 'snapshot.jsonl');
const taken = await main(`snapshot ${snapshot} --server ${cluster.url}`);
const found = (text: string): string[] => [...new Set(text.match(CANARY))];

test('400 and more values are planted', () => {
  const planted = found(JSON.stringify(objects)).length;
  assert.ok(planted >= 400, `${planted} are planted`);
});

test('a snapshot has every object and none of the values', () => {
  assert.equal(taken.code, 0, taken.stderr);
  const text = readFileSync(snapshot, 'utf8');
  assert.deepEqual(found(text), []);
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kept = new Set(records.map(({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ''}/${metadata?.name}`));
  assert.deepEqual(
    objects.filter(({ kind, metadata }) => !kept.has(`${kind} ${metadata.namespace ?? ''}/${metadata.name}`)),
    [],
  );
  assert.deepEqual(found(taken.stdout + taken.stderr), []);
});

const QUESTIONS = [
  ...[
    'pod web',
    'exec web',
    'port-forward web',
    'debug web',
    'proxy web',
    'exec deployment/web',
    'raw-sockets',
    'who create pods',
  ],
  ...[
    'privileged -A',
    'privileged user/jane',
    'privileged group/ops',
    'privileged pod/web',
    `admit -f ${join(folder, 'pod.yaml')}`,
  ],
];

for (const question of QUESTIONS)
  test(`${question}: no answer has one of the values, of the cluster or of its snapshot`, async () => {
    const attack = question.startsWith('privileged') ? ' --show-attack' : '';
    for (const source of [`--server ${cluster.url}`, `--input ${snapshot}`])
      for (const output of [`--explain -v${attack}`, '-o json']) {
        const line = `${question} ${question.endsWith('-A') ? '' : '-n shop '}${source} ${output}`;
        const { code, stdout, stderr } = await main(line);
        assert.equal(code, 0, `${line}: ${stderr}`);
        assert.deepEqual(found(stdout + stderr), [], line);
      }
  });
