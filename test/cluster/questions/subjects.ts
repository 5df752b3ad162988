import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Answer } from '../../../src/answer/answer.ts';
import { attach, exec, portForward, proxy, who } from '../../../src/questions/index.ts';
import { identityOf } from '../../../src/rbac/subjects.ts';
import type { Subject } from '../../../src/world/objects.ts';
import { type Caller, caller } from '../../helpers/caller.ts';
import { account, group, user } from '../../helpers/cluster.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import type { Oracle } from '../../helpers/oracle.ts';
import { objects, right } from '../../helpers/question.ts';
import { request } from '../../helpers/request.ts';

type Ask = (who: Caller, subject: Subject) => Promise<Answer>;
const doorOf =
  (question: typeof exec, target: string): Ask =>
  (who, subject) =>
    who.answer(question, objects('shop', target), { subject });
const rightOf =
  (words: string, namespace: string | null, name: string | null = null): Ask =>
  (caller, subject) =>
    caller.answer(who, right(words, namespace, { name }), { subject });

const execInto: [Ask, string] = [doorOf(exec, 'web-0'), 'create pods/exec web-0 in shop'];

/** Somebody who nearly can. The request is what the server refuses; the words are in the reason. */
const CASES: [subject: Subject, asked: [Ask, request: string], miss: string | null, says: RegExp][] = [
  [user('elsa'), execInto, 'namespace', /RoleBinding ci\/elsewhere grants .* in namespace ci, not in shop$/],
  [
    user('clara'),
    [doorOf(proxy, 'nodes/n1'), 'get nodes/proxy n1'],
    'cluster-scope',
    /a RoleBinding never grants what is cluster-scoped$/,
  ],
  [
    user('clara'),
    [rightOf('get /metrics', null), 'get /metrics'],
    'cluster-scope',
    /a RoleBinding never grants what is cluster-scoped$/,
  ],
  [user('peter'), execInto, 'subresource', /a resource does not include its subresources/],
  [user('dora'), execInto, 'star-subresource', /a trailing \/\* is no wildcard and matches nothing$/],
  [user('anton'), execInto, 'name', /named web-1\), which names other objects$/],
  [user('otto'), execInto, 'verb', /get was enough until Kubernetes 1\.34, this server is 1\.37$/],
  [
    user('otto'),
    [doorOf(attach, 'web-0'), 'create pods/attach web-0 in shop'],
    'verb',
    /needed is create pods\/attach/,
  ],
  [
    user('carl'),
    [rightOf('get secrets', 'shop'), 'get secrets in shop'],
    'capitals',
    /\(GET secrets\): "GET" has other capitals, RBAC wants "get"$/,
  ],
  [user('greta'), execInto, 'api-group', /another API group/],
  [
    user('cora'),
    [rightOf('create configmaps', 'shop'), 'create configmaps in shop'],
    'nameless',
    /carries no name, so that resourceNames never match it, but for server-side apply, which needs patch as well$/,
  ],
  [user('dan'), execInto, 'missing-role', /refers to Role gone, which does not exist: whoever creates it decides/],
  [
    user('roland'),
    [rightOf('create pods/portforward', 'ci'), 'create pods/portforward in ci'],
    'missing-role',
    /RoleBinding ci\/role-of-another-namespace refers to Role tunnel, which does not exist/,
  ],
  [
    account('ci', 'web'),
    [doorOf(portForward, 'web-0'), 'create pods/portforward web-0 in shop'],
    'other-account',
    /shop/,
  ],
  [group('shopkeeper'), execInto, 'other-kind', /to User shopkeeper, which is another subject of that name$/],
  [user('team-shop'), execInto, 'other-kind', /to Group team-shop, which is another subject of that name$/],
  [user('passer-by'), execInto, null, /^User passer-by cannot .*: no binding grants it/],
];

/** One subject, and why not: each no is the server's too. */
export function declareSubjects(plane: ControlPlane, server: Oracle): void {
  const admin = (t: TestContext): Promise<Caller> => caller(t, plane, plane.adminToken);

  for (const [subject, [ask, refused], miss, says] of CASES) {
    test(`${refused} of ${subject.kind} ${subject.name}: no${miss ? `, by its ${miss}` : ''}`, async (t) => {
      const { verdict, findings, nearMisses, summary } = await ask(await admin(t), subject);
      assert.equal(verdict, 'no');
      assert.equal(await server.allows(identityOf(subject), [[request(refused)]]), false);
      assert.deepEqual(findings, []);
      assert.ok(nearMisses.every((finding) => finding.verdict === 'no'));
      const reasons = nearMisses.filter(({ id }) => id === `near-miss-${miss}`).map(({ reason }) => reason);
      assert.match(miss === null ? summary : reasons.join('\n'), says);
    });
  }

  test('an account that is not there is none that anybody can be told about', async (t) => {
    const { answer } = await admin(t);
    const about = (namespace: string, name: string) =>
      answer(exec, objects('shop', 'web-0'), { subject: account(namespace, name) });
    await assert.rejects(about('shop', 'nobody'), {
      message: /^Error from server \(NotFound\): serviceaccounts "nobody" not found in namespace shop/,
    });
    await assert.rejects(about('shop', 'deployer'), {
      message: /"deployer" not found in namespace shop; there (is one|are some) in .*ci/,
    });
    await assert.rejects(about('shpo', 'nobody'), { message: /namespaces "shpo" not found, did you mean "shop"\?/ });
  });

  test('the groups of a user count', async (t) => {
    const { answer } = await admin(t);
    const asked = (...subjectGroups: string[]) =>
      answer(exec, objects('shop', 'web-0'), { subject: user('otto'), subjectGroups });
    assert.deepEqual(
      [(await asked()).verdict, (await asked('team-shop')).verdict, (await asked('auditors')).verdict],
      ['no', 'yes', 'no'],
    );
  });

  test('one right over several bindings is one finding, under the name that was asked for', async (t) => {
    const { findings } = await (await admin(t)).answer(exec, objects('shop', 'web-0'), {
      subject: account('ci', 'deployer'),
    });
    assert.deepEqual(
      findings.map(({ id, subject }) => [id, subject.kind, subject.namespace, subject.name]),
      ['pod-exec', 'node-proxy-kubelet'].map((id) => [id, 'ServiceAccount', 'ci', 'deployer']),
    );
  });
}
