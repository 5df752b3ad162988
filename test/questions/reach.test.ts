import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Unknown } from '../../src/answer/unknown.ts';
import { joined } from '../../src/questions/become/evidence.ts';

const unknown = (what: string): Unknown => ({ kind: 'invisible', what, why: 'nobody said', affects: 'the rest' });

const step = (id: string, uses: string[]) => ({
  ...{ id, uses, technique: 'pod-exec', step: `step ${id}`, identity: null, gains: null, grants: [], command: null },
});

const evidence = (ids: [string, string[]][], unknowns: Unknown[] = [], leaning: 'yes' | 'no' | null = null) => ({
  steps: ids.map(([id, uses]) => step(id, uses)),
  ...{ unknowns, leaning },
});

test('a proof goes on where another ends: its first steps use the last one of that', () => {
  const first = evidence([
    ['e1', []],
    ['e2', ['e1']],
  ]);
  const then = evidence([
    ['e1', []],
    ['e2', []],
    ['e3', ['e1', 'e2']],
  ]);
  assert.deepEqual(
    joined(first, then).steps.map(({ id, uses }) => [id, uses]),
    [
      ['e1', []],
      ['e2', ['e1']],
      ['e3', ['e2']],
      ['e4', ['e2']],
      ['e5', ['e3', 'e4']],
    ],
  );
});

test('a proof after none is that proof, and none after a proof adds nothing', () => {
  const one = evidence([['e1', []]], [unknown('a')], 'yes');
  assert.deepEqual(joined(evidence([]), one), one);
  assert.deepEqual(joined(one, evidence([])), one);
});

// What leans to yes, twice, still does; one part that does not, or that nothing is known of, decides.
const LEANINGS: ['yes' | 'no' | null, 'yes' | 'no' | null, 'yes' | 'no' | null][] = [
  ['yes', 'yes', 'yes'],
  ['yes', 'no', 'no'],
  ['no', 'yes', 'no'],
  ['yes', null, null],
  [null, 'yes', null],
  [null, 'no', 'no'],
];
for (const [first, then, both] of LEANINGS)
  test(`two proofs that depend on something: ${first} and ${then} together lean to ${both}`, () => {
    const found = joined(evidence([['e1', []]], [unknown('a')], first), evidence([['e1', []]], [unknown('b')], then));
    assert.equal(found.leaning, both);
    assert.deepEqual(
      found.unknowns.map(({ what }) => what),
      ['a', 'b'],
    );
  });

test('a certain proof before one that depends changes nothing of how likely that is', () => {
  const found = joined(evidence([['e1', []]]), evidence([['e1', []]], [unknown('b')], 'yes'));
  assert.equal(found.leaning, 'yes');
});
