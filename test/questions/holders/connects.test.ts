import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Truth } from '../../../src/answer/verdict.ts';
import { exec, portForward, proxy } from '../../../src/questions/index.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { allow, type ClusterBuilder, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, objects, rows as rowsOf } from '../../helpers/question.ts';

const ADMISSION = 'admissionregistration.k8s.io';

const manifest = (kind: string, name: string, raw: Raw) => ({
  group: ADMISSION,
  version: 'v1',
  kind,
  namespace: null,
  name,
  raw,
});

interface Guard {
  /** Null: the policy has no rules. */
  resources?: string[] | null;
  expression?: string;
  conditions?: { name: string; expression: string }[];
  binding?: Raw;
}

/** A cluster in which jane and the group devs hold exec, and a policy that looks at CONNECTs. */
function guarded({
  resources = ['pods/exec'],
  expression = 'false',
  conditions = [],
  binding = {},
}: Guard): ClusterBuilder {
  const resourceRules = resources && [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources }];
  const validations = [{ expression, message: 'not in production' }];
  return holders()
    .with(
      'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
      manifest('ValidatingAdmissionPolicy', 'no-exec', {
        spec: { matchConstraints: { resourceRules }, validations, matchConditions: conditions },
      }),
    )
    .with(
      'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
      manifest('ValidatingAdmissionPolicyBinding', 'no-exec', {
        spec: { policyName: 'no-exec', validationActions: ['Deny'], ...binding },
      }),
    );
}

const holders = (): ClusterBuilder =>
  cluster()
    .namespace('shop', { 'kubernetes.io/metadata.name': 'shop', tier: 'production' })
    .node('n1')
    .pod('shop', 'web', { node: 'n1' })
    .role('shop', 'in', [allow('create get', 'pods/exec pods/portforward pods/proxy pods/log')])
    .binding('shop', 'in', 'Role/in', user('jane'), group('devs'))
    .clusterRole('nodes', [allow('create', 'nodes/proxy')])
    .clusterBinding('nodes', 'ClusterRole/nodes', user('nora'));

const webhook = (failurePolicy: string): Raw => ({
  webhooks: [
    {
      ...{
        name: 'guard.example.com',
        clientConfig: { url: 'https://guard' },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy,
      },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }],
    },
  ],
});

type Row = [why: string, world: ClusterBuilder, question: typeof exec, verdicts: Record<string, Truth>];

const rows: Row[] = [
  ['nothing guards it', holders(), exec, { jane: 'yes', devs: 'yes', nora: 'yes' }],
  ['a policy refuses every exec', guarded({}), exec, { jane: 'no', devs: 'no', nora: 'yes' }],
  ['another door is open', guarded({}), portForward, { jane: 'yes', devs: 'yes', nora: 'yes' }],
  [
    'one of any subresource is shut',
    guarded({ resources: ['pods/*'] }),
    portForward,
    { jane: 'no', devs: 'no', nora: 'yes' },
  ],
  [
    'the way through the node is guarded by itself',
    guarded({ resources: ['nodes/proxy'] }),
    exec,
    { jane: 'yes', devs: 'yes', nora: 'no' },
  ],
  [
    'so it is for a tunnel',
    guarded({ resources: ['nodes/proxy'] }),
    portForward,
    { jane: 'yes', devs: 'yes', nora: 'no' },
  ],
  ['the proxy of a pod', guarded({ resources: ['pods/proxy'] }), proxy, { jane: 'no', devs: 'no', nora: 'yes' }],
  [
    'a policy for other namespaces',
    guarded({ binding: { matchResources: { namespaceSelector: { matchLabels: { tier: 'test' } } } } }),
    exec,
    { jane: 'yes', devs: 'yes', nora: 'yes' },
  ],
  [
    'a policy for this one',
    guarded({ binding: { matchResources: { namespaceSelector: { matchLabels: { tier: 'production' } } } } }),
    exec,
    { jane: 'no', devs: 'no', nora: 'yes' },
  ],
  [
    'one that is only audited',
    guarded({ binding: { validationActions: ['Audit'] } }),
    exec,
    { jane: 'yes', devs: 'yes', nora: 'yes' },
  ],
  [
    'an exception for jane: who is in devs is not known',
    guarded({ conditions: [{ name: 'jane', expression: "request.userInfo.username != 'jane'" }] }),
    exec,
    { jane: 'yes', devs: 'depends', nora: 'yes' },
  ],
  [
    'an exception for the group',
    guarded({ conditions: [{ name: 'devs', expression: "!('devs' in request.userInfo.groups)" }] }),
    exec,
    { jane: 'no', devs: 'yes', nora: 'yes' },
  ],
  [
    'a policy without rules, which looks at everything, and an exception for jane',
    guarded({ resources: null, conditions: [{ name: 'jane', expression: "request.userInfo.username != 'jane'" }] }),
    exec,
    { jane: 'yes', devs: 'depends', nora: 'no' },
  ],
  [
    'what the caller says in the options may be said otherwise',
    guarded({ expression: '!object.stdin' }),
    exec,
    { jane: 'depends', devs: 'depends', nora: 'yes' },
  ],
  [
    'a webhook may refuse',
    holders().with(
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
      manifest('ValidatingWebhookConfiguration', 'guard', webhook('Fail')),
    ),
    exec,
    { jane: 'depends', devs: 'depends', nora: 'yes' },
  ],
];
for (const [why, world, question, verdicts] of rows)
  test(`${question.name}: ${why}`, () => {
    const said = rowsOf(answer(question, objects('shop', 'web'), world.world())).filter(
      ({ subject, id }) => Object.hasOwn(verdicts, subject.name) && !id.startsWith('near-miss'),
    );
    assert.deepEqual(Object.fromEntries(said.map(({ subject, verdict }) => [subject.name, verdict])), verdicts);
  });

test('a refusal says which policy, in the words of the server, and the answer is no where nobody else is left', () => {
  const { nearMisses, verdict, summary } = answer(exec, objects('shop', 'web'), guarded({}).world(), {
    subject: user('jane'),
  });
  assert.equal(verdict, 'no');
  assert.match(
    nearMisses[0]?.reason ?? '',
    /but ValidatingAdmissionPolicy 'no-exec' with binding 'no-exec' denied request: not in production$/,
  );
  assert.match(summary, /^User jane cannot exec into pod shop\/web: .*denied request: not in production/);
});

test('policies that could not be read are told, in one line, and change no verdict', () => {
  const world = holders()
    .refuse(list('ValidatingAdmissionPolicy.admissionregistration.k8s.io'))
    .refuse(list('ValidatingWebhookConfiguration.admissionregistration.k8s.io'))
    .world();
  const { verdict, unknowns } = answer(exec, objects('shop', 'web'), world);
  assert.equal(verdict, 'yes');
  assert.deepEqual(
    unknowns.map(({ kind, what, affects }) => [kind, what, affects]),
    [['unreadable', 'policies and webhooks of admission', 'whether one of them refuses what RBAC allows']],
  );
});

test('a webhook leans to yes', () => {
  const world = holders()
    .with(
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
      manifest('ValidatingWebhookConfiguration', 'guard', webhook('Fail')),
    )
    .world();
  const { verdict, leaning, unknowns } = answer(exec, objects('shop', 'web'), world, { subject: user('jane') });
  assert.deepEqual([verdict, leaning], ['depends', 'yes']);
  assert.match(unknowns[0]?.what ?? '', /guard\.example\.com/);
});
