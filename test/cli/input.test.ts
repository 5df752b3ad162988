import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../../src/answer/answer.ts';
import { allow, user } from '../helpers/cluster.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { binding, role } from '../helpers/story.ts';

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name },
  spec: { containers: [{ name: 'app' }] },
});
const list = (...items: object[]) => ({ apiVersion: 'v1', kind: 'List', items });
const file = (name: string, content: string | Buffer | object): void =>
  writeFileSync(
    join(HOME, name),
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );

const cluster = list(
  pod('web-0'),
  role('shop', 'get', [allow('get', 'pods/exec')]),
  binding('shop', 'get', 'Role/get', [user('jane')]),
);
file('cluster.json', cluster);
file('cluster.json.gz', gzipSync(JSON.stringify(cluster)));
file('pods.json', list(pod('web-0')));
file(
  'pods.yaml',
  'apiVersion: v1\nkind: Pod\nmetadata: {namespace: shop, name: web-0}\nspec: {containers: [{name: app}]}\n---\n# nothing\n',
);
file('empty.yaml', '');
file('blank.yaml', '\n---\n# nothing but a comment\n---\n');
file('cut.json', JSON.stringify(cluster).slice(0, -40));
file('garbage.json.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4]));
file('cut.json.gz', gzipSync(JSON.stringify(cluster)).subarray(0, 60));
file('helm.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n');
file('html.json', '<!DOCTYPE html><html></html>');
file(
  'wrong-types.json',
  list({ ...pod('web-0'), spec: { containers: 5 } }, { ...binding('shop', 'b', 'Role/get', []), subjects: 'jane' }),
);
mkdirSync(join(HOME, 'folder/deeper'), { recursive: true });
mkdirSync(join(HOME, 'hollow'));
file('folder/pod.json', pod('web-0'));
file('folder/deeper/rbac.yaml', JSON.stringify(cluster.items[1]));
file('folder/binding.yml', JSON.stringify(cluster.items[2]));
file('folder/README.md', 'not read');

/** Files that cannot be read as a whole: one line, and no answer that rests on a part. */
const ERRORS: [name: string, stderr: RegExp][] = [
  ['empty.yaml', /^error: empty\.yaml is empty$/],
  ['blank.yaml', /^error: /],
  ['cut.json', /^error: error parsing cut\.json: line 1: unexpected end of JSON input$/],
  ['garbage.json.gz', /^error: error parsing garbage\.json\.gz: gzip: /],
  ['cut.json.gz', /^error: error parsing cut\.json\.gz: gzip: unexpected end of file$/],
  [
    'helm.yaml',
    /^error: error parsing helm\.yaml: line 4: it looks like a Helm template: render it first, with helm template/,
  ],
  ['html.json', /^error: error parsing html\.json: /],
  ['hollow', /^error: error reading \[hollow\]: recognized file extensions are /],
  ['nothing-here', /^error: the path "nothing-here" does not exist$/],
];

describe('questions of a file', { concurrency: 4 }, () => {
  for (const [name, says] of ERRORS)
    test(`${name}: ${says.source}`, async () => {
      for (const words of ['exec web-0', 'who get pods']) {
        const { code, stdout, stderr } = await program(`${words} -n shop --input ${name}`);
        assert.deepEqual([code, stdout, stderr.split('\n').length], [1, '', 2], stderr);
        assert.match(stderr.trimEnd(), says);
      }
    });

  const answer = async (words: string, stdin?: string): Promise<Answer> => {
    const { code, stdout, stderr } = await program(`${words} -o json`, stdin === undefined ? {} : { stdin });
    assert.deepEqual([code, stderr], [0, ''], words);
    return JSON.parse(stdout);
  };
  const unread = ({ unknowns }: Answer) => unknowns.filter(({ kind }) => kind === 'unreadable').map(({ what }) => what);

  test('the same cluster as file, packed, from standard input', async () => {
    const words = 'exec web-0 -n shop --complete --server-version 1.34 --input';
    const said = await answer(`${words} cluster.json`);
    assert.equal(said.verdict, 'yes');
    const claims = ({ source: { readAt: _, ...source }, ...rest }: Answer) => ({ ...rest, source });
    assert.deepEqual(claims(await answer(`${words} cluster.json.gz`)), claims(said));
    assert.deepEqual(
      claims(await answer(`${words} -`, readFileSync(join(HOME, 'cluster.json'), 'utf8'))),
      claims(said),
    );
  });

  test('a folder is what its JSON and YAML files hold', async () => {
    assert.equal(
      (await program('exec web-0 -n shop --complete --server-version 1.34 --input folder --exit-code')).code,
      3,
    );
  });

  test('a kind that the file does not have never makes a no', async () => {
    for (const name of ['pods.json', 'pods.yaml']) {
      const said = await answer(`exec web-0 -n shop --server-version 1.37 --input ${name}`);
      assert.deepEqual(
        [said.verdict, unread(said)],
        ['depends', ['clusterrolebindings', 'rolebindings in namespace shop', 'policies and webhooks of admission']],
      );
      const complete = await answer(`exec web-0 -n shop --server-version 1.37 --complete --input ${name}`);
      assert.deepEqual([complete.verdict, unread(complete)], ['no', []]);
    }
  });

  test('objects of a wrong shape are said not to be understood, and hide what they may hold', async () => {
    const said = await answer('exec web-0 -n shop --complete --input wrong-types.json');
    assert.equal(said.verdict, 'depends');
    assert.deepEqual(unread(said).sort(), ['pod shop/web-0', 'rolebindings shop/b']);
  });

  test('versions, of the file and of the reader', async () => {
    for (const [version, effective, verdict] of [
      ['1.34', '1.34', 'yes'],
      ['1.31+', '1.31', 'yes'],
      ['v1.33.4-eks-ab12', '1.33', 'yes'],
      ['1.35', '1.35', 'no'],
    ] as const) {
      const said = await answer(`exec web-0 -n shop --complete --input cluster.json --server-version ${version}`);
      assert.deepEqual([said.source.effectiveVersion, said.verdict], [effective, verdict], version);
    }
    const unsaid = await answer('exec web-0 -n shop --complete --input cluster.json');
    assert.deepEqual(
      [unsaid.verdict, unsaid.leaning, unsaid.unknowns[0]?.what],
      ['depends', 'yes', "the server's version"],
    );
  });

  test('--strict: what could not be read is an error, after the answer', async () => {
    const { code, stdout, stderr } = await program(
      'exec web-0 -n shop --server-version 1.37 --input pods.json --strict',
    );
    assert.deepEqual(
      [code, stderr],
      [
        1,
        'error: could not read clusterrolebindings, rolebindings in namespace shop, policies and webhooks of admission\n',
      ],
    );
    assert.match(stdout, /^depends: /);
  });
});

/** Whoever may write to a cluster chooses these. */
const HOSTILE = [
  '\u001b[31mred\u001b]0;title\u0007',
  'two\nlines',
  'car\rriage',
  '\u202egnp.exe',
  'zero\u200bwidth',
  '\u009b2J',
  'a\u0000b',
  "'; rm -rf ~; '",
];
const names = HOSTILE.map((name, index) => `${name}-${index}`);
file(
  'hostile.json',
  list(
    pod('web-0'),
    ...names.flatMap((name) => [
      { ...pod(name), spec: { nodeName: name, serviceAccountName: name, containers: [{ name }] } },
      role('shop', name, [{ ...allow('get create', 'pods/exec pods/log'), nonResourceURLs: [] }, allow(name, name)]),
      binding('shop', name, `Role/${name}`, [user(name), { kind: 'Group', namespace: null, name }]),
      binding('shop', `${name}-dangling`, `Role/no-${name}`, [user(name)]),
      { ...binding('shop', `${name}-broken`, 'Role/x', []), roleRef: name },
    ]),
  ),
);
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('hostile names', { concurrency: 4 }, () => {
  for (const words of [
    'exec web-0',
    'exec web-0 --explain',
    'exec web-0 -o wide',
    'exec web-0 -o json',
    'exec web-0 -o yaml',
    'exec web-0 -o name',
    'pod web-0 --show-system',
    'who get pods/log',
  ])
    test(`${words}: nothing that a terminal would obey`, async () => {
      const { code, stdout, stderr } = await program(`${words} -n shop --input hostile.json`);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /red/);
      assert.doesNotMatch(stdout.replaceAll('\n', ''), OBEYED);
    });

  test('pods of such names: as targets, and in errors', async () => {
    for (const name of names.slice(0, 3)) {
      for (const words of [
        ['pod', name],
        ['exec', `${name}-absent`],
        ['exec', 'web-0', '--subject', name],
        ['who', name, name],
        [name],
        ['exec', 'web-0', `--${name}`],
      ]) {
        const { stdout, stderr } = await program([...words, '-n', 'shop', '--input', 'hostile.json', '--complete']);
        assert.doesNotMatch((stdout + stderr).replaceAll('\n', ''), OBEYED, JSON.stringify(words));
      }
    }
  });

  test('JSON reads back exactly', async () => {
    const said: Answer = JSON.parse((await program('exec web-0 -n shop --input hostile.json -o json')).stdout);
    const found = new Set(said.findings.map(({ subject }) => subject.name));
    assert.deepEqual(
      names.filter((name) => !found.has(name)),
      [],
    );
  });
});
