import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { strictly } from '../../src/cli/run/exit-code.ts';
import { readPodFiles } from '../../src/cluster/input/pod-files.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { ask as askQuestion } from '../../src/questions/ask.ts';
import { who } from '../../src/questions/index.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { user } from '../helpers/cluster.ts';
import { OPTIONS, right } from '../helpers/question.ts';
import { open, place } from './inputs.ts';

const GOOD = [
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: shop}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: jane}]\n',
  'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: shop}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n',
].join('---\n');
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {containers: [{name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}}]}\n';
const latin1 = Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: {name: "\xe9"}\n', 'latin1');

/** What stands beside good files; `hides`: whether a no may rest on it. */
const parts: [what: string, name: string, content: string | Buffer, why: RegExp, hides: boolean][] = [
  ["a chart's values", 'values.yaml', 'replicas: 1\nimage: {repository: x}\n', /Object 'Kind' is missing$/, false],
  [
    "a chart's Chart.yaml",
    'Chart.yaml',
    'apiVersion: v2\nname: x\nversion: 1.0.0\n',
    /Object 'Kind' is missing$/,
    false,
  ],
  [
    'a GitHub workflow',
    '.github/workflows/ci.yml',
    'name: ci\non: [push]\njobs: {a: {runs-on: x}}\n',
    /Object 'Kind' is missing$/,
    false,
  ],
  ['an .eslintrc', '.eslintrc.yml', 'root: true\nrules: {semi: off}\n', /Object 'Kind' is missing$/, false],
  ['a JSON schema', 'values.schema.json', '{"$schema": "x", "type": "object"}', /Object 'Kind' is missing$/, false],
  ['a package.json', 'package.json', '{"name": "x"}', /Object 'Kind' is missing$/, false],
  ['a pipeline of a CI', '.drone.yml', 'kind: pipeline\ntype: docker\n', /Object 'apiVersion' is missing$/, false],
  [
    'a kustomization without a header',
    'kustomization.yaml',
    'resources: [a.yaml]\n',
    /Object 'Kind' is missing$/,
    false,
  ],
  ['a list of values', 'list.yaml', '- a\n- b\n', /an array is no object of Kubernetes$/, false],
  ['a text', 'text.yaml', 'hello\n', /a string is no object of Kubernetes$/, false],
  [
    'a RoleBinding without apiVersion',
    'x.yaml',
    'kind: RoleBinding\nmetadata: {name: x, namespace: shop}\n',
    /Object 'apiVersion' is missing$/,
    true,
  ],
  ['an object without kind', 'x.yaml', 'apiVersion: v1\nmetadata: {name: x}\n', /Object 'Kind' is missing$/, true],
  [
    'a kind that is a number',
    'x.yaml',
    'apiVersion: v1\nkind: 1\nmetadata: {name: x}\n',
    /Object 'Kind' is missing$/,
    true,
  ],
  [
    'an item without a kind',
    'x.json',
    '{"apiVersion":"v1","kind":"List","items":[{"a":1}]}',
    /Object 'Kind' is missing$/,
    true,
  ],
  [
    'an item that is none',
    'x.yaml',
    'apiVersion: v1\nkind: List\nitems:\n- 7\n',
    /a number is no object of Kubernetes$/,
    true,
  ],
  [
    'a Helm template',
    'templates/x.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}-x}\n',
    /it looks like a Helm template/,
    true,
  ],
  [
    'a template from its first line',
    'templates/x.yaml',
    '{{- if .Values.x }}\na: b\n{{- end }}\n',
    /it looks like a Helm template/,
    true,
  ],
  ['broken YAML', 'x.yaml', 'a: [\n', /./, true],
  ['broken JSON', 'x.json', '{"a', /unexpected end of JSON input$/, true],
  ['an alias to nothing', 'x.yaml', 'a: *b\n', /unknown anchor 'b' referenced$/, true],
  ['bytes that are no UTF-8', 'x.yaml', latin1, /not UTF-8 text$/, true],
  ['binary data', 'x.yaml', Buffer.from([0x7f, 0x45, 0, 1]), /binary data/, true],
  ['gzip that is none', 'x.yaml.gz', 'a: b', /gzip: incorrect header check$/, true],
  ['an empty file, as a list that failed leaves', 'x.json', '', /is empty$/, true],
  [
    "kubectl's list that breaks off",
    'x.yaml',
    'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n',
    /ends without a kind$/,
    true,
  ],
];

