import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReached, type Row, report } from '../../scripts/bench/report.ts';

const cost = (seconds: number, memory: number) => ({ seconds, cpu: seconds / 2, memory, printed: 1e6 });
const row = (ours: string, target: number | null, more: Partial<Row> = {}): Row => ({
  ...{ ours: ours.split(' '), kubectl: ['get', 'pods'], target },
  ...{ ourCost: cost(0.5, 80e6), kubectlCost: cost(0.25, 120e6) },
  ...more,
});

test('a table without lines, numbers to the right, each target with what came of it', () => {
  assert.deepEqual(report([row('who get pods', 2.5), row('exec web', 1.5, { memory: 150e6 })]).split('\n'), [
    'COMMAND               WALL     CPU  MEMORY  RATIO  TARGET',
    'who get pods        500 ms  250 ms   80 MB  2.00×  at most 2.50×: pass',
    '  kubectl get pods  250 ms  125 ms  120 MB',
    'exec web            500 ms  250 ms   80 MB  2.00×  at most 1.50×: MISS, below 150 MB: pass',
    '  kubectl get pods  250 ms  125 ms  120 MB',
  ]);
  assert.deepEqual(
    [isReached(row('a', 2.5)), isReached(row('a', 1.5)), isReached(row('a', null))],
    [true, false, true],
  );
});
