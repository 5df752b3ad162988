import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import type { Answer, AnswerList } from '../../src/answer/answer.ts';
import { plugin, run } from '../helpers/plugin.ts';

const ESCAPE = '\u001b';

/** What a terminal that is a pipe gets of each question: a verdict first, on stdout, and nothing else anywhere. */
const QUESTIONS: [words: string, headline: RegExp][] = [
  [
    'pod web-0',
    /^yes: \d+ subjects can get into pod shop\/web-0; 2 more can indirectly, among them everybody in system:authenticated; its account web holds \d+ rights of note$/,
  ],
  [
    'port-forward web-0',
    /^yes: \d+ subjects can port-forward to pod shop\/web-0; 2 more can indirectly, among them everybody in system:authenticated$/,
  ],
  ['exec pod/web-0', /^yes: \d+ subjects can exec into pod shop\/web-0/],
  ['attach pods web-0', /^yes: \d+ subjects can attach to pod shop\/web-0/],
  [
    'debug web-0 -n shop',
    /^yes: \d+ subjects can add an ephemeral container to pod shop\/web-0; \d+ more can indirectly, and 1 more may$/,
  ],
  ['logs statefulset/web', /^yes: somebody can read the logs of 2 of 2 pods of statefulset\/web$/],
  [
    'proxy svc/web',
    /^yes: \d+ subjects can send HTTP requests to service shop\/web; \d+ more can indirectly, and 1 more may$/,
  ],
  ['proxy node/worker-1', /^yes: \d+ subjects can send HTTP requests to node worker-1; \d+ more can indirectly$/],
  ['who create pods/exec -A', /^yes: \d+ subjects can create pods\/exec in any namespace/],
  [
    'who get secrets/web-db',
    /^yes: \d+ subjects can get secrets "web-db" in namespace shop; \d+ more can indirectly, among them everybody in system:authenticated$/,
  ],
  ['who get /metrics', /^yes: \d+ subjects can get \/metrics/],
  ['raw-sockets web-0', /^yes: 1 of 2 containers can open raw sockets in pod shop\/web-0$/],
  ['raw-sockets statefulset/web --explain', /^yes: 1 of 2 pods of statefulset\/web can open raw sockets$/],
  ['raw-sockets -l app=web', /^\w+: .* in namespace shop with labels app=web/],
  ['raw-sockets -A -o wide', /^yes: \d+ of \d+ containers can open raw sockets in the cluster \(\d+ pods\), /],
  ['exec web-0 --subject user/omar', /^yes: User omar can exec into pod shop\/web-0 indirectly, in 3 steps$/],
  [
    'exec web-0 --direct --subject user/omar',
    /^no: User omar cannot exec into pod shop\/web-0: .* needed is create pods\/exec/,
  ],
];

