import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { UserError } from '../../src/answer/user-error.ts';
import { readPodFiles } from '../../src/cluster/input/pod-files.ts';
import type { PodFiles } from '../../src/questions/admit/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'whocan-pods-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: []}\n`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n';
const ROLLOUT = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\n';
const OLD = 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n';

const read = (paths: readonly string[], stdin = ''): Promise<PodFiles> =>
  readPodFiles(paths, Readable.from([Buffer.from(stdin)]));
const names = ({ objects }: PodFiles): string[] =>
  objects.map(({ kind, raw }) => `${kind.kind} ${(raw.metadata as { name: string }).name}`);

test('documents, lists and typed lists, in YAML and JSON, packed too', async () => {
  const yaml = file('a.yaml', `${pod('a')}---\n${SERVICE}---\n# nothing\n---\n${pod('b')}`);
  const list = file(
    'list.json',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } }],
    }),
  );
  const typed = file(
    'typed.json',
    JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'c' } }] }),
  );
  const packed = file('d.yaml.gz', gzipSync(pod('d')));
  assert.deepEqual(names(await read([yaml, list, typed, packed])), ['Pod a', 'Pod b', 'Job j', 'Pod c', 'Pod d']);
});

test('a directory, with files that are empty', async () => {
  file('chart/a.yaml', pod('a'));
  file('chart/deeper/b.yml', pod('b'));
  file('chart/empty.yaml', '');
  file('chart/comment.yaml', '# only this\n');
  file('chart/NOTES.txt', 'not read');
  const { objects, errors } = await read([join(folder, 'chart')]);
  assert.deepEqual(
    [objects.map(({ from }) => from.slice(folder.length)), errors],
    [['/chart/a.yaml:1', '/chart/deeper/b.yml:1'], []],
  );
});

test('standard input', async () => {
  const found = await read(['-'], pod('a'));
  assert.deepEqual([names(found), found.objects[0]?.from], [['Pod a'], 'STDIN:1']);
});

test('what is not built in is warned about once a kind, what is, is passed over', async () => {
  const { warnings, errors } = await read(['-'], [pod('a'), SERVICE, ROLLOUT, ROLLOUT].join('---\n'));
  assert.deepEqual(warnings, [
    "Rollout of argoproj.io/v1alpha1 is no kind of Kubernetes' own: whether its controller makes pods, and which, is not known here",
  ]);
  assert.deepEqual(errors, []);
});

test('namespaces and accounts come along, broken ones do not', async () => {
  const text = [
    pod('a'),
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n',
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: 7}\n',
  ];
  const { namespaces, accounts } = await read(['-'], text.join('---\n'));
  assert.deepEqual(
    [namespaces, accounts],
    [[{ namespace: null, name: 'shop', labels: { a: 'b' }, deleting: false }], []],
  );
});

const nothing: [what: string, text: string][] = [
  ['a service', SERVICE],
  ['a comment', '# nothing\n'],
  ['an empty list', 'apiVersion: v1\nkind: List\nitems: []\n'],
  ['a custom kind, with its warning', ROLLOUT],
];
for (const [what, text] of nothing)
  test(`no pods in ${what}`, async () => {
    const { errors, objects } = await read(['-'], text);
    assert.deepEqual(
      [errors.map(({ message, exitCode }) => [message, exitCode]), objects],
      [[['error: no pods, and nothing that makes pods, in STDIN', 1]], []],
    );
  });

test('a version that is gone is kubectl’s error, and the others are there', async () => {
  const { errors, objects } = await read(['-'], `${OLD}---\n${pod('a')}`);
  assert.deepEqual(
    errors.map(({ message }) => message),
    [
      'error: resource mapping not found for name: "web" namespace: "shop" from "STDIN": no matches for kind "Deployment" in version "extensions/v1beta1"',
    ],
  );
  assert.equal(objects.length, 1);
});

const broken: [what: string, name: string, content: string | null, message: RegExp][] = [
  ['nothing there', 'none.yaml', null, /^error: the path ".*none\.yaml" does not exist$/],
  ['an empty file', 'empty.yaml', '', /^error: .*empty\.yaml is empty$/],
  ['no YAML', 'bad.yaml', 'a: [', /^error: error parsing .*bad\.yaml: line \d+: /],
  [
    'a template',
    'helm.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Name }}-x}\n',
    /it looks like a Helm template: render it first/,
  ],
  [
    'JSON cut short',
    'cut.json',
    '{"apiVersion":"v1","kind":"Pod"',
    /^error: error parsing .*cut\.json: line 1: unexpected end of JSON input$/,
  ],
  ['no kind', 'kindless.yaml', 'apiVersion: v1\n', /^error: error parsing .*: line 1: Object 'Kind' is missing$/],
  [
    'no apiVersion',
    'versionless.yaml',
    'kind: Pod\n',
    /^error: error parsing .*: line 1: Object 'apiVersion' is missing$/,
  ],
  ['a text', 'text.yaml', 'hello\n', /is no object of Kubernetes$/],
  ['binary data', 'binary.yaml', 'a\0b', /binary data, neither JSON nor YAML$/],
  [
    'a snapshot',
    'snapshot.jsonl',
    '{"format":"whocan-escalate/snapshot","version":1,"facts":{}}\n',
    /a snapshot: --input reads those$/,
  ],
];
for (const [what, name, content, message] of broken)
  test(`${what} is no answer`, async () => {
    const path = content === null ? join(folder, name) : file(`broken/${name}`, content);
    await assert.rejects(
      read([path]),
      (error) => error instanceof UserError && message.test(error.message) && error.exitCode === 1,
    );
  });
