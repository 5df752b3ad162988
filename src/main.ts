import { UserError } from './answer/user-error.ts';
import { parseArgs } from './cli/parse.ts';
import { reportError } from './cli/report.ts';
import { run } from './cli/run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no failure; a full disk is.
  if (error.code !== 'EPIPE') process.exitCode = reportError(new UserError(`error: ${error.message}`), process, 0);
});
process.stderr.on('error', () => undefined);

// Set, and never process.exit: what is printed into a pipe is still on its way.
main().then((code) => {
  process.exitCode ??= code;
});

async function main(): Promise<number> {
  try {
    return await run(parseArgs(process.argv.slice(2), process.env), process);
  } catch (error) {
    return reportError(error, process, 0);
  }
}
