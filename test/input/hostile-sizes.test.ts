import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readPieces } from '../../src/cluster/input/pieces.ts';
import { parseYaml } from '../../src/cluster/input/yaml.ts';
import { worldIn } from './inputs.ts';

/**
 * Milliseconds of CPU that something of a fixed size takes at most: many times what it does take, and far less than by
 * the square.
 */
async function within(limit: number, work: () => unknown): Promise<void> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  const taken = (user + system) / 1000;
  assert.ok(taken < limit, `${taken} ms of CPU`);
}

const SIZE = 400_000;
const LIMIT = 8000;
const brackets = (open: string, close: string): string => open.repeat(900) + close.repeat(900);

/** Texts that are no YAML, or hardly: none of them takes time by the square of its length. */
const texts: [name: string, text: string][] = [
  ['openings of templates', `a: ${'{{'.repeat(SIZE / 2)}`],
  ['openings of templates, and closings in another line', `a: ${'{{'.repeat(SIZE / 2)}\n}}`],
  ['openings of templates on lines of their own', '{{\n'.repeat(SIZE / 3)],
  ['line ends', `a: b${'\n'.repeat(SIZE)}`],
  ['line ends of Windows', `a: b${'\r\n'.repeat(SIZE / 2)}`],
  ['blanks', `a: b${' '.repeat(SIZE)}`],
  ['tabs', `a: b${'\t'.repeat(SIZE)}`],
  ['lines of a tab', '\t\n'.repeat(SIZE / 2)],
  ['dashes', '- '.repeat(400)],
  ['a comment without end', `a: [b ${'#'.repeat(SIZE)}`],
  ['comments in brackets', `a: [b,\t${' #\n'.repeat(SIZE / 3)}]`],
  ['comments in brackets that nothing closes', `a: [b\t${' #'.repeat(SIZE / 2)}`],
  ['brackets in brackets, with a tab', `a:\n\tb: ${brackets('[', ']')}\n`],
  ['brackets in brackets', `a: ${brackets('{a: [', ']}')}`],
  ['quotes', `a: ${'"'.repeat(SIZE)}`],
  ['backslashes', `a: "${'\\'.repeat(SIZE)}`],
  ['pairs of backslashes', `a: "${'\\\\'.repeat(SIZE / 2)}/"`],
  ['colons', `a${':'.repeat(SIZE)}`],
  ['question marks', `${'? '.repeat(400)}a`],
  ['anchors', `${'&a '.repeat(SIZE / 3)}`],
  ['aliases', `a: &a [${'*a, '.repeat(SIZE / 4)}]`],
  ['brackets at the left edge', 'a: [\n'.repeat(900)],
  ['separators', '---\n'.repeat(SIZE / 8)],
  ['items', `items:\n${'- \n'.repeat(SIZE / 12)}`],
  ['percent signs', `${'%'.repeat(SIZE)}\n`],
  ['exclamation marks', `a: ${'!'.repeat(SIZE)}`],
  ['greater-than signs', `a: >${'>'.repeat(SIZE)}`],
  ['digits', `a: ${'1'.repeat(SIZE)}`],
  ['digits and underscores', `a: ${'1_'.repeat(SIZE / 2)}x`],
];
for (const [name, text] of texts)
  test(`${name} are read, or refused, in time`, () =>
    within(LIMIT, () => {
      try {
        parseYaml(text, 1);
      } catch {
        // Whether it is YAML is not the question.
      }
    }));

const drained = async (bytes: Buffer): Promise<number> => {
  let count = 0;
  for await (const _ of readPieces(Readable.from([bytes]), false)) count += 1;
  return count;
};

/** Packed: 400 KB of line ends were 400 MB, and took 100 s. */
const packed: [name: string, text: Buffer, message: RegExp | null][] = [
  ['line ends', Buffer.alloc(100 * 2 ** 20, '\n'), /^nothing but white space where the first object should begin$/],
  [
    'blanks behind a brace',
    Buffer.concat([Buffer.from('{'), Buffer.alloc(100 * 2 ** 20, ' ')]),
    /^nothing but white space/,
  ],
  [
    'line ends behind a document',
    Buffer.concat([Buffer.from('a: b\n'), Buffer.alloc(100 * 2 ** 20, '\n')]),
    /^a document of more than 2000000 lines: write it with -o json$/,
  ],
  ['one line', Buffer.concat([Buffer.from('a: '), Buffer.alloc(100 * 2 ** 20, 'b')]), /^a line that is too long$/],
  [
    'white space between objects',
    Buffer.concat([Buffer.from('{"a":1}'), Buffer.alloc(100 * 2 ** 20, ' ')]),
    /^more than 250 times as large unpacked as packed$/,
  ],
  [
    'a long text',
    Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(100 * 2 ** 20, 'b')]),
    /^an object of more than 32 MiB$/,
  ],
  ['an object', Buffer.from('{"a":1}'), null],
];
for (const [name, bytes, message] of packed)
  test(`${name}, packed, are ${message ? 'refused' : 'read'} in time`, async () => {
    const file = gzipSync(bytes, { level: 9 });
    await within(LIMIT, async () => {
      if (message) await assert.rejects(drained(file), { message });
      else assert.equal(await drained(file), 1);
    });
  });

test('what is packed well, and is a cluster, is read', async () => {
  const pod = (index: number): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${index}`, namespace: 'x' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
  const text = Array.from({ length: 20_000 }, (_, index) => pod(index)).join('\n');
  const world = await worldIn(gzipSync(text));
  assert.equal(world.list('pods').length, 20_000);
});

test('a template is still known for one', async () => {
  for (const text of ['a: [{{ .Values.x }}', 'a: [\n  {{- if x }}\n', '{{ x }}{{ y', 'x: [ }} {{ a }}'])
    assert.throws(() => parseYaml(text, 1), /it looks like a Helm template/);
  for (const text of ['a: [ }} {{', 'a: [ {{\n}}', 'a: [ {{ }'])
    assert.throws(
      () => parseYaml(text, 1),
      (error: Error) => !/Helm/.test(error.message),
    );
});
