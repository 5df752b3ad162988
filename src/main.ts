import { UserError } from './answer/user-error.ts';
import { parseArgs } from './cli/parse/parse.ts';
import { runToTheEnd } from './cli/run/ending.ts';
import { reportError } from './cli/run/report.ts';
import { run } from './cli/run/run.ts';

let verbosity = 0;
let isSettled = false;

// One cause is one line: what goes wrong after it, or once all has been said, is of no interest to anybody but us.
process.on('uncaughtException', (error) => {
  if (!isSettled || verbosity > 0) fail(error);
});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  if (error.code !== 'EPIPE') fail(new UserError(`error: ${error.message}`));
});
process.stderr.on('error', () => undefined);

// Set, and never process.exit: what is printed into a pipe is still on its way.
main().then((code) => {
  process.exitCode ??= code;
  isSettled = true;
}, fail);

async function main(): Promise<number> {
  const invocation = parseArgs(process.argv.slice(2), process.env);
  if ('verbosity' in invocation) verbosity = invocation.verbosity;
  return runToTheEnd((host) => run(invocation, host), process);
}

function fail(error: unknown): void {
  process.exitCode = reportError(error, process, verbosity);
  isSettled = true;
}
