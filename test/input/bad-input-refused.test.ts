import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { UserError } from '../../src/answer/user-error.ts';
import { badInputs, HEADER, KUBECTL_YAML, LIST } from './bad-input.ts';
import { clusterRole, json, listOf, open, place, pod } from './inputs.ts';

for (const [what, content, message, name = 'x'] of badInputs)
  test(what, async () => {
    const path = join(place({ [name]: content }), name);
    const error = await refusal(open(path));
    const seen = error.replaceAll(path, 'F');
    if (typeof message === 'string') assert.equal(seen, message);
    else assert.match(seen, message);
    assert.doesNotMatch(seen, /\n/);
  });

test('a path that does not exist', async () =>
  assert.equal(await refusal(open('/no/such')), 'error: the path "/no/such" does not exist'));

test('a directory without a file that could be read', async () => {
  const root = place({ 'README.md': 'x' });
  assert.match(
    await refusal(open(root)),
    new RegExp(`^error: error reading \\[${root}\\]: recognized file extensions are \\[`),
  );
});

test('a directory of which nothing can be read is an error', async () => {
  const root = place({ 'a.json': '{"a', 'b.yaml': 'a: [' });
  assert.equal(await refusal(open(root)), `error: error parsing ${root}/a.json: line 1: unexpected end of JSON input`);
});

test('a snapshot among other files', async () => {
  const root = place({ 'a.json': LIST, 'b.json': HEADER });
  assert.match(await refusal(open(root)), /b\.json: line 1: a snapshot has to be the only input$/);
});

test('a link that leads nowhere', async () => {
  const root = place({});
  mkdirSync(root, { recursive: true });
  symlinkSync('nowhere', join(root, 'x.yaml'));
  assert.equal(await refusal(open(root)), `error: the path "${root}/x.yaml" does not exist`);
});

test('standard input is called STDIN, as kubectl calls it', async () => {
  assert.equal(await refusal(open('-')), 'error: STDIN is empty');
  assert.match(
    await refusal(open('-', { stdin: Readable.from([Buffer.from('a: [')]) })),
    /^error: error parsing STDIN: line 1: /,
  );
});

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('was read'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.exitCode, 1);
  return error.message;
}

test('any damage is either read or refused in one line', async () => {
  const { metadata, ...list } = listOf(pod('shop', 'wéb', { a: ['{', { b: null }] }), clusterRole('view'));
  const whole = [
    json({ ...list, metadata }),
    dump(list, { quoteStyle: 'double' }),
    KUBECTL_YAML,
    `${HEADER}${JSON.stringify(pod('a', 'b'))}\n{"record":"end"}\n`,
  ];
  const spliced = fc.tuple(
    fc.constantFrom(...whole),
    fc.nat(500),
    fc.nat(20),
    fc.oneof(fc.constantFrom('"', '{', ']', '\n', '- ', '---\n', '&a ', '*a', '{{ x }}', '\t', ':'), fc.string()),
  );
  await fc.assert(
    fc.asyncProperty(spliced, fc.boolean(), async ([text, at, cut, put], packed) => {
      const bytes = Buffer.from(text.slice(0, at) + put + text.slice(at + cut));
      await open('-', { stdin: Readable.from([packed ? gzipSync(bytes) : bytes]) }).catch((error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, /^error: [^\n]+$/);
      });
    }),
    { numRuns: 500 },
  );
});
