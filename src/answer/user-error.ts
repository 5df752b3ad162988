/**
 * An error that the reader can act on: one line in kubectl's wording, printed on stderr without a stack.
 * `exitCode` is 1 where the question could not be answered, 2 where it was asked wrongly.
 * Anything else that is thrown is a bug of ours.
 */
export class UserError extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

/** A wrong command line: exit code 2. */
export const usageError = (message: string): UserError => new UserError(message, 2);
