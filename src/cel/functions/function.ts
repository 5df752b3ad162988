import type { Spend } from '../operators.ts';
import { type CelError, failure, type Value } from '../values.ts';

/**
 * A function of arguments that are neither errors nor unknown; the receiver of a method comes first. It returns
 * undefined where it has no overload for them.
 */
export type CelFunction = (args: readonly Value[], spend: Spend) => Value | undefined;

export type Functions = Readonly<Record<string, CelFunction>>;

/** A function that takes only strings. */
export const ofStrings =
  (length: number, run: (strings: readonly string[], spend: Spend) => Value): CelFunction =>
  (args, spend) =>
    args.length === length && args.every((each) => typeof each === 'string')
      ? guarded(() => run(args, spend))
      : undefined;

/** Runs a function that reports a bad argument by throwing BadArgument. */
export function guarded(run: () => Value): Value | CelError {
  try {
    return run();
  } catch (error) {
    if (error instanceof BadArgument) return failure(error.message);
    throw error;
  }
}

export class BadArgument extends Error {}
