import { Readable, Writable } from 'node:stream';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import type { Host, Output } from '../../src/cli/run/host.ts';
import { run } from '../../src/cli/run/run.ts';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A terminal of this size; without it, pipes. */
export interface Terminal {
  columns: number;
  rows?: number;
}

/** What the program prints, in this process: `main('privileged -A --demo')`. */
export async function main(line: string, terminal?: Terminal, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written): Output =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += String(chunk);
          done();
        },
      }),
      terminal ? { isTTY: true, ...terminal, ...CURSOR } : {},
    );
  const host: Host = {
    env: { LANG: 'C.UTF-8', ...env },
    stdin: Readable.from(['']),
    stdout: output('stdout'),
    stderr: output('stderr'),
  };
  const code = await run(parseArgs(line.split(' '), host.env), host);
  return { code, ...written };
}

/** What a spinner moves. */
const CURSOR = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
