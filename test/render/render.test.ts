import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  account,
  answer,
  clusterRole,
  clusterRoleBinding,
  finding,
  grant,
  group,
  holder,
  options,
  roleBinding,
  user,
} from '../helpers/answers.ts';
import { render } from '../helpers/rendered.ts';

const linesOf = (...parts: Parameters<typeof render>): string[] => render(...parts).split('\n');
const subjects = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^(user|group|sa)\/\S+/.exec(line)?.[0] ?? []);

test('worst first: sure before open, direct before indirect, the cluster before a namespace', () => {
  const wide = grant(clusterRoleBinding('x'), clusterRole('x'));
  const findings = [
    holder(user('leaning-no'), grant(), { verdict: 'depends', leaning: 'no' }),
    holder(user('open'), grant(), { verdict: 'depends' }),
    holder(user('narrow'), grant()),
    holder(user('indirect'), wide, { direct: false }),
    holder(user('wide'), wide),
  ];
  assert.deepEqual(subjects(render([answer({ findings })], options())), [
    'user/wide',
    'user/narrow',
    'user/indirect',
    'user/open',
    'user/leaning-no',
  ]);
});

test('the order of the answer decides where nothing else does', () => {
  const findings = ['c', 'a', 'b'].map((name) => holder(user(name), grant()));
  assert.deepEqual(subjects(render([answer({ findings })], options())), ['user/c', 'user/a', 'user/b']);
});

test('a row shows the grant that its scope comes from', () => {
  const both = [grant(roleBinding('narrow')), grant(clusterRoleBinding('wide'), clusterRole('x'))];
  const [own] = finding().evidence;
  const findings = own
    ? [finding({ scope: { namespace: null, names: null }, evidence: [{ ...own, grants: both }] })]
    : [];
  assert.match(render([answer({ findings })], options()), /<cluster> +ClusterRoleBinding\/wide>ClusterRole\/x,\+1/);
});

