import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { runToTheEnd } from '../../src/cli/run/ending.ts';
import type { Host } from '../../src/cli/run/host.ts';
import { run } from '../../src/cli/run/run.ts';

const NOTHING = 'error: nothing was answered\n';
const STARVED = 'error: no answer came, and none can come any more\n';

const never = new Promise<number>(() => {});
const answering =
  (code: number) =>
  async ({ answered }: Host): Promise<number> => {
    answered?.();
    return code;
  };

/** What the work comes to, and what the process does with it. */
const endings: [
  what: string,
  work: (host: Host, starve: () => void) => Promise<number>,
  code: number | 'Error',
  said: string,
][] = [
  ['an answer', answering(0), 0, ''],
  ['an answer that is a yes', answering(3), 3, ''],
  ['an error', async () => 1, 1, ''],
  ['a misuse', async () => 2, 2, ''],
  ['nothing, and no error', async () => 0, 1, NOTHING],
  ['words on the screen that are no answer', saying('Reading…'), 1, `Reading…${NOTHING}`],
  ['nothing that can still come', starving, 1, STARVED],
  [
    'an answer, and then nothing that can still come',
    (host, starve) => answering(0)(host).then(() => starving(host, starve)),
    1,
    STARVED,
  ],
  ['a mistake of ours', async () => Promise.reject(new Error('oops')), 'Error', ''],
];
for (const [what, work, code, said] of endings)
  test(`${what}: ${code}`, async () => {
    const { host, written } = hosting();
    const runtime = new EventEmitter();
    const ending = runToTheEnd((each) => work(each, () => runtime.emit('beforeExit')), host, runtime as never);
    assert.deepEqual([await ending.catch((error: Error) => error.name), written()], [code, said]);
    assert.equal(runtime.listenerCount('beforeExit'), 0);
  });

/** All that a command line may come to, with what it prints, or that there is nothing to list. */
const lines: [line: string, code: number][] = [
  ['--help', 0],
  ['help exec', 0],
  ['--version', 0],
  ['exec web-0 -n shop --demo', 0],
  ['exec web-0 -n shop --demo -o name --exit-code', 3],
  ['who get nothing-of-the-kind --demo', 1],
  ['exec web-0 -n shop --demo --subject user/nobody -o name', 0],
  ['raw-sockets -n shop --demo -o json', 0],
  ['pod -l app=nothing -n shop --demo', 1],
  ['pod -l app=nothing -n shop --demo -o json', 1],
  ['exec --nonsense', 2],
];
for (const [line, code] of lines)
  test(`${line}: ${code}`, async () => {
    const { host, written } = hosting();
    assert.deepEqual(
      [await runToTheEnd((each) => run(parseArgs(line.split(' '), {}), each), host), written().includes(NOTHING)],
      [code, false],
    );
  });

function saying(words: string) {
  return async ({ stdout }: Host): Promise<number> => {
    stdout.write(words);
    return 0;
  };
}

function starving(_: Host, starve: () => void): Promise<number> {
  setImmediate(starve);
  return never;
}

function hosting(): { host: Host; written: () => string } {
  let text = '';
  const output = (): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    });
  return { host: { env: {}, stdin: Readable.from([]), stdout: output(), stderr: output() }, written: () => text };
}
