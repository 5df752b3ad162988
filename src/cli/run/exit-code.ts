import { maxOf } from '../../answer/many.ts';
import { distinctUnknowns } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import type { Asked, Result } from '../../questions/question.ts';

/**
 * 0 where all was answered, else the worst of the errors. With `--exit-code` the worst answer decides where there are
 * no errors: 3 for the bad one, 4 for depends, 0 for the good one. Bad is a yes, since an attacker can; of a gate
 * (`admit`) it is a no, since something is refused.
 */
export function exitCodeOf({ asked, errors }: Result, byVerdict: boolean): number {
  if (errors.length > 0) return maxOf(errors.map(({ exitCode }) => exitCode));
  if (!byVerdict) return 0;
  if (asked.some(({ answer, isGate }) => answer.verdict === (isGate ? 'no' : 'yes'))) return 3;
  return asked.some(({ answer }) => answer.verdict === 'depends') ? 4 : 0;
}

/** `--strict`: an answer that could not read all that it needed is an error too. */
export function strictly(result: Result): Result {
  const missing = distinctUnknowns(result.asked.flatMap(unreadable)).map(({ what }) => what);
  if (missing.length === 0) return result;
  return { ...result, errors: [...result.errors, new UserError(`error: could not read ${missing.join(', ')}`)] };
}

const unreadable = ({ answer: { unknowns, findings, nearMisses } }: Asked) =>
  [...unknowns, ...[...findings, ...nearMisses].flatMap((finding) => finding.unknowns)].filter(
    ({ kind }) => kind === 'unreadable',
  );
