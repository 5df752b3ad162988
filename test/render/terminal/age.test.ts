import assert from 'node:assert/strict';
import { test } from 'node:test';
import { age, humanDuration, isRecent } from '../../../src/render/terminal/age.ts';

const [S, M, H] = [1000, 60_000, 3_600_000];
const [D, Y] = [24 * H, 365 * 24 * H];

/** As apimachinery's own table has it, and what lies between. */
const cases: [milliseconds: number, expected: string][] = [
  [-2 * S, '<invalid>'],
  [-1.5 * S, '0s'],
  [0, '0s'],
  [S - 1, '0s'],
  [S, '1s'],
  [70 * S, '70s'],
  [119 * S + 999, '119s'],
  [2 * M, '2m'],
  [2 * M + 1 * S, '2m1s'],
  [190 * S, '3m10s'],
  [10 * M - 1, '9m59s'],
  [10 * M, '10m'],
  [10 * M + 59 * S, '10m'],
  [70 * M, '70m'],
  [3 * H - 1, '179m'],
  [3 * H, '3h'],
  [3 * H + M, '3h1m'],
  [8 * H - 1, '7h59m'],
  [8 * H, '8h'],
  [47 * H + 59 * M, '47h'],
  [48 * H, '2d'],
  [49 * H, '2d1h'],
  [8 * D - 1, '7d23h'],
  [8 * D, '8d'],
  [8 * D + 23 * H, '8d'],
  [367 * D, '367d'],
  [2 * Y - 1, '729d'],
  [2 * Y, '2y'],
  [2 * Y + H, '2y'],
  [2 * Y + 10 * D, '2y10d'],
  [8 * Y - 1, '7y364d'],
  [8 * Y, '8y'],
  [8 * Y + 300 * D, '8y'],
];
for (const [milliseconds, expected] of cases)
  test(`${milliseconds} ms: ${expected}`, () => assert.equal(humanDuration(milliseconds), expected));

test('ages are counted to when the cluster was read', () =>
  assert.equal(age('2026-11-20T10:00:00Z', '2026-11-23T12:00:00Z'), '3d2h'));
for (const [since, now] of [
  [null, '2026-11-23T12:00:00Z'],
  ['yesterday', '2026-11-23T12:00:00Z'],
  ['2026-11-23T12:00:00Z', ''],
] as const)
  test(`${since} until ${now} is unknown`, () =>
    assert.deepEqual([age(since, now), isRecent(since, now)], [null, false]));

for (const [hours, expected] of [
  [0, true],
  [47, true],
  [48, false],
] as const)
  test(`${hours} hours ago is ${expected ? '' : 'not '}recent`, () =>
    assert.equal(
      isRecent(new Date(Date.UTC(2026, 10, 23) - hours * H).toISOString(), '2026-11-23T00:00:00Z'),
      expected,
    ));
