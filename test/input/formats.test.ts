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
import { ask, binding, clusterRole, json, listOf, namesIn, open, place, pod, worldIn } from './inputs.ts';

const WEB = pod('shop', 'web');
const yaml = (...documents: unknown[]): string => documents.map((each) => `---\n${dump(each)}`).join('');
/** A list as kubectl writes it: items at the left edge. */
const yamlList = (...items: unknown[]): string =>
  `apiVersion: v1\nitems:\n${items.map((each) => dump([each])).join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`;
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const cases: [what: string, content: string | Buffer, names: string[]][] = [
  ['one object as JSON', json(WEB), ['pods shop/web']],
  ['one object as YAML', yaml(WEB), ['pods shop/web']],
  ['a List as JSON', json(listOf(WEB, clusterRole('view'))), ['clusterroles view', 'pods shop/web']],
  ['a List on one line', JSON.stringify(listOf(WEB, pod('shop', 'db'))), ['pods shop/db', 'pods shop/web']],
  ["a List as kubectl's YAML", yamlList(WEB, clusterRole('view')), ['clusterroles view', 'pods shop/web']],
  ['a List with indented items', yaml(listOf(WEB, clusterRole('view'))), ['clusterroles view', 'pods shop/web']],
  [
    'a List whose items are indented, with dashes at every depth',
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata:\n      name: a\n    x:\n    - y:\n      - z\n    s: |\n     - t\n  # next\n\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\nmetadata: {}\n',
    ['pods default/a', 'pods default/b'],
  ],
  ['a List in flow style', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: web}}]', ['pods default/web']],
  ['an object in flow style', '{apiVersion: v1, kind: Pod, metadata: {name: web}}', ['pods default/web']],
  ['a List with a comment before its first item', yamlList(WEB).replace('items:\n', 'items:   \n\n# all\n'), ['pods shop/web']],
  ['an empty List', json(listOf()), []],
  ['an empty List as YAML', 'apiVersion: v1\nitems: []\nkind: List\n', []],
  ['a List whose items are null', json({ ...listOf(), items: null }), []],
  ['a List in a List', json(listOf(listOf(WEB), listOf(listOf(clusterRole('view'))))), ['clusterroles view', 'pods shop/web']],
  ['several YAML documents', yaml(WEB, clusterRole('view'), listOf(pod('ci', 'a'))), ['clusterroles view', 'pods ci/a', 'pods shop/web']],
  ['Lists after one another as YAML', `${yamlList(WEB)}---\n${yamlList(pod('ci', 'a'))}`, ['pods ci/a', 'pods shop/web']],
  ['a document behind its marker', '--- {apiVersion: v1, kind: Pod, metadata: {name: web}}', ['pods default/web']],
  ['empty documents between others', `---\n---\n# nothing\n---\n${dump(WEB)}---\n`, ['pods shop/web']],
  [
    'JSON documents after one another',
    json(WEB, clusterRole('view'), listOf(pod('ci', 'a'))),
    ['clusterroles view', 'pods ci/a', 'pods shop/web'],
  ],
  ['JSON documents without anything between', JSON.stringify(WEB) + JSON.stringify(pod('ci', 'a')), ['pods ci/a', 'pods shop/web']],
  ['JSON documents with YAML markers between', `${json(WEB)}\n---\n${json(pod('ci', 'a'))}`, ['pods ci/a', 'pods shop/web']],
  ['JSON Lines', `${JSON.stringify(WEB)}\r\n\r\n${JSON.stringify(pod('ci', 'a'))}\r\n`, ['pods ci/a', 'pods shop/web']],
  ['JSON after a YAML comment', `# from kubectl\n${json(WEB)}`, ['pods shop/web']],
  ['a byte order mark before JSON', `\ufeff${json(WEB)}`, ['pods shop/web']],
  ['a byte order mark before YAML', `\ufeff${yaml(WEB)}`, ['pods shop/web']],
  ['UTF-16, as Windows PowerShell writes it, JSON', utf16(json(WEB)), ['pods shop/web']],
  ['UTF-16, YAML', utf16(yaml(WEB)), ['pods shop/web']],
  ['UTF-16, big end first', utf16(json(WEB)).swap16(), ['pods shop/web']],
  ['CRLF', yamlList(WEB, clusterRole('view')).replaceAll('\n', '\r\n'), ['clusterroles view', 'pods shop/web']],
  ['gzip, whatever its name', gzipSync(json(WEB)), ['pods shop/web']],
  [
    'two gzip files after one another',
    Buffer.concat([gzipSync(yaml(WEB)), gzipSync(yaml(pod('ci', 'a')))]),
    ['pods ci/a', 'pods shop/web'],
  ],
  ['white space first', `\n\n   ${json(WEB)}`, ['pods shop/web']],
  ['much white space first', `${' \n'.repeat(100_000)}${json(WEB)}`, ['pods shop/web']],
  [
    'a typed list of the API server, whose items have no kind',
    json({
      kind: 'RoleBindingList',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: {},
      items: [{ ...binding('shop', 'b'), kind: undefined, apiVersion: undefined }],
    }),
    ['rolebindings shop/b'],
  ],
  [
    'a typed list whose kind stands behind its items',
    json({ apiVersion: 'v1', items: [{ metadata: { name: 'web', namespace: 'shop' } }], kind: 'PodList' }),
    ['pods shop/web'],
  ],
  [
    'a typed list in a List',
    json(listOf({ kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'web', namespace: 'shop' } }] })),
    ['pods shop/web'],
  ],
  ['an older version of a group', json({ ...clusterRole('view'), apiVersion: 'rbac.authorization.k8s.io/v1beta1' }), ['clusterroles view']],
  ['a kind of that name in another group', json({ ...pod('shop', 'web'), apiVersion: 'example.com/v1' }), []],
  [
    'kinds that no question reads',
    json(listOf({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'c' }, data: { items: '[' } }), WEB),
    ['pods shop/web'],
  ],
  [
    'brackets and quotes in strings',
    json(listOf(pod('shop', 'web', { note: '"]}{[\\' }), pod('shop', 'db', { 'a"items': [1] }))),
    ['pods shop/db', 'pods shop/web'],
  ],
  ['a field called items that is no list', json(pod('shop', 'web', { items: { a: [{}] } })), ['pods shop/web']],
  ['the word items as a value before a list', json(pod('shop', 'web', { a: 'items', b: [{}] })), ['pods shop/web']],
  ['an object that occurs twice', json(listOf(WEB, WEB)), ['pods shop/web']],
  [
    'an attacker’s field',
    '{"apiVersion":"v1","kind":"Pod","__proto__":{"spec":{}},"metadata":{"name":"web","__proto__":{"namespace":"x"}}}',
    ['pods default/web'],
  ],
  ['names that look like YAML', yaml(pod('shop', 'no'), pod('shop', '0x10')), ['pods shop/0x10', 'pods shop/no']],
];
for (const [what, content, names] of cases) test(what, async () => assert.deepEqual(namesIn(await worldIn(content)), names));

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
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      assert.deepEqual(namesIn(await ask(await open('-', { stdin: Readable.from(chunks) }))), expected, `chunks of ${size}`);
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
