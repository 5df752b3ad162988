import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Unknown } from '../../src/answer/unknown.ts';
import { and, asVerdict, depends, likelihoodOf, no, not, or, type Verdict, yes } from '../../src/answer/verdict.ts';

const unknown = (what: string): Unknown => ({ kind: 'unreadable', what, why: '403', affects: 'it' });
const maybe = depends([unknown('a')]);

const tables: [string, Verdict, Verdict['value']][] = [
  ['or of nothing', or(), 'no'],
  ['and of nothing', and(), 'yes'],
  ['yes or depends', or(yes(), maybe), 'yes'],
  ['no or depends', or(no(), maybe), 'depends'],
  ['no or no', or(no(), no()), 'no'],
  ['yes and depends', and(yes(), maybe), 'depends'],
  ['no and depends', and(no(), maybe), 'no'],
  ['not yes', not(yes()), 'no'],
  ['not depends', not(maybe), 'depends'],
];
for (const [name, verdict, expected] of tables)
  test(`${name}: ${expected}`, () => assert.equal(verdict.value, expected));

test('depends keeps its unknowns, each once', () => {
  const both = or(maybe, depends([unknown('a'), unknown('b')]), no());
  assert.deepEqual(
    both.unknowns.map(({ what }) => what),
    ['a', 'b'],
  );
});

test('what it leans by comes first among the unknowns', () => {
  const first = (verdict: Verdict) => verdict.unknowns.map(({ what }) => what).join();
  const leaning = depends([unknown('b')], 'no');
  assert.equal(first(and(maybe, leaning)), 'b,a');
  assert.equal(
    first(and(maybe, depends([unknown('b')], 'yes'))),
    'a,b',
    'the other way round nothing is decided by it',
  );
  assert.equal(first(or(maybe, leaning, depends([unknown('c')], 'yes'))), 'c,a,b');
  assert.equal(first(or(maybe, leaning)), 'a,b');
});

test('yes keeps the evidence of the yeses alone, no that of all refusals', () => {
  assert.deepEqual(or(yes('a'), no('b'), yes('c')).evidence, ['a', 'c']);
  assert.deepEqual(or(no('a'), no('b')).evidence, ['a', 'b']);
});

const leanings: [string, Verdict, Verdict['leaning']][] = [
  ['one leans to yes', or(depends([], 'yes'), depends([], 'no')), 'yes'],
  ['all lean to no', or(depends([], 'no'), depends([], 'no')), 'no'],
  ['one does not lean', or(depends([], 'no'), maybe), null],
  ['one leans to no, under and', and(depends([], 'yes'), depends([], 'no')), 'no'],
  ['not turns it round', not(depends([], 'yes')), 'no'],
];
for (const [name, { leaning }, expected] of leanings)
  test(`leaning where ${name}: ${expected}`, () => assert.equal(leaning, expected));

const anyVerdict = fc.constantFrom<Verdict[]>(yes(), no(), maybe);

test("De Morgan's laws hold, and order does not matter", () => {
  fc.assert(
    fc.property(fc.array(anyVerdict), (verdicts) => {
      assert.equal(not(or(...verdicts)).value, and(...verdicts.map(not)).value);
      assert.equal(or(...verdicts).value, or(...verdicts.toReversed()).value);
    }),
  );
});

test('the likelihood of a verdict rises from no over what leans to no, leans to nothing and leans to yes to yes', () => {
  const rising = [no(), depends([unknown('a')], 'no'), maybe, depends([unknown('a')], 'yes'), yes()];
  const stated = rising.map(({ value, leaning, unknowns }) => asVerdict({ verdict: value, leaning, unknowns }));
  assert.deepEqual(stated.map(likelihoodOf), [0, 1, 2, 3, 4]);
});
