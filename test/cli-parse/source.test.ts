import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Ask } from '../../src/cli/parse/invocation.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { openSource } from '../../src/cli/run/source.ts';

test('who needs no credential plugin does not open standard input, which takes Node some ms', async () => {
  const host = {
    env: {},
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    get stdin(): never {
      throw new Error('it was looked at');
    },
  };
  const invocation = parseArgs(['exec', 'web-0', '--server=http://127.0.0.1:1', '--kubeconfig=/dev/null'], {}) as Ask;
  const { name, close } = await openSource(invocation, host);
  close();
  assert.equal(name, 'http://127.0.0.1:1');
});
