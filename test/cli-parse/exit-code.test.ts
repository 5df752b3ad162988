import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import type { Unknown } from '../../src/answer/unknown.ts';
import { UserError, usageError } from '../../src/answer/user-error.ts';
import { exitCodeOf, strictly } from '../../src/cli/run/exit-code.ts';
import type { Result } from '../../src/questions/question.ts';
import { answer, finding } from '../helpers/answers.ts';

const result = (answers: Partial<Answer>[], ...errors: UserError[]): Result => ({
  asked: answers.map((parts) => ({ answer: answer(parts), summaryOf: () => '', checks: () => [] })),
  errors,
  warnings: [],
});
const yes = { verdict: 'yes' } as const;
const no = { verdict: 'no' } as const;
const depends = { verdict: 'depends' } as const;

/** Of a gate. */
const gate = (...answers: Partial<Answer>[]): Result => {
  const { asked, ...rest } = result(answers);
  return { ...rest, asked: asked.map((each) => ({ ...each, isGate: true as const })) };
};

const codes: [result: Result, plain: number, byVerdict: number, why: string][] = [
  [result([no]), 0, 0, 'no'],
  [result([yes]), 0, 3, 'yes'],
  [result([depends]), 0, 4, 'depends'],
  [result([no, depends, yes, no]), 0, 3, 'yes is worse than depends'],
  [result([no, depends]), 0, 4, 'depends is worse than no'],
  [result([]), 0, 0, 'nothing'],
  [gate(yes), 0, 0, 'a gate that lets all through'],
  [gate(no), 0, 3, 'a gate that refuses one'],
  [gate(depends), 0, 4, 'a gate that may refuse one'],
  [gate(yes, no, depends), 0, 3, 'a refusal is worse than depends'],
  [gate(yes, depends), 0, 4, 'depends is worse than all admitted'],
  [{ ...gate(yes), errors: [new UserError('one file')] }, 1, 1, 'a gate that could not answer for all'],
  [result([yes], new UserError('one pod is missing')), 1, 1, 'a target without an answer'],
  [result([yes], new UserError('a'), usageError('b')), 2, 2, 'the worst error'],
];
for (const [given, plain, byVerdict, why] of codes)
  test(`exit code ${plain}, with --exit-code ${byVerdict}: ${why}`, () =>
    assert.deepEqual([exitCodeOf(given, false), exitCodeOf(given, true)], [plain, byVerdict]));

const unknown = (kind: Unknown['kind'], what: string): Unknown => ({ kind, what, why: '403', affects: '' });

test('--strict refuses an answer that could not read all that it needed, and names what', () => {
  const { errors } = strictly(
    result([
      { ...yes, unknowns: [unknown('unreadable', 'roles'), unknown('opaque', 'webhook')] },
      {
        ...no,
        findings: [finding({ unknowns: [unknown('unreadable', 'pod shop/web'), unknown('unreadable', 'roles')] })],
      },
    ]),
  );
  assert.deepEqual(errors, [new UserError('error: could not read roles, pod shop/web')]);
});

test('--strict lets pass what no reading would have told', () => {
  const given = result([{ ...depends, unknowns: [unknown('invisible', 'groups'), unknown('opaque', 'webhook')] }]);
  assert.equal(strictly(given), given);
});
