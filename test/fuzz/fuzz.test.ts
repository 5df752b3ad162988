import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz, PIECES } from './fuzz.ts';

// Before the first test is declared: from then on the test runner tracks every promise, and there are millions.
const { failures, counts } = await fuzz(20_000, 11);

/** `npm run fuzz` tries any number of them, and with another seed. */
test('20,000 inputs that nobody should write: each is answered or refused, in words that are ours', () => {
  assert.deepEqual(
    failures.map(({ seed, piece, what, outcome }) => `--only ${seed} (${piece}): ${what} ${outcome?.stderr ?? ''}`),
    [],
  );
  // Of every piece some get as far as an answer: what is refused at once tells of the reader alone.
  assert.deepEqual([...counts.keys()].sort(), PIECES.map(([name]) => name).sort());
  for (const [piece, { tried, answered }] of counts)
    assert.ok(tried > 100 && answered > tried / 10, `${piece}: ${answered} of ${tried}`);
});
