import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from '../../../src/rbac/request.ts';
import { type Identity, identityOf } from '../../../src/rbac/subjects.ts';
import { answer, finding, podFacts } from '../../helpers/answers.ts';
import { hints } from '../../helpers/rendered.ts';

const request = {
  verb: 'create',
  group: '',
  resource: 'pods',
  subresource: 'portforward',
  namespace: 'shop',
  name: 'web-0',
};
const jane: Identity = identityOf({ kind: 'User', namespace: null, name: 'jane' });
const check = (identity: Identity, asked: Request = request, connect: string[] = []): string | undefined =>
  hints([{ answer: answer({ target: null }), checks: () => [{ identity, request: asked }] }], connect)[0];

const identities: [Identity, string][] = [
  [jane, '--as=jane'],
  [
    identityOf({ kind: 'User', namespace: null, name: 'jane' }, ['ops', 'a b']),
    "--as=jane --as-group=ops '--as-group=a b'",
  ],
  [identityOf({ kind: 'ServiceAccount', namespace: 'ci', name: 'deployer' }), '--as=system:serviceaccount:ci:deployer'],
  [identityOf({ kind: 'Group', namespace: null, name: 'devs' }), '--as=anyone --as-group=devs'],
  [
    identityOf({ kind: 'Group', namespace: null, name: 'system:authenticated' }),
    '--as=anyone --as-group=system:authenticated',
  ],
  [
    identityOf({ kind: 'Group', namespace: null, name: 'system:serviceaccounts:ci' }),
    '--as=anyone --as-group=system:serviceaccounts:ci --as-group=system:serviceaccounts',
  ],
  [
    identityOf({ kind: 'User', namespace: null, name: 'system:node:n1' }),
    '--as=system:node:n1 --as-group=system:nodes',
  ],
  [identityOf({ kind: 'User', namespace: null, name: "x'; rm -rf ~" }), "'--as=x'\\''; rm -rf ~'"],
];
for (const [identity, flags] of identities) {
  test(`asks as ${flags}`, () =>
    assert.equal(
      check(identity),
      `Check: kubectl auth can-i create pods/web-0 --subresource=portforward -n shop ${flags}`,
    ));
}

const requests: [Request, string][] = [
  [{ verb: 'get', url: '/metrics' }, 'get /metrics'],
  [{ ...request, name: '' }, 'create pods --subresource=portforward -n shop'],
  [
    { verb: 'list', group: 'apps', resource: 'deployments', subresource: '', namespace: '', name: '' },
    'list deployments.apps -A',
  ],
];
for (const [asked, words] of requests)
  test(`asks ${words}`, () => assert.equal(check(jane, asked), `Check: kubectl auth can-i ${words} --as=jane`));

test('the same cluster is asked', () =>
  assert.match(check(jane, request, ['--context', 'a b']) ?? '', / --context 'a b'$/));

test('without a server there is nothing to check with', () => {
  assert.deepEqual(hints([{ answer: answer(), checks: () => [] }], ['--demo']), [
    'Try:   kubectl whocan-escalate pod web-0 -n shop --demo',
  ]);
});

const spawn = {
  strongest: null,
  maybe: null,
  namespaces: [],
  escapes: [],
  refusals: [],
  accounts: { count: null, powerful: [] },
};
const spawned = (parts: Parameters<typeof finding>[0]) => finding({ id: 'pod-create', spawn, ...parts });
const hinted = (parts: Parameters<typeof answer>[0]): string | undefined =>
  hints([{ answer: answer({ question: 'privileged', ...parts }), checks: () => [] }], [])[0];
const deployer = { kind: 'ServiceAccount', namespace: 'ci', name: 'deployer', members: null };
const asJane = { kind: 'User', namespace: null, name: 'jane' };
const next: [string, Parameters<typeof answer>[0], string | undefined][] = [
  [
    'the proof of one who can',
    { target: null, findings: [spawned({ verdict: 'no' }), spawned({ subject: deployer })] },
    'privileged sa/deployer -n ci --explain',
  ],
  ['nothing of those who are accepted', { target: null, findings: [spawned({ accepted: true })] }, undefined],
  ['nor of those who are held back', { target: null, findings: [spawned({ verdict: 'no' })] }, undefined],
  [
    'the proof about the one who was asked about',
    { target: asJane, findings: [spawned({ verdict: 'no' })] },
    'privileged user/jane --explain',
  ],
  ['nothing about one who holds nothing', { target: asJane, findings: [] }, undefined],
  ['the card of a pod', { findings: [spawned({})] }, 'pod web-0 -n shop'],
];
for (const [why, parts, words] of next)
  test(`after privileged comes ${why}`, () =>
    assert.equal(hinted(parts), words && `Try:   kubectl whocan-escalate ${words}`));

test('where no single right is claimed, one that the answer rests on can be checked', () => {
  const hint = () => ({ identity: jane, request: { ...request, subresource: '', name: '' } });
  assert.deepEqual(hints([{ answer: answer({ target: null }), checks: () => [], hint }], []), [
    'Check: kubectl auth can-i create pods -n shop --as=jane',
  ]);
});

test('no hint is wider than the terminal: a command goes on as a shell reads it', () => {
  const long = {
    ...answer({
      target: { kind: 'Pod', namespace: 'monitoring-and-logging', name: 'kube-prometheus-stack-operator-0' },
    }),
  };
  const claimed = [{ answer: long, checks: () => [{ identity: jane, request }] }];
  const lines = hints(claimed, ['--context', 'a long context'], { width: 60 });
  assert.deepEqual(lines, [
    'Try:   kubectl whocan-escalate pod \\',
    '         kube-prometheus-stack-operator-0 -n \\',
    "         monitoring-and-logging --context 'a long context'",
    'Check: kubectl auth can-i create pods/web-0 \\',
    '         --subresource=portforward -n shop --as=jane \\',
    "         --context 'a long context'",
  ]);
  assert.equal(hints(claimed, ['--context', 'a long context']).length, 2, 'whoever has no width has a line each');
});

test('whoever has seen the proof is not told to ask for it', () => {
  const proved = answer({ question: 'privileged', target: asJane, findings: [spawned({})] });
  const everybody = answer({ question: 'privileged', target: null, findings: [spawned({})] });
  const asked = (each: typeof proved, explain: boolean) => hints([{ answer: each, checks: () => [] }], [], { explain });
  assert.deepEqual(asked(proved, true), []);
  assert.equal(asked(proved, false).length, 1);
  assert.equal(asked(everybody, true).length, 1, 'of everybody one is left to look at');
});

test('after the card comes the first door that somebody can use', () => {
  const findings = [
    finding({ id: 'pod-exec', accepted: true }),
    finding({ id: 'pod-log-read' }),
    finding({ id: 'pod-port-forward' }),
  ];
  const card = answer({ question: 'pod', pod: podFacts(), findings });
  assert.deepEqual(hints([{ answer: card, checks: () => [] }], []), [
    'Try:   kubectl whocan-escalate port-forward web-0 -n shop --explain',
  ]);
});
