import { UserError } from './answer/user-error.ts';
import { parseArgs } from './cli/parse.ts';
import { reportError } from './cli/report.ts';
import { run } from './cli/run.ts';

let verbosity = 0;

process.on('uncaughtException', fail);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  if (error.code !== 'EPIPE') fail(new UserError(`error: ${error.message}`));
});
process.stderr.on('error', () => undefined);

// Set, and never process.exit: what is printed into a pipe is still on its way.
main().then((code) => {
  process.exitCode ??= code;
}, fail);

async function main(): Promise<number> {
  const invocation = parseArgs(process.argv.slice(2), process.env);
  if ('verbosity' in invocation) verbosity = invocation.verbosity;
  return run(invocation, process);
}

function fail(error: unknown): void {
  process.exitCode = reportError(error, process, verbosity);
}
