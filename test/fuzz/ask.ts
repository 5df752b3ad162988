import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { Invocation } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { admit } from '../../src/cli/questions/admit.ts';
import { runToTheEnd } from '../../src/cli/run/ending.ts';
import { reportError } from '../../src/cli/run/report.ts';
import { run } from '../../src/cli/run/run.ts';
import { runAsk } from '../../src/cli/run/run-ask.ts';
import type { Opened } from '../../src/cli/run/source.ts';
import type { Outcome } from '../helpers/run-main.ts';
import { PODS } from './inputs/files.ts';

/** Something that the program is given, and what it is asked then. */
export interface Input {
  words: readonly string[];
  stdin?: Buffer;
  /** In place of what the words name. */
  open?: () => Promise<Opened>;
  /** What of a terminal there is; without it, pipes. */
  columns?: number;
  /** What must not be printed. */
  secret?: string;
}

/** What the words mean, and what was printed. */
export interface Ran extends Outcome {
  invocation: Invocation;
}

/** What reads a command line and does what it says: the program's own, or with a mistake in it. */
export interface Engine {
  parseArgs: typeof parseArgs;
  runAsk: typeof runAsk;
  admit: typeof admit;
}

const PROGRAM: Engine = { parseArgs, runAsk, admit };

/** Runs it to the end, as main does. */
export async function ask({ words, stdin, open, columns }: Input, engine: Engine = PROGRAM): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) =>
    Object.assign(
      new Writable({
        write(piece, _encoding, done) {
          written[name] += piece;
          done();
        },
      }),
      columns === undefined ? {} : { isTTY: true, columns, rows: 24, ...CURSOR },
    );
  const host = {
    env: ENVIRONMENT,
    stdin: Readable.from(stdin ? [stdin] : []),
    stdout: output('stdout'),
    stderr: output('stderr'),
  };
  const invocation = harmless(parsed(words, engine), engine);
  const code = await runToTheEnd(
    async (each) => {
      if (invocation.action !== 'ask') return run(invocation, each);
      try {
        return await engine.runAsk(invocation, each, open);
      } catch (error) {
        return reportError(error, each, 0);
      }
    },
    host,
    RUNTIME,
  );
  return { code, ...written, invocation };
}

/** What a spinner moves. */
const CURSOR = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
export const ENVIRONMENT: NodeJS.ProcessEnv = { LANG: 'C.UTF-8', HOME: '/nonexistent' };
const RUNTIME = new EventEmitter() as never;

/** Nothing is written but what is printed, and no file is read but ours. */
function harmless(invocation: Invocation, engine: Engine): Invocation {
  if (invocation.action === 'snapshot') return { action: 'help', command: 'snapshot' };
  if (invocation.action !== 'ask' || invocation.asks.question !== engine.admit) return invocation;
  const target = invocation.asks.target as Parameters<typeof admit.about>[0];
  const paths = target.paths.map((path) => (path === '-' || PODS.includes(path) ? path : (PODS[0] as string)));
  return { ...invocation, asks: engine.admit.about({ ...target, paths }) };
}

/** The same words are parsed once: they are few, and what they are is not what is asked here. */
function parsed(words: readonly string[], engine: Engine): Invocation {
  const known = KNOWN.get(engine) ?? new Map<string, Invocation>();
  KNOWN.set(engine, known);
  const key = words.join('\0');
  const invocation = known.get(key) ?? engine.parseArgs(words, ENVIRONMENT);
  if (known.size < MANY) known.set(key, invocation);
  return invocation;
}

const KNOWN = new WeakMap<Engine, Map<string, Invocation>>();
const MANY = 5_000;
