import { UserError } from '../answer/user-error.ts';
import type { Asked, Result } from './question.ts';

/**
 * Answers targets one by one: one that cannot be answered leaves its error, and the others are answered all the same.
 */
export function answerEach<T>(targets: readonly T[], answer: (target: T) => Asked): Pick<Result, 'asked' | 'errors'> {
  const result: Pick<Result, 'asked' | 'errors'> = { asked: [], errors: [] };
  for (const target of targets) {
    try {
      result.asked.push(answer(target));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      result.errors.push(error);
    }
  }
  return result;
}
