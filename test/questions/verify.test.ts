import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, who } from '../../src/questions/index.ts';
import type { Asked, DryRun } from '../../src/questions/question.ts';
import { type TryPod, verify } from '../../src/questions/verify.ts';
import { isUrlRequest } from '../../src/rbac/request.ts';
import { list } from '../../src/world/needs.ts';
import { answer, finding } from '../helpers/answers.ts';
import { allow, cluster, group, user } from '../helpers/cluster.ts';
import { asked, objects, right } from '../helpers/question.ts';

/** Jane may, everybody else of the crowd may not. */
const world = () => {
  const crowd = Array.from({ length: 30 }, (_, index) => user(`user-${index}`));
  return cluster()
    .namespace('shop')
    .pod('shop', 'web-0')
    .role('shop', 'may', [allow('create', 'pods/exec')])
    .role('shop', 'nearly', [allow('create', 'pods/*')])
    .role('shop', 'far', [allow('get', 'configmaps')])
    .binding('shop', 'may', 'Role/may', user('jane'), group('devs'))
    .binding('shop', 'nearly', 'Role/nearly', user('omar'))
    .binding('shop', 'far', 'Role/far', ...crowd)
    .world();
};
const one = () => {
  const [first] = asked(exec, objects('shop', 'web-0'), world()).asked;
  if (!first) throw new Error('no answer');
  return first;
};

test('each direct yes is asked once, and at least 20 noes, near misses first', () => {
  const checks = one().checks();
  assert.deepEqual(
    checks.filter(({ expected }) => expected === 'yes').map(({ label }) => label),
    ['User jane create pods/exec', 'Group devs create pods/exec'],
  );
  const noes = checks.filter(({ expected }) => expected === 'no');
  assert.ok(noes.length >= 20);
  assert.equal(noes[0]?.label, 'User omar create pods/exec');
});

test('a check carries the full groups of its identity, and the name and namespace of the request', () => {
  const [first] = one().checks();
  assert.deepEqual(first?.identity, { user: 'jane', groups: ['system:authenticated'] });
  assert.deepEqual(first?.request, {
    verb: 'create',
    group: '',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web-0',
  });
});

test('a no in any namespace is asked in one', () => {
  const checks = asked(who, right('create pods/exec'), world()).asked[0]?.checks() ?? [];
  const noes = checks.filter(({ expected }) => expected === 'no');
  assert.ok(
    noes.length >= 20 && noes.every(({ request }) => !isUrlRequest(request) && request.namespace === 'default'),
  );
});

test('where the server agrees, the answer stays and says how many were asked', async () => {
  const claim = one();
  const expected = new Map(
    claim.checks().map((check) => [JSON.stringify([check.identity, check.request]), check.expected]),
  );
  const verified = await verify(claim, async (identity, request) => ({
    answer: expected.get(JSON.stringify([identity, request])) ?? 'no',
    reason: '',
  }));
  assert.equal(verified.verdict, 'yes');
  assert.deepEqual(verified.verification, {
    asked: claim.checks().length,
    agreed: claim.checks().length,
    unanswered: 0,
    contradictions: [],
    note: null,
  });
});

const causes: ['yes' | 'no', string, RegExp][] = [
  ['yes', '', /another authorizer/],
  ['yes', 'RBAC: allowed by RoleBinding "b/shop"', /the grant was made since/],
  ['no', '', /an authorizer before RBAC denies it/],
];
for (const [server, reason, cause] of causes) {
  test(`a server that always says ${server} ${reason} contradicts: ${cause.source}`, async () => {
    const { verdict, leaning, verification, unknowns } = await verify(one(), async () => ({ answer: server, reason }));
    assert.deepEqual([verdict, leaning], ['depends', server], 'it leans where the server stands');
    assert.ok(verification && verification.contradictions.length > 0);
    assert.ok(verification.contradictions.every(({ likelyCause }) => cause.test(likelyCause)));
    assert.equal(unknowns[0]?.what, 'the server contradicts this answer');
  });
}

test('a server that does not answer changes nothing, and is said not to have', async () => {
  const { verdict, verification } = await verify(one(), async () => ({ unanswered: '403 Forbidden' }));
  assert.equal(verdict, 'yes');
  assert.deepEqual([verification?.agreed, verification?.note], [0, '403 Forbidden']);
  assert.equal(verification?.unanswered, verification?.asked);
});

test('where bindings could not be read nobody is claimed not to hold the right, and kubelets never are', () => {
  const noes = (build: (builder: ReturnType<typeof cluster>) => ReturnType<typeof cluster>): string[] => {
    const builder = cluster()
      .namespace('shop')
      .role('shop', 'far', [allow('get', 'configmaps')])
      .binding('shop', 'far', 'Role/far', user('jane'), user('system:node:n1'));
    const [first] = asked(who, right('get secrets', 'shop'), build(builder).world()).asked;
    return (first?.checks() ?? []).filter(({ expected }) => expected === 'no').map(({ label }) => label);
  };
  assert.deepEqual(
    noes((c) => c),
    ['User jane get secrets'],
  );
  assert.deepEqual(
    noes((c) => c.refuse(list('clusterrolebindings'))),
    [],
  );
});

