import { distinctUnknowns } from '../answer/unknown.ts';
import { UserError } from '../answer/user-error.ts';
import type { Asked, Result } from '../questions/question.ts';

/**
 * 0 where all was answered, else the worst of the errors. With `--exit-code` the worst answer decides where there are no errors: 3 for
 * yes, 4 for depends, 0 for no.
 */
export function exitCodeOf({ asked, errors }: Result, byVerdict: boolean): number {
  if (errors.length > 0) return Math.max(...errors.map(({ exitCode }) => exitCode));
  if (!byVerdict) return 0;
  const verdicts = new Set(asked.map(({ answer }) => answer.verdict));
  return verdicts.has('yes') ? 3 : verdicts.has('depends') ? 4 : 0;
}

/** `--strict`: an answer that could not read all that it needed is an error too. */
export function strictly(result: Result): Result {
  const missing = distinctUnknowns(result.asked.flatMap(unreadable)).map(({ what }) => what);
  if (missing.length === 0) return result;
  return { ...result, errors: [...result.errors, new UserError(`error: could not read ${missing.join(', ')}`)] };
}

const unreadable = ({ answer: { unknowns, findings, nearMisses } }: Asked) =>
  [...unknowns, ...[...findings, ...nearMisses].flatMap((finding) => finding.unknowns)].filter(({ kind }) => kind === 'unreadable');
