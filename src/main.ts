import { UserError } from './answer/user-error.ts';
import { wordsToComplete } from './cli/completion/called.ts';
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

const toComplete = wordsToComplete(process.argv0, process.argv);
if (toComplete) void completion(toComplete);
// Set, and never process.exit: what is printed into a pipe is still on its way.
else
  main().then((code) => {
    process.exitCode ??= code;
    isSettled = true;
  }, fail);

/** Ends when it has been said, whatever is still on its way: a slow server, or a credential plugin. */
async function completion(words: readonly string[]): Promise<void> {
  const { runCompletion } = await import('./cli/completion/run-completion.ts');
  await runCompletion(words, process.env, process);
  process.stdout.write('', () => process.exit(0));
}

async function main(): Promise<number> {
  const invocation = parseArgs(process.argv.slice(2), process.env);
  if ('verbosity' in invocation) verbosity = invocation.verbosity;
  return runToTheEnd((host) => run(invocation, host), process);
}

function fail(error: unknown): void {
  process.exitCode = reportError(error, process, verbosity);
  isSettled = true;
}
