import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULTS } from '../helpers/faults/faults.ts';
import { allCases, askHealthy, checkAll, POD, sample } from '../helpers/faults/matrix.ts';
import { QUESTIONS } from '../helpers/faults/questions.ts';
import { faultyApis } from '../helpers/faults/server.ts';
import { fromSources } from '../helpers/in-process.ts';
import { HOME } from '../helpers/plugin.ts';

const pod = join(HOME, 'pod.json');
writeFileSync(pod, JSON.stringify(POD));
const apis = await faultyApis();
const ask = (words: string[]) => fromSources(words);
const healthy = await askHealthy(apis, ask, pod);
const cases = sample(allCases(healthy), 2000, 11);
// Before the first test is declared: from then on the test runner tracks every promise, and there are millions.
const { wrong, counts } = await checkAll(apis, ask, cases, healthy, pod);
apis.close();

/** `npm run faults` tries any number of them, and with another seed. */
test('2,000 of all that a server may do to a request of a question: no false answer, one line, the right exit code', () => {
  assert.deepEqual(wrong, []);
  assert.ok(counts.answer > 1000 && counts.error > 30, JSON.stringify(counts));
  assert.deepEqual(
    [new Set(cases.map(({ question }) => question)).size, new Set(cases.map(({ fault }) => fault)).size],
    [QUESTIONS.length, FAULTS.length],
  );
});

test('where all is well most questions are a yes, which a fault must not make a no', () => {
  const verdicts = [...healthy.values()].flatMap(({ answers }) => answers.map(({ verdict }) => verdict));
  assert.ok(verdicts.filter((verdict) => verdict === 'yes').length >= 25, verdicts.join());
  assert.ok(verdicts.filter((verdict) => verdict === 'no').length >= 5, verdicts.join());
});
