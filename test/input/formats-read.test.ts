import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { YamlSplitter } from '../../src/cluster/input/split-yaml.ts';
import { parseYaml } from '../../src/cluster/input/yaml.ts';
import { formats, yaml, yamlList } from './formats.ts';
import { ask, clusterRole, json, listOf, namesIn, open, place, pod, worldIn } from './inputs.ts';

for (const [what, content, names] of formats)
  test(what, async () => assert.deepEqual(namesIn(await worldIn(content)), names));

test('the same bytes in chunks of any size are the same objects', async () => {
  const documents = [
    json(listOf(pod('shop', 'wéb'), pod('ci', 'a\\"b', { items: [] })), clusterRole('view')),
    yamlList(pod('shop', 'wéb'), clusterRole('view')),
  ];
  for (const text of documents) {
    const expected = namesIn(await worldIn(text));
    assert.ok(expected.length >= 2);
    for (const size of [1, 2, 3, 7, 64]) {
      const bytes = Buffer.from(text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      assert.deepEqual(
        namesIn(await ask(await open('-', { stdin: Readable.from(chunks) }))),
        expected,
        `chunks of ${size}`,
      );
    }
  }
});

test('a directory is read below too, in the order of its names, links to directories left out', async () => {
  const root = place({
    'b.yml': yaml(pod('shop', 'web', { spec: { nodeName: 'second' } })),
    'a/x.json.gz': gzipSync(json(pod('shop', 'web', { spec: { nodeName: 'first' } }))),
    'a/deep/y.jsonl': JSON.stringify(clusterRole('view')),
    'README.md': 'no object',
    'a/values.txt': '{{',
  });
  symlinkSync(root, join(root, 'a/loop'));
  symlinkSync(join(root, 'b.yml'), join(root, 'c.yaml'));
  const world = await ask(await open(root));
  assert.deepEqual(namesIn(world), ['clusterroles view', 'pods shop/web']);
  assert.equal(world.find('pods', 'shop', 'web')?.node, 'second');
});

test('strings of YAML are those that kubectl sees', async () => {
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {date: 2024-01-01, clock: 12:34}
---
apiVersion: v1
kind: Pod
metadata:
  name: bad
  labels: {enabled: yes}
`;
  const world = await worldIn(text);
  assert.deepEqual(world.find('pods', 'default', 'web')?.labels, { date: '2024-01-01', clock: '12:34' });
  assert.deepEqual(
    world.malformed('pods').map(({ what, why }) => `${what}: ${why}`),
    ['pods default/bad: labels is not a map of strings'],
  );
});

test('a list that is split as it streams is the same as the list read at once', async () => {
  const characters = fc.constantFrom('-', ' ', '\n', '#', ':', '"', 'a', '\t', 'items:\n- x\n', '\n---\n');
  const value = fc.tuple(fc.jsonValue(), fc.string({ unit: characters }));
  const styles = fc.record({
    indent: fc.integer({ min: 1, max: 4 }),
    seqNoIndent: fc.boolean(),
    lineWidth: fc.integer({ min: 5, max: 80 }),
  });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), styles, (values, style) => {
      const text = dump(
        { apiVersion: 'v1', items: values.map(([a, b], i) => ({ ...pod('shop', `web-${i}`), a, b })), kind: 'List' },
        style,
      );
      const splitter = new YamlSplitter();
      const pieces = [...splitter.push(Buffer.from(text)), ...splitter.end()];
      const items = pieces.filter(({ type }) => type === 'item').map((each) => each.value);
      assert.deepEqual({ items, ...Object(pieces.at(-1)?.value) }, parseYaml(text, 1)[0]);
    }),
    { numRuns: 500 },
  );
});
