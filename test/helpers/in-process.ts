import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { runToTheEnd } from '../../src/cli/run/ending.ts';
import { run as runInvocation } from '../../src/cli/run/run.ts';
import { EXECUTABLE, environment, HOME, type Outcome, run, split } from './plugin.ts';

/** Something that runs a command line to its end. */
export type Runner = typeof fromSources;

/** The program in this process, from the sources, as somebody runs it in a pipe. */
export async function fromSources(
  words: string | readonly string[],
  { env = {}, stdin = '' }: { env?: NodeJS.ProcessEnv; stdin?: string | Buffer } = {},
): Promise<Outcome> {
  process.chdir(HOME);
  const variables = environment(env);
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) =>
    new Writable({
      write(piece, _encoding, done) {
        written[name] += piece;
        done();
      },
    });
  const host = {
    env: variables,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: output('stdout'),
    stderr: output('stderr'),
  };
  const code = await runToTheEnd(
    (each) => runInvocation(parseArgs(split(words), variables), each),
    host,
    new EventEmitter() as never,
  );
  return { code, ...written };
}

/** The built program, without kubectl. */
export const fromExecutable: Runner = (words, options) => run(EXECUTABLE, split(words), options);

/** Both, for tables that say what comes out. */
export const RUNNERS: readonly [name: string, runner: Runner][] = [
  ['the sources', fromSources],
  ['the executable', fromExecutable],
];

/** What does not depend on the moment. */
export const timeless = ({ code, stdout, stderr }: Outcome): Outcome => ({
  code,
  stdout: stdout.replaceAll(/"?readAt"?: [^\n,]+/g, 'readAt'),
  stderr,
});