describe('answers, of the example cluster', { concurrency: 4 }, () => {
  for (const [words, headline] of QUESTIONS)
    test(words, async () => {
      const { code, stdout, stderr } = await plugin(`${words} --demo`);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout.split('\n')[0] ?? '', headline);
      assert.ok(stdout.endsWith('\n') && !stdout.includes(ESCAPE));
    });

  test('JSON and YAML are one document, on stdout alone', async () => {
    for (const words of ['exec web-0', 'who get secrets -A --show-system']) {
      const [json, yaml] = await Promise.all([plugin(`${words} --demo -o json`), plugin(`${words} --demo -o yaml`)]);
      const answer: Answer = JSON.parse(json.stdout);
      assert.deepEqual([answer.apiVersion, answer.kind, answer.verdict], ['whocan-escalate/v1alpha1', 'Answer', 'yes']);
      assert.deepEqual(load(yaml.stdout), answer);
      assert.equal(json.stderr + yaml.stderr, '');
    }
    const several: AnswerList = JSON.parse((await plugin('logs web-0 web-1 --demo -ojson')).stdout);
    assert.deepEqual(
      [several.kind, several.items.map(({ target }) => target?.name)],
      ['AnswerList', ['web-0', 'web-1']],
    );
  });

  const shapes: [words: string, items: number | null, code: number, why: string][] = [
    ['exec web-0 -n shop', null, 0, 'a pod'],
    ['exec -l app=web -n shop', 2, 0, 'a selector of two'],
    ['exec -l app=nope -n shop', 0, 1, 'a selector of none'],
    ['raw-sockets -l app=web -n shop', 1, 0, 'a selector, about the pods together'],
    ['exec web-0 web-9 -n shop', 1, 1, 'two names, one of which is not there'],
    ['exec web-8 web-9 -n shop', 0, 1, 'two that are not there'],
    ['logs sts/web -n shop', 2, 0, 'a workload of two pods'],
    ['privileged sa/default user/omar -n shop', 2, 0, 'two subjects'],
    ['raw-sockets -A', null, 0, 'the cluster'],
    ['who get secrets -A', null, 0, 'a right'],
  ];
  for (const [words, items, code, why] of shapes)
    test(`the shape of ${words} follows from how one asked: ${why}`, async () => {
      const [json, yaml] = await Promise.all([plugin(`${words} --demo -o json`), plugin(`${words} --demo -o yaml`)]);
      const document: Answer | AnswerList = JSON.parse(json.stdout);
      assert.deepEqual(
        [document.kind, 'items' in document ? document.items.length : null],
        [items === null ? 'Answer' : 'AnswerList', items],
      );
      assert.deepEqual([load(yaml.stdout), json.code, yaml.code], [document, code, code]);
    });

  test('a verb that Kubernetes does not use is answered, and named in the first line', async () => {
    const { code, stdout, stderr } = await plugin('who edit pods -n shop --direct --demo');
    assert.deepEqual([code, stderr], [0, "Warning: verb 'edit' is not a known verb\n"]);
    assert.match(
      stdout,
      /^yes: \d+ subjects can edit pods in namespace shop; no part of Kubernetes uses the verb "edit" \(perhaps update or patch\)\n/,
    );
  });

  test('near misses are a list of their own', async () => {
    for (const words of [
      'port-forward web-0 --subject user/lena',
      'who create pods/exec --subject user/priya',
      'exec web-0 --subject user/omar',
    ]) {
      const { findings, nearMisses }: Answer = JSON.parse((await plugin(`${words} -n shop --demo -o json`)).stdout);
      assert.deepEqual(
        findings.filter(({ direct }) => direct),
        [],
        words,
      );
      assert.ok(
        nearMisses.length > 0 && nearMisses.every((each) => each.id.startsWith('near-miss-') && each.verdict === 'no'),
        words,
      );
    }
  });

  test('raw-sockets has a finding with an answer for every container', async () => {
    const { stdout } = await plugin('raw-sockets -A --demo -o json');
    const { findings }: Answer = JSON.parse(stdout);
    const said = findings.filter(({ id }) => id === 'raw-sockets').map(({ answer }) => answer);
    assert.deepEqual([...new Set(said)].sort(), ['no', 'unknown', 'via-binary', 'yes']);
    assert.ok(findings.every(({ object, container }) => object.container !== null && container));
    const { code } = await plugin('raw-sockets web-1 -n shop --demo --exit-code');
    assert.equal(code, 0);
    assert.equal((await plugin('raw-sockets web-0 -n shop --demo --exit-code')).code, 3);
  });

  test('names, one a line, as --subject takes them', async () => {
    const { stdout } = await plugin('exec web-0 --demo -o name');
    const names = stdout.trimEnd().split('\n');
    assert.ok(
      names.includes('user/jane') &&
        names.includes('system:serviceaccount:ci:deployer') &&
        names.includes('group/platform'),
    );
    assert.match((await plugin(`exec web-0 --demo --subject ${names[0]}`)).stdout, /^yes: /);
  });

  test('without headers there is a row less', async () => {
    const [whole, bare] = await Promise.all([
      plugin('exec web-0 --direct --demo'),
      plugin('exec web-0 --direct --demo --no-headers'),
    ]);
    assert.deepEqual(
      bare.stdout.split('\n'),
      whole.stdout.split('\n').filter((line) => !line.startsWith('SUBJECT ')),
    );
  });

  test('colour in a pipe only where it is asked for', async () => {
    const colored = async (flags: string, env = {}) =>
      (await plugin(`exec web-0 --demo ${flags}`, { env })).stdout.includes(ESCAPE);
    assert.deepEqual(
      [await colored('--color=always'), await colored('--color=never'), await colored('--color=auto')],
      [true, false, false],
    );
    assert.equal(await colored('--color always', { NO_COLOR: '1' }), true, 'a flag beats the environment');
  });

  test('a reader that has seen enough: no complaint, no failure', async () => {
    const script =
      '{ kubectl whocan-escalate who get pods -A --demo --show-system -o json; echo "exit $?" >&2; } | head -n 1';
    assert.deepEqual(await run('sh', ['-c', script]), { code: 0, stdout: '{\n', stderr: 'exit 0\n' });
  });

  for (const [words, code] of [
    ['exec web-0', 0],
    ['exec web-0 --exit-code', 3],
    ['exec web-0 --exit-code --subject user/omar', 3],
    ['exec web-0 --exit-code --direct --subject user/omar', 0],
    ['exec web-0 --exit-code --direct --subject system:serviceaccount:monitoring:prometheus', 4],
    ['exec web-0 nope --exit-code', 1],
    ['exec web-0 --strict', 0],
    ['exec web-0 --exit-code --subject user/omar --server-version 1.34', 3],
  ] as const)
    test(`${words}: exit code ${code}`, async () => assert.equal((await plugin(`${words} --demo`)).code, code));

  test('of several targets those that are there are answered', async () => {
    const { code, stdout, stderr } = await plugin('exec web-0 nope --demo');
    assert.deepEqual([code, stderr], [1, 'Error from server (NotFound): pods "nope" not found in namespace shop\n']);
    assert.match(stdout, /^yes: /);
  });
});
