import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { fromSources } from '../helpers/in-process.ts';
import { main } from '../helpers/run-main.ts';

/** A command line on the demo, its exit code with --exit-code, and how its first line goes. */
const lines: [words: string, code: number, first: RegExp][] = [
  ['sa/deployer -n ci', 3, /^yes: ServiceAccount ci\/deployer is cluster-admin already$/],
  ['sa deployer -n ci --to cluster-admin', 3, /is cluster-admin already$/],
  ['sa/builder -n ci', 3, /^yes: ServiceAccount ci\/builder can come to control the whole cluster/],
  ['serviceaccount/builder -n ci', 3, /^yes: ServiceAccount ci\/builder /],
  ['system:serviceaccount:ci:builder --to cluster-admin', 2, /^error: unknown command/],
  ['sa system:serviceaccount:ci:builder --to cluster-admin', 3, /can get to cluster-admin, in 2 steps$/],
  ['sa/web -n shop --to cluster-admin', 0, /^no: ServiceAccount shop\/web cannot get to cluster-admin$/],
  [
    'sa/web -n shop --to sa/checkout',
    3,
    /^yes: ServiceAccount shop\/web can get to service account shop\/checkout, in 4 steps$/,
  ],
  ['sa/web -n shop --to secret/web-db', 3, /can get to Secret shop\/web-db, in 1 step$/],
  ['sa/web -n shop --to namespace/dev', 0, /^no: .* cannot get to namespace dev$/],
  ['sa/web -n shop --to sa/checkout --to cluster-admin', 3, /^yes: 1 of 2 goals can be reached$/],
  ['user jane', 3, /^yes: User jane is cluster-admin already$/],
  ['user/nobody-names-her', 3, /^yes: User nobody-names-her can come to control /],
  ['group system:authenticated', 3, /^yes: Group system:authenticated can come to control /],
  ['user x --subject-group platform', 3, /^yes: User x, in group platform, is cluster-admin already$/],
  ['me', 3, /^yes: User olivia is cluster-admin already$/],
  ['node worker-1 --to node/cp-1', 3, /^yes: root on node worker-1 can get to node cp-1, in 2 steps$/],
  ['node/cp-1', 3, /^yes: root on node cp-1 can come to control the whole cluster \(cluster-admin\), in 1 step$/],
  [
    'pod web-0 -n shop --to sa/checkout',
    3,
    /^yes: code in pod shop\/web-0 can get to service account shop\/checkout, in 5 steps$/,
  ],
  [
    'sa/web pod/web-1 node/cp-1 -n shop --to cluster-admin',
    3,
    /^yes: ServiceAccount shop\/web, code in pod shop\/web-1 and root on node cp-1 can get to cluster-admin, in 1 step$/,
  ],
  ['reach cluster-admin', 3, /^yes: 6 subjects can get to cluster-admin \(3 subjects are there already\)$/],
  ['reach sa/shop/web', 3, /^yes: \d+ subjects can get to service account shop\/web/],
  // What no binding names can be a goal too: it is impersonated, or not.
  ['sa/login-proxy -n ingress --to user/nobody-names-him', 3, /can get to user nobody-names-him, in 1 step$/],
  ['sa/login-proxy -n ingress --to group/nobody-names-it', 3, /can get to group nobody-names-it, in 1 step$/],
  ['sa/web -n shop --to user/nobody-names-him', 0, /cannot get to user nobody-names-him$/],
  // Accounts that Kubernetes creates itself count as footholds, though not as answers.
  [
    'sa/clusterrole-aggregation-controller -n kube-system --to cluster-admin',
    3,
    /can get to cluster-admin, in 2 steps$/,
  ],
  ['user/jane foo', 3, /^yes: User jane and User foo are cluster-admin already$/],
  [
    'pod web-0 sa/web -n shop --to cluster-admin',
    0,
    /^no: code in pod shop\/web-0 and ServiceAccount shop\/web cannot/,
  ],
  // What does not exist is never answered with a no.
  ['sa/nope -n shop', 1, /^Error from server \(NotFound\): serviceaccounts "nope" not found in namespace shop/],
  ['node nope', 1, /^Error from server \(NotFound\): nodes "nope" not found/],
  ['sa/web -n shop --to pod/nope', 1, /^Error from server \(NotFound\): pods "nope" not found in namespace shop/],
  ['sa/web -n shop --to sa/nope', 1, /^Error from server \(NotFound\): serviceaccounts "nope" not found/],
  ['sa/web -n shop --to namespace/nope', 1, /^Error from server \(NotFound\): namespaces "nope" not found/],
  ['reach secret/x -n nope', 1, /^Error from server \(NotFound\): namespaces "nope" not found/],
  // Wrong command lines.
  ['sa', 2, /^error: NAME is required for sa$/],
  ['reach', 2, /^error: GOAL is required for reach$/],
  ['reach everything', 2, /^error: invalid goal "everything": say cluster-admin, /],
  ['sa/web --to secret/a/b/c', 2, /^error: invalid goal "secret\/a\/b\/c"/],
  ['node deployment/web', 2, /^error: invalid foothold "deployment\/web": say sa\/NAME, /],
  ['pod deployment/web --to cluster-admin', 2, /^error: invalid foothold "deployment\/web"/],
  // Flags that would mean nothing.
  ['reach cluster-admin --subject-group x', 2, /^error: unknown flag: --subject-group$/],
  ['sa/web -n shop --accept sa/web', 2, /^error: unknown flag: --accept$/],
  ['sa/web -n shop --subject-group platform', 2, /^error: --subject-group completes a user: it needs user\/NAME$/],
  ['pod web-0 -n shop --to cluster-admin --verify', 2, /^error: --verify cannot be used with --to$/],
  ['token', 2, /^error: token reads standard input: say token -$/],
];
for (const [words, code, first] of lines)
  test(`${words}: ${first}`, async () => {
    const { code: actual, stdout, stderr } = await main(`${words} --demo --exit-code`);
    assert.match((stdout || stderr).split('\n')[0] ?? '', first);
    assert.equal(actual, code);
  });

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${encoded({ alg: 'RS256' })}.${encoded(claims)}.signature`;
const SUBJECT = 'system:serviceaccount:shop:web';
const bound = (pod: string) => ({
  sub: SUBJECT,
  exp: 4_000_000_000,
  'kubernetes.io': { namespace: 'shop', pod: { name: pod } },
});

const tokens: [name: string, stdin: string, code: number, first: RegExp][] = [
  ['of a pod that runs', jwt(bound('web-0')), 3, /^yes: ServiceAccount shop\/web can come to control /],
  ['with the word that stands before it', `Bearer ${jwt(bound('web-0'))}\n`, 3, /^yes: /],
  [
    'of a pod that is gone',
    jwt(bound('web-9')),
    1,
    /^error: the token is bound to pod shop\/web-9, which does not exist any more/,
  ],
  [
    'that has expired',
    jwt({ sub: SUBJECT, exp: 1 }),
    1,
    /^error: the token expired at 1970-01-01T00:00:01.000Z: ask about sa\/web -n shop/,
  ],
  ['that never expires', jwt({ sub: SUBJECT }), 3, /^yes: /],
  [
    'of a person',
    jwt({ sub: 'jane', iss: 'https://login.example.com' }),
    1,
    /^error: standard input holds a token of "jane", not of a service account/,
  ],
  ['of an account that does not exist', jwt({ sub: 'system:serviceaccount:shop:nope' }), 1, /NotFound/],
  ['that is none', 'hello', 1, /^error: standard input holds no JSON Web Token: it has not the three parts of one$/],
  ['that is empty', '', 1, /^error: standard input holds no JSON Web Token/],
  [
    'whose claims are no JSON',
    'a.b.c',
    1,
    /^error: standard input holds no JSON Web Token: its second part is not JSON$/,
  ],
  [
    'whose claims are odd',
    jwt({ sub: SUBJECT, 'kubernetes.io': 'x' }),
    1,
    /^error: standard input holds no JSON Web Token: its claims/,
  ],
];
for (const [name, stdin, code, first] of tokens)
  test(`a token ${name}: ${first}`, async () => {
    const { code: actual, stdout, stderr } = await fromSources('token - --demo --exit-code', { stdin });
    assert.match((stdout || stderr).split('\n')[0] ?? '', first);
    assert.equal(actual, code);
    for (const part of stdin
      .trim()
      .split('.')
      .filter((each) => each.length > 12))
      assert.ok(!stdout.includes(part) && !stderr.includes(part), 'no part of the token is printed');
  });

test('a pod without a token and the token of its account are one attacker, in either order', async () => {
  for (const words of ['pod web-0 token -', 'token - pod/web-0']) {
    const { stdout } = await fromSources(`${words} -n shop --to sa/checkout --demo`, { stdin: jwt({ sub: SUBJECT }) });
    assert.match(stdout, /^yes: .* can get to service account shop\/checkout, in 4 steps\n/, words);
  }
});

test('a pod without a token leads nowhere, and what would is said', async () => {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'a', image: 'a' }] },
  };
  const line = 'pod/web -n shop --to cluster-admin --complete --exit-code --input -';
  const { stdout, code } = await fromSources(line, { stdin: JSON.stringify(pod) });
  assert.match(stdout, /^no: code in pod shop\/web cannot get to cluster-admin\n/);
  assert.equal(code, 0);
});

test('where not everything could be read, no way that was seen is no answer of no', async () => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop', uid: 'u1' } };
  const { stdout } = await fromSources('sa/web -n shop --to cluster-admin --input -', {
    stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [account] }),
  });
  assert.match(stdout, /^depends: no way was seen by which ServiceAccount shop\/web could get to cluster-admin\n/);
});

test('a proof in JSON: steps in order, each with the earlier ones that it uses and who takes it', async () => {
  const { stdout } = await main('sa/web -n shop --to sa/checkout --demo -o json');
  const answer = JSON.parse(stdout) as Answer;
  const [finding] = answer.findings;
  assert.deepEqual(answer.goal, { kind: 'ServiceAccount', namespace: 'shop', name: 'checkout' });
  assert.equal(finding?.direct, false);
  assert.deepEqual(
    finding?.evidence.map(({ id, technique, uses, identity }) => [id, technique, uses, identity?.name ?? null]),
    [
      ['e1', 'pod-create', [], 'web'],
      ['e2', 'pod-create', ['e1'], 'web'],
      ['e3', 'pod-exec', ['e2'], 'default'],
      ['e4', 'pod-token', ['e3'], null],
    ],
  );
  for (const { attack } of finding?.evidence ?? []) assert.equal(attack, undefined, 'attacks are asked for');
});

test('what is missing for a goal is said, the least first', async () => {
  const { stdout } = await main('sa/web -n shop --to cluster-admin --demo -o json');
  const { nearMisses } = JSON.parse(stdout) as Answer;
  const missing = nearMisses.map((each) => each.missing ?? 0);
  assert.ok(missing.length > 0);
  assert.deepEqual(
    missing,
    missing.toSorted((a, b) => a - b),
  );
});

test('--show-attack prints the attack of each step that has one', async () => {
  const { stdout } = await main('sa/builder -n ci --to sa/deployer --demo --show-attack');
  assert.match(stdout, /ATTACK, to be run as sa\/ci\/builder/);
});