const whoGetsSecrets = (root: string) =>
  open(root, { complete: true }).then((source) =>
    askQuestion(who, right('get secrets', 'shop'), source, { ...OPTIONS, subject: user('jane') }),
  );
const whoGetsPods = (root: string) =>
  open(root, { complete: true }).then((source) => askQuestion(who, right('get pods', 'shop'), source, OPTIONS));

for (const [what, name, content, why, hides] of parts)
  test(`${what} in a folder is named, counted, and the question goes on`, async () => {
    const root = place({ 'a.yaml': GOOD, [name]: content, 'z.yaml': POD });
    const result = await whoGetsSecrets(root);
    const { answer } = result.asked[0] ?? assert.fail();
    assert.equal(answer.verdict, hides ? 'depends' : 'no');
    assert.equal(result.warnings.length, 1);
    assert.match(result.warnings[0] ?? '', why);
    assert.ok(result.warnings[0]?.startsWith(join(root, name)), String(result.warnings));
    assert.ok(
      answer.unknowns.some(
        (each) => each.kind === 'unreadable' && each.what.startsWith(join(root, name)) && why.test(each.why),
      ),
    );
    assert.match(strictly(result).errors[0]?.message ?? '', /^error: could not read /);
    const held = await whoGetsPods(root);
    assert.equal(held.asked[0]?.answer.verdict, 'yes', 'what was read is answered');
    assert.equal(strictly(held).errors.length, 1);
  });

test('a bad document in the middle of a file: the others of the file are read', async () => {
  const [namespace = '', ...rest] = GOOD.split('---\n');
  const root = place({ 'a.yaml': [namespace, 'x: [\n', ...rest].join('---\n'), 'b.yaml': POD });
  const { asked, warnings } = await whoGetsPods(root);
  assert.equal(asked[0]?.answer.verdict, 'yes');
  assert.deepEqual(
    warnings.map((each) => each.slice(root.length, root.length + 8)),
    ['/a.yaml:'],
  );
});

test('the same in a file that is named is an error', async () => {
  const root = place({ 'a.yaml': `${GOOD}---\nx: [\n---\n${POD}` });
  await assert.rejects(open(join(root, 'a.yaml')), /^UserError: error: error parsing \S+a\.yaml: line \d+: /);
});

test('an item that does not parse leaves the others of its list', async () => {
  const item = (name: string) =>
    `- apiVersion: v1\n  kind: Pod\n  metadata: {name: ${name}, namespace: shop}\n  spec: {containers: [{name: c, image: i}]}\n`;
  const root = place({
    'a.yaml': GOOD,
    'b.yaml': `apiVersion: v1\nitems:\n${item('one')}- a: [\n${item('two')}kind: List\n`,
  });
  const source = await open(root, { complete: true });
  const { asked, warnings } = await askQuestion(
    rawSockets,
    { refs: [], selector: null, namespace: 'shop' },
    source,
    OPTIONS,
  );
  assert.deepEqual([warnings.length, asked[0]?.answer.findings.length], [1, 2]);
});

test('a link that leads nowhere, and one to itself', async () => {
  const root = place({ 'a.yaml': GOOD });
  symlinkSync('nowhere', join(root, 'x.yaml'));
  symlinkSync('y.yaml', join(root, 'y.yaml'));
  const { asked, warnings } = await whoGetsSecrets(root);
  assert.equal(asked[0]?.answer.verdict, 'depends');
  assert.deepEqual(
    warnings.map((each) => each.replaceAll(root, 'R')),
    [
      'R/x.yaml is not read: the path "R/x.yaml" does not exist',
      'R/y.yaml is not read: too many symbolic links encountered',
    ],
  );
});