const columns: [string, string[], ReturnType<typeof finding>[]][] = [
  ['no more columns than are needed', ['SUBJECT', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'], [finding()]],
  [
    'several ways',
    ['SUBJECT', 'WAY', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'],
    [finding(), finding({ id: 'node-proxy-kubelet' })],
  ],
  [
    'a condition',
    ['SUBJECT', 'VERDICT', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'],
    [finding(), finding({ verdict: 'depends' })],
  ],
  [
    'somebody who becomes somebody',
    ['SUBJECT', 'VERDICT', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'],
    [finding({ direct: false })],
  ],
  ['accounts in a group', ['SUBJECT', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'], [finding({ subject: group('g', 0) })]],
  [
    'near misses are no rows',
    ['SUBJECT', 'SCOPE', 'THROUGH', 'AGE', 'CHANGED'],
    [finding(), finding({ id: 'near-miss-verb', verdict: 'no' })],
  ],
];
for (const [why, expected, findings] of columns) {
  test(`columns: ${why}`, () =>
    assert.deepEqual(linesOf([answer({ findings })], options({ width: 100 }))[3]?.split(/ +/), expected));
}

test('a table that does not fit leaves out the kinds of binding and role, which the scope tells', () => {
  const findings = [
    holder(account('ci', 'deployer'), grant(clusterRoleBinding('ci-deployer'), clusterRole('cluster-admin'))),
  ];
  assert.match(
    render([answer({ findings })], options({ width: 130 })),
    / ClusterRoleBinding\/ci-deployer>ClusterRole\/cluster-admin /,
  );
  const narrow = linesOf([answer({ findings })], options({ width: 80 }));
  assert.match(narrow.join('\n'), / ci-deployer>cluster-admin /);
  assert.ok(narrow.every((line) => line.length <= 80));
});

test('columns line up by what the terminal shows', () => {
  const findings = [
    holder(user('山田'), grant()),
    holder(user('ann'), grant()),
    holder(user('x'.repeat(400)), grant()),
  ];
  const [wide = '', narrow = '', long = ''] = linesOf([answer({ findings })], options()).filter((line) =>
    line.startsWith('user/'),
  );
  assert.equal(wide.indexOf('shop') + 2, narrow.indexOf('shop'));
  assert.ok(narrow.length < 220, 'one endless name does not stretch every row');
  assert.match(long, /^user\/x+$/, 'its row goes on in the next line');
});

test('every grant is a row of its own when wide', () => {
  const [own] = finding().evidence;
  const findings = own ? [finding({ evidence: [{ ...own, grants: [grant(), grant(roleBinding('other'))] }] })] : [];
  const text = render([answer({ findings })], options({ output: 'wide', width: Number.POSITIVE_INFINITY }));
  assert.match(text, /RoleBinding\/debuggers .* helm .* Role\/debug +2 .* create pods\/portforward\n/);
  assert.match(text, /RoleBinding\/other /);
});

test('-o name: each holder once, as --subject takes it', () => {
  const findings = [
    finding(),
    finding({ id: 'node-proxy-kubelet' }),
    finding({ subject: group('ops') }),
    finding({ subject: account('ci', 'deployer') }),
    finding({ subject: user('accepted'), accepted: true }),
    finding({ subject: user('near'), verdict: 'no' }),
  ];
  const expected = ['user/jane', 'group/ops', 'system:serviceaccount:ci:deployer', ''];
  assert.deepEqual(linesOf([answer({ findings })], options({ output: 'name' })), expected);
  assert.deepEqual(linesOf([answer({ findings })], options({ output: 'name', showSystem: true }))[3], 'user/accepted');
});

test('unknowns are never cut, and one cause is one line', () => {
  const unknowns = Array.from({ length: 50 }, (_, index) => ({
    kind: 'unreadable' as const,
    what: `rolebindings in namespace n${index % 25}`,
    why: '403 Forbidden',
    affects: index < 25 ? 'every no' : 'the node',
  }));
  const text = render([answer({ unknowns }), answer({ unknowns, verdict: 'depends' })], options());
  assert.equal(
    text.match(
      /^ {2}forbidden {2}rolebindings in namespace n\d+: 403 Forbidden \(affects every no; the\n {13}node\)$/gm,
    )?.length,
    25,
  );
});

test('20,000 holders: each looked at a fixed number of times', () => {
  let looks = 0;
  const watched = (name: string) =>
    new Proxy(holder(user(name), grant()), {
      get: (target, field, receiver) => {
        looks += 1;
        return Reflect.get(target, field, receiver);
      },
    });
  const looksAt = (count: number): number => {
    looks = 0;
    const findings = Array.from({ length: count }, (_, index) => watched(`u${index}`));
    assert.equal(subjects(render([answer({ findings })], options())).length, count);
    return looks / count;
  };
  // Sorting what is in order already compares each with its neighbour.
  assert.ok(looksAt(20_000) < 1.2 * looksAt(200));
});

const RBAC = 'rbac.authorization.k8s.io';
const refusals: [why: string, shown: string][] = [
  [
    `403 Forbidden: rolebindings.${RBAC} is forbidden: User "jane" cannot list resource "rolebindings" in API group "${RBAC}" in the namespace "shop"`,
    '403 Forbidden to User "jane"',
  ],
  [
    '403 Forbidden: pods "web-0" is forbidden: User "a b" cannot get resource "pods" in API group "" at the cluster scope',
    '403 Forbidden to User "a b"',
  ],
  [
    '403 Forbidden: pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope: RBAC: role "x" not found',
    '403 Forbidden: pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope: RBAC: role "x" not found',
  ],
  ['not tried after 20 requests that failed', 'not tried after 20 requests that failed'],
];
for (const [why, shown] of refusals) {
  test(`of a refusal people are told as whom they were refused, documents all: ${shown}`, () => {
    const refused = answer({
      verdict: 'depends',
      unknowns: [{ kind: 'unreadable', what: 'a list', why, affects: 'every no' }],
    });
    assert.ok(
      linesOf([refused], options({ width: 300 })).includes(
        `  ${why.startsWith('403') ? 'forbidden' : 'unread'}  a list: ${shown} (affects every no)`,
      ),
    );
    assert.equal(JSON.parse(render([refused], options({ output: 'json' }))).unknowns[0].why, why);
  });
}
