import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { fromExecutable, fromSources, timeless } from '../helpers/in-process.ts';
import { load } from '../helpers/load.ts';
import { HOME, plugin, run } from '../helpers/plugin.ts';
import { withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { storyObjects } from '../helpers/story.ts';
import { noTerminal, terminal } from '../helpers/terminal.ts';

await withControlPlane({ controllers: [], tokens: [{ token: 'janes', user: 'jane' }] }, async (plane) => {
  await load(plane, storyObjects());
  await seen(plane, 'sentinel', 'shop');
  const config = JSON.parse(readFileSync(plane.kubeconfigFile, 'utf8'));
  /** The administrator's, a second context in namespace ci, one of jane's, and one of nobody's. */
  const write = (name: string, current?: string, contexts: object[] = []) =>
    writeFileSync(
      join(HOME, name),
      JSON.stringify({
        ...config,
        users: [
          ...config.users,
          { name: 'jane', user: { token: 'janes' } },
          { name: 'stranger', user: { token: 'unknown' } },
        ],
        contexts,
        'current-context': current,
      }),
    );
  const context = (name: string, user: string, namespace?: string) => ({
    name,
    context: { cluster: 'test', user, ...(namespace && { namespace }) },
  });
  write('config', 'shop', [
    context('shop', 'admin', 'shop'),
    context('bare', 'admin'),
    context('jane', 'jane', 'shop'),
    context('gone', 'stranger'),
  ]);
  write('second', 'bare', [context('ci', 'admin', 'ci'), context('shop', 'stranger', 'nowhere')]);
  const env = { KUBECONFIG: join(HOME, 'config') };
  const answer = async (words: string, more: NodeJS.ProcessEnv = env): Promise<Answer> => {
    const { code, stdout, stderr } = await plugin(`${words} -o json`, { env: more });
    assert.deepEqual([code, stderr], [0, ''], words);
    return JSON.parse(stdout);
  };
  const unread = ({ unknowns }: Answer) => unknowns.filter(({ kind }) => kind === 'unreadable').map(({ what }) => what);

  describe('against a real API server', { concurrency: 4 }, () => {
    for (const [words, headline] of [
      ['exec web-0', /^yes: \d+ subjects can exec into pod shop\/web-0/],
      ['exec web-0 -n shop --context bare', /^yes: \d+ subjects can exec into pod shop\/web-0/],
      ['pod web-0', /^yes: \d+ subjects can get into pod shop\/web-0.*; its account web holds \d+ rights? of note$/],
      ['logs -l app=web', /^yes: somebody can read the logs of 2 of 2 pods with labels app=web$/],
      ['exec runner --context ci', /^yes: \d+ subjects can exec into pod ci\/runner/],
      ['who create pods/exec -A', /^yes: \d+ subjects can create pods\/exec in any namespace/],
      ['who list po -n ci', /^yes: \d+ subjects can list pods in namespace ci/],
      ['who get nodes -A', /^yes: \d+ subjects can get nodes/],
      [
        'exec web-0 --direct --subject user/peter',
        /^no: User peter cannot exec into pod shop\/web-0: .*a resource does not include its subresources/,
      ],
    ] as const)
      test(words, async () => {
        const KUBECONFIG = [join(HOME, 'absent'), join(HOME, 'config'), join(HOME, 'second')].join(':');
        const { code, stdout, stderr } = await plugin(words, { env: { KUBECONFIG } });
        assert.deepEqual([code, stderr], [0, '']);
        assert.match(stdout.split('\n')[0] ?? '', headline);
      });

    for (const words of [
      ...[
        'pod web-0',
        'port-forward web-0',
        'exec web-0',
        'attach web-0',
        'debug web-0',
        'logs -l app=web',
        'proxy web-0',
      ],
      ...['who get secrets -A', 'who get /metrics', 'raw-sockets -A', 'privileged sa/deployer -n ci', 'privileged -A'],
    ])
      test(`${words}: the executable says what the sources say`, async () => {
        const asked = `${words} -o json`;
        const [theirs, ours] = await Promise.all([fromSources(asked, { env }), fromExecutable(asked, { env })]);
        assert.deepEqual([ours.code, ours.stderr], [0, '']);
        assert.deepEqual(timeless(ours), timeless(theirs));
      });

    test('the source is said: context, version, when', async () => {
      const { source } = await answer('exec web-0');
      assert.deepEqual([source.context, source.server, source.effectiveVersion], ['shop', 'v1.37.2', '1.37']);
      assert.ok(Math.abs(Date.now() - Date.parse(source.readAt)) < 60_000);
    });

    test('the namespace: of -n, else of the context, else default', async () => {
      const of = async (words: string) => (await answer(`who get pods ${words}`)).scope.namespace;
      assert.deepEqual(
        [await of('-n ci'), await of(''), await of('--context bare'), await of('-A')],
        ['ci', 'shop', 'default', null],
      );
    });

    test('--as: with the rights of whom one acts as', async () => {
      for (const words of [
        '--as=jane',
        '--as system:serviceaccount:ci:default',
        '--as me --as-group on-call',
        '--context jane',
        '--token janes',
      ]) {
        const said = await answer(`exec web-0 ${words}`);
        assert.deepEqual(
          [said.verdict, unread(said)],
          [
            'depends',
            [
              'clusterrolebindings',
              'rolebindings in namespace shop',
              'pod shop/web-0',
              'policies and webhooks of admission',
            ],
          ],
          words,
        );
      }
      assert.deepEqual(unread(await answer('exec web-0 --as me --as-group platform')), []);
      assert.equal((await plugin('exec web-0 --as jane --strict', { env })).code, 1);
    });

    test('what one may do oneself is said where bindings cannot be read', async () => {
      const said = await answer('port-forward web-0 --context jane');
      assert.equal(said.verdict, 'yes');
      assert.deepEqual(
        said.findings.filter(({ accepted }) => !accepted).map(({ subject, reason }) => [subject.name, reason]),
        [['jane', 'you: the server says so of yourself (SelfSubjectRulesReview)']],
      );
    });

    test('--verify says how many were asked, and that all agree', async () => {
      const { code, stdout, stderr } = await plugin('exec web-0 --verify', { env });
      assert.deepEqual([code, stderr], [0, '']);
      const asked = Number(/^Verified (\d+) answers with the server: all agree$/m.exec(stdout)?.[1]);
      assert.ok(asked > 30, stdout);
    });

    for (const [words, says] of [
      ['exec nope', 'Error from server (NotFound): pods "nope" not found in namespace shop'],
      [
        'exec web-0 -n shpo',
        'Error from server (NotFound): pods "web-0" not found in namespace shpo; there is one in shop (namespaces "shpo" not found, did you mean "shop"?)',
      ],
      ['exec deploy/nope', 'Error from server (NotFound): deployments.apps "nope" not found in namespace shop'],
      ['raw-sockets -n shpo', 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
      ['exec -l app=web -n shpo', 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
      ['privileged -n shpo', 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?'],
      ['privileged sa/nope', 'Error from server (NotFound): serviceaccounts "nope" not found in namespace shop'],
      ['who get pods -n nope', 'Error from server (NotFound): namespaces "nope" not found'],
      ['who get nosuch', 'error: the server doesn\'t have a resource type "nosuch"'],
      ['exec web-0 --context nope', 'error: context "nope" does not exist'],
      ['exec web-0 --context gone', 'error: You must be logged in to the server (Unauthorized)'],
      [
        'exec web-0 --tls-server-name other',
        /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate is not valid .* other$/,
      ],
      [
        'exec web-0 --server https://127.0.0.1:1',
        'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
      ],
    ] as const)
      test(`${words}: ${says}`, async () => {
        const { code, stdout, stderr } = await plugin(words, { env });
        assert.deepEqual([code, stdout], [1, '']);
        if (typeof says === 'string') assert.equal(stderr, `${says}\n`);
        else assert.match(stderr.trimEnd(), says);
      });

    test('a snapshot now, the same answers later, without the cluster', async () => {
      const taken = await plugin('snapshot taken.jsonl.gz', { env });
      assert.deepEqual([taken.code, taken.stdout], [0, '']);
      assert.match(taken.stderr, /^taken\.jsonl\.gz: \d+ objects\n$/);
      const claims = ({ source: _, ...rest }: Answer) => rest;
      for (const words of ['pod web-0', 'exec web-0 --subject user/otto', 'who get secrets -A'])
        assert.deepEqual(
          claims(await answer(`${words} --input taken.jsonl.gz`, {})),
          claims(await answer(words)),
          words,
        );
    });

    test('the hint to check us is a command that gives our answer', { skip: noTerminal }, async (t) => {
      for (const [words, can] of [
        ['port-forward web-0', 'yes'],
        ['who get secrets -n ci', 'yes'],
        ['exec web-0 --subject user/peter', 'no'],
        ['who get /metrics', 'yes'],
      ] as const) {
        const shown = terminal(t, `kubectl whocan-escalate ${words}`, env);
        assert.equal(await shown.ended, 0, shown.screen);
        // Where it does not fit, it goes on below as a shell would read it.
        const check =
          /^Check: (kubectl auth can-i (?:.*\\\r?\n)*.+)$/m.exec(shown.screen)?.[1]?.replaceAll('\r', '') ??
          assert.fail(shown.screen);
        const { stdout, stderr } = await run('sh', ['-c', check], { env });
        assert.equal(stdout.trim(), can, `${check}: ${stderr}`);
      }
    });
  });
});
