import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { load } from '../helpers/load.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { withControlPlane } from '../helpers/real.ts';
import { type Change, joining, startReverseProxy, without } from '../helpers/reverse-proxy.ts';
import { storyObjects } from '../helpers/story.ts';
import { base64 } from './kubeconfig/situations.ts';

/**
 * The server itself cannot know what was asked of a proxy in front of it: it answers, and takes us for somebody else.
 */
const tokens = [{ token: 'janes', user: 'jane' }];

await withControlPlane({ controllers: [], tokens }, async (plane) => {
  await load(plane, storyObjects());
  const whole: Change = (headers) => headers;
  const bob = plane.certificate({ user: 'bob' });
  const admin = { token: plane.adminToken };
  const otherUser = (name: string) =>
    `error: the server took you for "admin" and not for "${name}": something on the way drops the impersonation headers`;
  const carolWithout = (what: string) =>
    `error: the server took you for "carol" ${what}: something on the way drops impersonation headers`;
  const anonymous =
    'error: the server took you for "system:anonymous": the credentials that were sent never reached it, or say nothing to it';
  const carol = {
    ...admin,
    as: 'carol',
    'as-uid': '7',
    'as-groups': ['a', 'b'],
    'as-user-extra': { Scopes: ['x', 'y'] },
  };

  const cases: [what: string, change: Change, user: object, flags: string, says: string | null][] = [
    ['nothing is done to the headers', whole, admin, '--as carol', null],
    ['nothing is done to any field', whole, carol, '', null],
    ['an account, which has groups of its own', whole, admin, '--as system:serviceaccount:shop:web', null],
    ['nobody is impersonated, so that nothing is lost', without('impersonate-'), admin, '', null],
    ['all is dropped', without('impersonate-'), admin, '--as carol', otherUser('carol')],
    ['all is dropped, with groups', without('impersonate-'), admin, '--as carol --as-group a', otherUser('carol')],
    [
      'all is dropped, of an account',
      without('impersonate-'),
      admin,
      '--as system:serviceaccount:a:b',
      otherUser('system:serviceaccount:a:b'),
    ],
    ['all is dropped, of the kubeconfig', without('impersonate-'), { ...admin, as: 'carol' }, '', otherUser('carol')],
    ['all is dropped, beyond ASCII', without('impersonate-'), admin, '--as jané☃', otherUser('jané☃')],
    [
      'groups are dropped',
      without('impersonate-group'),
      admin,
      '--as carol --as-group ops',
      carolWithout('without the group "ops"'),
    ],
    [
      'groups are dropped, of the kubeconfig',
      without('impersonate-group'),
      carol,
      '',
      carolWithout('without the group "a"'),
    ],
    ['groups become one', joining('impersonate-group'), carol, '', carolWithout('without the group "a"')],
    ['the UID is dropped', without('impersonate-uid'), carol, '', carolWithout('with the UID "" in place of "7"')],
    ['extras are dropped', without('impersonate-extra-'), carol, '', carolWithout('without the extra "Scopes"')],
    ['the token is dropped', without('authorization'), admin, '', anonymous],
    [
      'a certificate is not handed on',
      whole,
      { 'client-certificate-data': base64(bob.cert), 'client-key-data': base64(bob.key) },
      '',
      anonymous,
    ],
    ['basic auth, which no server knows any more', whole, { username: 'jane', password: 'secret' }, '', anonymous],
    ['a token with a blank before it', whole, { token: ` ${plane.adminToken}` }, '', anonymous],
  ];

  const write = async (name: string, change: Change, user: object): Promise<string> => {
    const proxy = await startReverseProxy(plane, change);
    after(() => proxy.close());
    const cluster = { server: proxy.url, 'certificate-authority-data': base64(proxy.ca) };
    const path = join(HOME, name);
    writeFileSync(
      path,
      JSON.stringify({
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
        'current-context': 'x',
      }),
    );
    return path;
  };

  describe('behind a proxy', { concurrency: 4 }, () => {
    for (const [index, [what, change, user, flags, says]] of cases.entries())
      test(`${what}: ${flags} ${says ?? 'is answered'}`, async () => {
        const kubeconfig = await write(`config-${index}`, change, user);
        const { code, stdout, stderr } = await program(`exec web-0 --kubeconfig ${kubeconfig} ${flags}`);
        if (says === null) {
          assert.deepEqual([code, stderr], [0, '']);
          assert.doesNotMatch(stdout, /--as/);
        } else assert.deepEqual([code, stdout, stderr], [1, '', `${says}\n`]);
      });

    test('who may not impersonate is told so, and gets no answer that nothing could be read for', async () => {
      const kubeconfig = await write('config-jane', whole, { token: 'janes' });
      for (const words of ['exec web-0', 'who get pods', 'raw-sockets -A']) {
        const { code, stdout, stderr } = await program(`${words} --as carol --kubeconfig ${kubeconfig}`);
        assert.deepEqual([code, stdout], [1, ''], words);
        assert.match(
          stderr,
          /^Error from server \(Forbidden\): [^\n]* is forbidden: User "jane" cannot impersonate[^\n]*\n$/,
        );
      }
    });

    test('no question is answered in the place of somebody else', async () => {
      const kubeconfig = await write('config-all', without('impersonate-'), admin);
      mkdirSync(join(HOME, 'pods'));
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x' },
        spec: { containers: [{ name: 'x', image: 'x' }] },
      };
      writeFileSync(join(HOME, 'pods/x.json'), JSON.stringify(pod));
      for (const words of [
        'pod web-0',
        'port-forward web-0',
        'attach web-0',
        'debug web-0',
        'logs web-0',
        'proxy web-0',
        'who get secrets -A',
        'raw-sockets',
        'privileged sa/web',
        'admit -f pods',
        'snapshot taken.jsonl',
      ]) {
        const { code, stdout, stderr } = await program(`${words} --kubeconfig ${kubeconfig} --as carol`);
        assert.deepEqual([code, stdout, stderr], [1, '', `${otherUser('carol')}\n`], words);
      }
      assert.equal(existsSync(join(HOME, 'taken.jsonl')), false);
    });

    test('what is asked in the name of others, to verify an answer, is no answer there', async () => {
      const [dropping, true_] = await Promise.all([
        write('config-verify', without('impersonate-'), admin),
        write('config-true', whole, admin),
      ]);
      const verified = async (kubeconfig: string) => {
        const words = `privileged sa/deployer -n ci --verify -o json --kubeconfig ${kubeconfig}`;
        const { stdout } = await program(words);
        return (JSON.parse(stdout) as Answer).verification;
      };
      const [lost, kept] = await Promise.all([verified(dropping), verified(true_)]);
      assert.ok(lost && kept && lost.asked > 0 && kept.asked === lost.asked, JSON.stringify([lost, kept]));
      assert.equal(lost.agreed, 0);
      assert.match(lost.note ?? '', /^the server took you for "admin" and not for "system:serviceaccount:ci:deployer"/);
      assert.doesNotMatch(kept.note ?? '', /took you for/);
    });
  });

  test('where the server does not say whom it took us for, that is said', async () => {
    await plane.request('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:basic-user');
    const kubeconfig = await write('config-refused', whole, admin);
    const dropping = await write('config-refused-dropping', without('impersonate-'), { token: 'janes' });
    const doubts = async (flags: string) => {
      const { code, stdout, stderr } = await program(`exec web-0 --kubeconfig ${kubeconfig} ${flags} -o json`);
      assert.deepEqual([code, stderr], [0, '']);
      const { unknowns }: Answer = JSON.parse(stdout);
      return unknowns
        .filter(({ what }) => what === 'whether the server acts for the user of --as')
        .map(({ kind, why }) => `${kind}: ${why}`);
    };
    // A refusal names the user, and nothing else of it.
    assert.deepEqual(await doubts('--as carol'), []);
    assert.deepEqual(await doubts('--as carol --as-group ops'), [
      'unreadable: 403 Forbidden: selfsubjectreviews.authentication.k8s.io is forbidden: User "carol" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
    ]);
    assert.deepEqual(await doubts(''), []);
    const { code, stderr } = await program(`exec web-0 --kubeconfig ${dropping} --as carol`);
    assert.deepEqual(
      [code, stderr],
      [
        1,
        'error: the server took you for "jane" and not for "carol": something on the way drops the impersonation headers\n',
      ],
    );
  });
});
