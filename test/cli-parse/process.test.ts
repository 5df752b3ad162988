import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** The program as a child that ends with its test. */
function start(t: TestContext, args: string[], stdio: ('pipe' | number)[] = ['pipe', 'pipe', 'pipe']) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio });
  t.after(() => child.kill('SIGKILL'));
  return { child, ended: once(child, 'exit') };
}

test('answers on stdout, the exit code from the run', async (t) => {
  const { child, ended } = start(t, ['--help']);
  assert.ok(child.stdout);
  assert.match(await text(child.stdout), /^Who can get into this pod/);
  assert.deepEqual(await ended, [0, null]);
});

test('a wrong command line is exit code 2', async (t) => {
  const { child, ended } = start(t, ['bogus']);
  assert.ok(child.stderr);
  assert.match(await text(child.stderr), /^error: unknown command "bogus"/);
  assert.deepEqual(await ended, [2, null]);
});

test('a reader that leaves early is no failure', async (t) => {
  const { child, ended } = start(t, ['exec', 'web-0', '--input', '-', '-ojson']);
  assert.ok(child.stdout && child.stderr && child.stdin);
  child.stdout.destroy();
  child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0', namespace: 'default' } }));
  assert.equal(await text(child.stderr), '');
  assert.deepEqual(await ended, [0, null]);
});

test('an answer that cannot be written is a failure', {
  skip: process.platform !== 'linux' && 'no /dev/full here',
}, async (t) => {
  const { child, ended } = start(t, ['--help'], ['pipe', openSync('/dev/full', 'w'), 'pipe']);
  assert.ok(child.stderr);
  assert.match(await text(child.stderr), /^error: ENOSPC: no space left on device, write\n$/);
  assert.deepEqual(await ended, [1, null]);
});

test('an interrupt ends it at once', { skip: process.platform === 'win32' && 'no signals here' }, async (t) => {
  const { child, ended } = start(t, ['exec', 'web-0', '--input', '-']);
  assert.ok(child.stdin);
  // More than a pipe holds: when it has been taken, the program is reading.
  child.stdin.write(Buffer.alloc(1024 * 1024, '\n'), () => child.kill('SIGINT'));
  assert.deepEqual(await ended, [null, 'SIGINT']);
});

test('help and version load neither the client nor the renderer', async (t) => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.argv = [process.argv[0], ${JSON.stringify(MAIN)}, '--help'];
    process.on('exit', () => console.error(JSON.stringify(loaded)));
    await import(${JSON.stringify(`file://${MAIN}`)});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  t.after(() => child.kill('SIGKILL'));
  const loaded: string[] = JSON.parse(await text(child.stderr));
  assert.ok(loaded.some((url) => url.endsWith('/src/cli/parse/parse.ts')));
  const heavy =
    /\/src\/cluster\/|\/src\/questions\/|\/src\/render\/(?!terminal\/(?:printable|width|wrap)\.ts)|node_modules\/(js-yaml|ora)\//;
  assert.deepEqual(
    loaded.filter((url) => heavy.test(url)),
    [],
  );
});