test('of a kind that is known only that kind may be hidden', async () => {
  const root = place({ 'a.yaml': GOOD, 'x.yaml': 'kind: Pod\nmetadata: {name: x}\n' });
  assert.equal((await whoGetsSecrets(root)).asked[0]?.answer.verdict, 'no');
  const pods = (content: string) =>
    open(place({ 'a.yaml': GOOD, 'b.yaml': POD, 'x.yaml': content }), { complete: true }).then((source) =>
      askQuestion(rawSockets, { refs: [], selector: null, namespace: 'shop' }, source, OPTIONS),
    );
  const verdict = async (content: string) => (await pods(content)).asked[0]?.answer.verdict;
  assert.equal(await verdict('kind: Pod\nmetadata: {name: x}\n'), 'depends');
  assert.equal(await verdict('kind: Deployment\nmetadata: {name: x}\n'), 'depends', 'it may make pods');
  assert.equal(await verdict('kind: Rollout\nmetadata: {name: x}\n'), 'depends', 'nothing tells what it makes');
  assert.equal(await verdict('kind: RoleBinding\nmetadata: {name: x}\n'), 'no');
  assert.equal(await verdict('kind: Ingress\nmetadata: {name: x}\n'), 'no');
});

test('a snapshot among other files stays an error', async () => {
  const root = place({
    'a.yaml': GOOD,
    'b.json': '{"format":"whocan-escalate/snapshot","version":1,"facts":{}}\n{"record":"end"}\n',
  });
  await assert.rejects(open(root), /b\.json: line 1: a snapshot has to be the only input$/);
});

test('a directory of which nothing is an object is an error', async () => {
  await assert.rejects(
    open(place({ 'values.yaml': 'a: b\n' })),
    /error parsing \S+values\.yaml: line 1: Object 'Kind' is missing$/,
  );
});

/** `-f DIR`: the pods that could be read, beside what may hold others. */
const podFiles: [what: string, name: string, content: string | Buffer, verdict: string, summary: string][] = [
  ['nothing else', 'b.yaml', '# nothing\n', 'yes', 'pod p would be admitted at privileged:latest'],
  ['an empty file, as charts render it', 'b.yaml', '', 'yes', 'pod p would be admitted at privileged:latest'],
  ['values', 'values.yaml', 'a: b\n', 'yes', 'pod p would be admitted at privileged:latest'],
  [
    'a Service without apiVersion',
    'b.yaml',
    'kind: Service\nmetadata: {name: x}\n',
    'yes',
    'pod p would be admitted at privileged:latest',
  ],
  [
    'a template',
    'b.yaml',
    'a: {{ .x }}\n',
    'depends',
    'all 1 pod that could be read would be admitted at privileged:latest',
  ],
  [
    'a Pod without apiVersion',
    'b.yaml',
    'kind: Pod\nmetadata: {name: x}\n',
    'depends',
    'all 1 pod that could be read would be admitted at privileged:latest',
  ],
  [
    'bytes that are no UTF-8',
    'b.yaml',
    latin1,
    'depends',
    'all 1 pod that could be read would be admitted at privileged:latest',
  ],
];
for (const [what, name, content, verdict, summary] of podFiles)
  test(`admit -f of a folder with ${what}: ${verdict}`, async () => {
    const root = place({ 'a.yaml': POD, [name]: content });
    const files = await readPodFiles([root], Readable.from([]));
    const isNothing = content === '' || content === '# nothing\n';
    assert.equal(files.warnings.length, isNothing ? 0 : 1);
    const target = {
      ...files,
      namespace: 'shop',
      given: null,
      level: { level: 'privileged', version: 'latest' },
    } as const;
    const result = await askQuestion(admit, target, { facts: async () => FACTS, read: async () => undefined }, OPTIONS);
    const { answer } = result.asked[0] ?? assert.fail();
    assert.deepEqual([answer.verdict, answer.summary], [verdict, summary]);
    assert.equal(strictly(result).errors.length, isNothing ? 0 : 1);
  });
const FACTS = {
  ...{ context: null, namespace: 'shop', gitVersion: null, version: null, readAt: '', origin: 'file' as const },
  ...{ self: null, selfFailure: null, discovery: null, flags: null },
};

test('admit -f: a file that is named stays an error', async () => {
  const root = place({ 'a.yaml': POD, 'b.yaml': 'a: [\n' });
  await assert.rejects(
    readPodFiles([join(root, 'a.yaml'), join(root, 'b.yaml')], Readable.from([])),
    /error parsing \S+b\.yaml: line/,
  );
  const { objects, warnings } = await readPodFiles([root], Readable.from([]));
  assert.deepEqual([objects.length, warnings.length], [1, 1]);
});