/** An answer that claims two things about pods. */
const trying = (expected: DryRun['expected'][]): Asked => {
  const { answer } = one();
  const trials = expected.map((each, index) => ({
    ...{ label: `pod ${index}`, namespace: 'shop', pod: {}, as: null, expected: each, withRights: true },
  }));
  return { answer, summaryOf: () => '', checks: () => [], trials: () => trials };
};
const nothingAsked = async () => assert.fail('no review');
const saying = (...answers: Awaited<ReturnType<TryPod>>[]) => {
  const replies = answers.values();
  return async () => replies.next().value ?? assert.fail('one too many');
};
const refused = { answer: 'no', reason: 'violates PodSecurity' } as const;
const admitted = { answer: 'yes', reason: '' } as const;

test('pods are tried, and agree', async () => {
  const { verification, verdict } = await verify(trying(['yes', 'no']), nothingAsked, saying(admitted, refused));
  assert.deepEqual(
    [verification?.asked, verification?.agreed, verification?.contradictions, verdict],
    [2, 2, [], 'yes'],
  );
});

test('a pod that is refused against all expectation makes the verdict depend', async () => {
  const { verification, verdict, leaning, unknowns } = await verify(
    trying(['yes', 'no']),
    nothingAsked,
    saying(refused, refused),
  );
  assert.deepEqual([verdict, leaning], ['depends', 'no']);
  assert.equal(unknowns[0]?.what, 'the server contradicts this answer');
  assert.match(verification?.contradictions[0]?.likelyCause ?? '', /^admission that the API does not show/);
});

test('a pod that is admitted against all expectation leans to yes', async () => {
  const { verification, leaning } = await verify(trying(['yes', 'no']), nothingAsked, saying(admitted, admitted));
  assert.equal(leaning, 'yes');
  assert.match(verification?.contradictions[0]?.likelyCause ?? '', /^an exemption/);
});

test('a pod that authorization refuses blames an authorizer', async () => {
  const reason =
    '403 Forbidden: pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "shop"';
  const { verification } = await verify(trying(['yes']), nothingAsked, saying({ answer: 'no', reason }));
  assert.match(verification?.contradictions[0]?.likelyCause ?? '', /^an authorizer/);
});

test('what could not be tried is said, and changes nothing', async () => {
  const { verification, verdict } = await verify(
    trying(['yes']),
    nothingAsked,
    saying({ unanswered: 'does not support dry run' }),
  );
  assert.deepEqual([verification?.unanswered, verification?.note, verdict], [1, 'does not support dry run', 'yes']);
});

test('without a way to try pods none are', async () => {
  assert.equal((await verify(trying(['yes']), nothingAsked)).verification?.asked, 0);
});

const run = (expected: 'yes' | 'no'): DryRun => ({
  ...{ label: 'pod shop/a', namespace: 'shop', pod: {}, as: null, withRights: false },
  expected,
});
const gates: [
  verdicts: ('yes' | 'no' | 'depends')[],
  server: ('yes' | 'no')[],
  leaning: 'yes' | 'no' | null,
  why: string,
][] = [
  [['yes'], ['no'], 'no', 'refused after all'],
  [['no'], ['yes'], 'yes', 'admitted after all'],
  [['no', 'no'], ['yes', 'no'], 'no', 'another refusal stays'],
  [['no', 'yes'], ['yes', 'yes'], 'yes', 'the only refusal is none'],
  [['no', 'yes'], ['yes', 'no'], 'no', 'one is admitted, the other is not'],
  [['yes', 'yes'], ['yes', 'no'], 'no', 'one of two'],
  [['no', 'depends'], ['yes'], null, 'what depends stays open'],
];
for (const [verdicts, server, leaning, why] of gates)
  test(`a gate that the server contradicts leans ${leaning}: ${why}`, async () => {
    const findings = verdicts.map((verdict) => finding({ verdict }));
    const runs = verdicts.flatMap((verdict) => (verdict === 'depends' ? [] : [run(verdict)]));
    const replies = [...server];
    const asked: Asked = {
      answer: answer({ verdict: 'no', findings }),
      isGate: true,
      summaryOf: () => '',
      checks: () => [],
      trials: () => runs,
    };
    const { verdict, leaning: leans } = await verify(
      asked,
      async () => ({ unanswered: '' }),
      async () => ({ answer: replies.shift() ?? 'no', reason: '' }),
    );
    assert.deepEqual([verdict, leans], ['depends', leaning]);
  });
