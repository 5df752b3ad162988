import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { askServer } from '../../src/cluster/live/reviews.ts';
import { exec, who } from '../../src/questions/index.ts';
import type { Options } from '../../src/questions/question.ts';
import { verify } from '../../src/questions/verify.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { type ControlPlane, startControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { objects, right } from '../helpers/question.ts';
import { skipReason } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';
import { webhookAuthorizer } from '../helpers/webhook-authorizer.ts';

const tokens = ['reader', 'impersonator'].map((name) => ({ token: `token-${name}`, user: name }));

/** Jane and Otto may exec by RBAC, Wanda by a webhook behind it, and Jane not, by a webhook before it. */
async function guardedCluster(t: TestContext): Promise<ControlPlane> {
  const isExec = (resource?: { subresource?: string }) => resource?.subresource === 'exec';
  const before = await webhookAuthorizer(t, 'guard', (review) =>
    review.user === 'jane' && isExec(review.resourceAttributes) ? 'deny' : null,
  );
  const after = await webhookAuthorizer(t, 'cloud', (review) =>
    review.user === 'wanda' && isExec(review.resourceAttributes) ? 'allow' : null,
  );
  const plane = await startControlPlane({
    controllers: [],
    tokens,
    authorization: {
      ...{ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthorizationConfiguration' },
      authorizers: [before, { type: 'Node', name: 'node' }, { type: 'RBAC', name: 'rbac' }, after],
    },
  });
  t.after(() => plane.stop());
  const core = { apiVersion: 'v1' };
  await load(plane, [
    { ...core, kind: 'Namespace', metadata: { name: 'shop' } },
    { ...core, kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'default' } },
    {
      ...core,
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'web-0' },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    },
    role('shop', 'exec', [allow('create', 'pods/exec')]),
    binding('shop', 'exec', 'Role/exec', [user('jane'), user('otto')]),
    role('shop', 'view', [allow('get', 'pods pods/exec')]),
    binding('shop', 'view', 'Role/view', [user('wanda')]),
    role(null, 'impersonate', [allow('impersonate', 'users groups serviceaccounts')]),
    binding(null, 'impersonate', 'ClusterRole/impersonate', [user('impersonator')]),
    role(null, 'read', [allow('get list', '*', { groups: ['*'] })]),
    binding(
      null,
      'read',
      'ClusterRole/read',
      tokens.map(({ user: name }) => user(name)),
    ),
  ]);
  await seen(plane, 'sentinel', 'shop');
  return plane;
}

describe('--verify where RBAC is not alone', { skip: await skipReason() }, () => {
  test('contradictions', async (t) => {
    const plane = await guardedCluster(t);
    const asked = async (t: TestContext, options: Partial<Options> = {}, token = plane.adminToken): Promise<Answer> => {
      const { ask, client } = await caller(t, plane, token);
      const [first = assert.fail()] = (await ask(exec, objects('shop', 'web-0'), options)).asked;
      return verify(first, (identity, request) => askServer(client, identity, request));
    };
    const told = ({ verification }: Answer) =>
      verification?.contradictions.map(({ question, expected, server, likelyCause }) => [
        question,
        expected,
        server,
        likelyCause,
      ]);
    const denial = 'an authorizer before RBAC denies it, or the grant was taken away since it was read';
    const jane = ['User jane create pods/exec', 'yes', 'no', denial];
    const wanda = ['User wanda create pods/exec', 'no', 'yes', 'another authorizer (a webhook, Node, ABAC) allows it'];

    await t.test('a webhook before RBAC and one behind it are both caught, and the verdict depends', async (t) => {
      const answer = await asked(t);
      assert.deepEqual(told(answer), [jane, wanda]);
      assert.deepEqual([answer.verdict, answer.leaning], ['depends', 'yes']);
      assert.equal(answer.unknowns[0]?.what, 'the server contradicts this answer');
      assert.equal((answer.verification?.agreed ?? 0) + 2, answer.verification?.asked);
      assert.match(answer.verification?.contradictions[0]?.reason ?? '', /guard says so/);
    });

    await t.test('about one subject, the verdict leans where the server stands', async (t) => {
      for (const [name, contradiction, verdict, leaning] of [
        ['otto', [], 'yes', null],
        ['jane', [jane], 'depends', 'no'],
        ['wanda', [wanda], 'depends', 'yes'],
        ['norbert', [], 'depends', 'no'],
      ] as const) {
        const answer = await asked(t, { subject: user(name) });
        assert.deepEqual([told(answer), answer.verdict, answer.leaning], [contradiction, verdict, leaning], name);
      }
    });

    await t.test('unasked, a webhook makes every no about people depend, and leaves a yes alone', async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      const nobody = await answer(who, right('delete secrets', 'shop'));
      assert.deepEqual([nobody.verdict, nobody.leaning], ['depends', 'no']);
      assert.deepEqual(
        nobody.unknowns.map(({ kind, what }) => [kind, what]),
        [['opaque', 'the decisions of another authorizer']],
      );
      assert.equal((await answer(exec, objects('shop', 'web-0'))).verdict, 'yes');
    });

    await t.test('who may not post SubjectAccessReviews asks as the subjects themselves', async (t) => {
      const answer = await asked(t, {}, 'token-impersonator');
      assert.deepEqual(told(answer), [jane, wanda]);
      assert.equal(answer.verification?.unanswered, 0);
    });

    await t.test('who may do neither is told that nothing was checked', async (t) => {
      const { verdict, verification } = await asked(t, {}, 'token-reader');
      assert.equal(verdict, 'yes');
      assert.deepEqual([verification?.agreed, verification?.unanswered], [0, verification?.asked]);
      assert.match(verification?.note ?? '', /^403 Forbidden: .* cannot impersonate/);
    });
  });
});
