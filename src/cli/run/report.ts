import { UserError } from '../../answer/user-error.ts';
import { visible } from '../../render/terminal/printable.ts';
import { PROGRAM } from '../parse/command.ts';
import type { Misuse } from '../parse/invocation.ts';
import type { Host } from './host.ts';

/** Prints what is wrong with a command line, and where the help is. Returns the exit code. */
export function reportMisuse({ message, command }: Misuse, { stderr }: Pick<Host, 'stderr'>): number {
  stderr.write(`${visible(message)}\nSee '${PROGRAM}${command ? ` ${command}` : ''} --help' for usage.\n`);
  return 2;
}

/**
 * Prints an error: a UserError as it is; anything else is a bug of ours, whose stack `-v` shows. Returns the exit code.
 */
export function reportError(error: unknown, { stderr }: Pick<Host, 'stderr'>, verbosity: number): number {
  if (error instanceof UserError) {
    stderr.write(`${visible(error.message)}\n`);
    return error.exitCode;
  }
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  stderr.write(
    `error: internal error: ${visible(message)}${verbosity > 0 ? '' : ' (please report it, with what -v adds)'}\n`,
  );
  if (verbosity > 0)
    stderr.write(
      stack
        .split('\n')
        .slice(1)
        .map((line) => `${visible(line)}\n`)
        .join(''),
    );
  return 1;
}
