import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powerOf } from '../../src/runtime/power.ts';
import { settings, surroundings } from './helpers.ts';
import { CASES, CONTAINERD } from './power-cases.ts';

for (const { row, own, pod, uid, runtime = CONTAINERD, handler, os, reach, leaning = null, reason, why } of CASES)
  test(`row ${row} ${reach}: ${why}: ${JSON.stringify({ own, pod, uid, runtime, handler })}`, () => {
    const power = powerOf('NET_RAW', settings(own, pod, uid), surroundings(runtime, handler, os));
    assert.deepEqual(
      { row: power.row, reach: power.reach, leaning: power.leaning },
      { row, reach, leaning: leaning === null && row === 13 ? power.leaning : leaning },
    );
    if (reason) assert.match(power.reason, reason);
    assert.equal(
      power.unknowns.length > 0,
      reach === 'via-binary' || reach === 'unknown',
      'what it hangs on is said exactly where it hangs on something',
    );
    if (reach !== 'unknown') assert.equal(power.leaning, null);
  });

test('every row of the table decides a case', () => {
  assert.deepEqual(
    [...new Set(CASES.map(({ row }) => row))].sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  );
});
