import { UserError } from '../../answer/user-error.ts';
import { type Host, noteAnswers } from './host.ts';
import { reportError } from './report.ts';

/** What of a process tells that nothing is left to be waited for. */
type Process = Pick<NodeJS.Process, 'once' | 'off'>;

/**
 * Runs to the end, and resolves with the exit code. None is 0 unless an answer was printed: where work comes to rest
 * with nothing said, or the process runs out of things to wait for while it is still under way, that is an error, and
 * said.
 */
export async function runToTheEnd(
  work: (host: Host) => Promise<number>,
  host: Host,
  runtime: Process = process,
): Promise<number> {
  const starved = Promise.withResolvers<number>();
  const starve = (): void =>
    starved.resolve(reportError(new UserError('error: no answer came, and none can come any more'), host, 0));
  runtime.once('beforeExit', starve);
  const { answering, hasAnswered } = noteAnswers(host);
  try {
    const code = await Promise.race([work(answering), starved.promise]);
    return code === 0 && !hasAnswered() ? reportError(new UserError('error: nothing was answered'), host, 0) : code;
  } finally {
    runtime.off('beforeExit', starve);
  }
}
