import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectEngines } from '../../../src/admission/connect.ts';
import { engineLists } from '../../../src/admission/engines/lists.ts';
import { attach, exec, portForward, proxy } from '../../../src/questions/index.ts';
import type { GroupKind } from '../../../src/world/kinds.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { World } from '../../../src/world/world.ts';
import { allow, type ClusterBuilder, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, objects, rows as rowsOf } from '../../helpers/question.ts';

const VALIDATING: GroupKind = 'ValidatingWebhookConfiguration.admissionregistration.k8s.io';

interface Asked {
  name?: string;
  resources?: string[];
  operations?: string[];
  [field: string]: unknown;
}

/**
 * A cluster in which jane and the group devs hold every connection, nora the proxy of nodes, and an engine is asked
 * about `resources`.
 */
const asking = ({
  name = 'validate.kyverno.svc-fail',
  resources = ['pods/*', 'services/*', 'nodes/*'],
  operations = ['CONNECT'],
  ...more
}: Asked = {}) =>
  cluster()
    .namespace('shop', { tier: 'production' })
    .node('n1')
    .pod('shop', 'web', { node: 'n1' })
    .role('shop', 'in', [allow('create get', 'pods/exec pods/attach pods/portforward pods/proxy')])
    .binding('shop', 'in', 'Role/in', user('jane'), group('devs'))
    .clusterRole('nodes', [allow('create', 'nodes/proxy')])
    .clusterBinding('nodes', 'ClusterRole/nodes', user('nora'))
    .with(VALIDATING, {
      ...{
        group: 'admissionregistration.k8s.io',
        version: 'v1',
        kind: 'ValidatingWebhookConfiguration',
        namespace: null,
        name: 'engine',
      },
      raw: {
        webhooks: [
          {
            ...{
              name,
              clientConfig: { url: 'https://engine' },
              failurePolicy: 'Fail',
              sideEffects: 'None',
              admissionReviewVersions: ['v1'],
            },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources }],
            ...more,
          },
        ],
      },
    });

const custom = (
  world: ClusterBuilder,
  groupKind: GroupKind,
  name: string,
  spec: Raw,
  namespace: string | null = null,
): ClusterBuilder => {
  const [kind = '', ...groups] = groupKind.split('.');
  return world.with(groupKind, {
    group: groups.join('.'),
    version: 'v1',
    kind,
    namespace,
    name,
    raw: { metadata: { name, namespace }, spec },
  });
};

const IN_SHOP = { all: [{ key: '{{ request.namespace }}', operator: 'Equals', value: 'shop' }] };
const CONNECTING = { all: [{ key: "{{ request.operation || 'BACKGROUND' }}", operator: 'Equals', value: 'CONNECT' }] };
const kyverno = (kinds: string[], rule: Raw = {}, asked: Asked = {}, spec: Raw = {}): ClusterBuilder =>
  custom(asking(asked), 'ClusterPolicy.kyverno.io', 'no-way-in', {
    validationFailureAction: 'Enforce',
    rules: [
      {
        name: 'r',
        match: { any: [{ resources: { kinds } }] },
        preconditions: CONNECTING,
        validate: { deny: { conditions: IN_SHOP } },
        ...rule,
      },
    ],
    ...spec,
  });

const template = (world: ClusterBuilder): ClusterBuilder =>
  custom(world, 'ConstraintTemplate.templates.gatekeeper.sh', 'k8snoexec', {
    crd: { spec: { names: { kind: 'K8sNoExec' } } },
    targets: [
      {
        target: 'admission.k8s.gatekeeper.sh',
        rego: 'package k8snoexec\nviolation[{"msg": "no"}] { input.review.operation == "CONNECT" }',
      },
    ],
  });
const gatekeeper = (kinds: string[], spec: Raw = {}): ClusterBuilder =>
  custom(template(asking({ name: 'validation.gatekeeper.sh' })), 'K8sNoExec.constraints.gatekeeper.sh', 'no-way-in', {
    match: { kinds: [{ apiGroups: [''], kinds }] },
    ...spec,
  });

/** Every kind of which there are objects was read. */
function read(builder: ClusterBuilder): World {
  const world = builder.world();
  for (const kind of world.kinds()) world.add(list(kind), { read: true });
  return world;
}

const OPEN = { jane: 'yes', devs: 'yes', nora: 'yes' };
const SHUT = { jane: 'depends:no', devs: 'depends:no', nora: 'yes' };

type Row = [why: string, world: ClusterBuilder, question: typeof exec, verdicts: Record<string, string>];

const rows: Row[] = [
  ['a policy on Pod/exec', kyverno(['Pod/exec']), exec, SHUT],
  ['on any subresource', kyverno(['Pod/*']), exec, SHUT],
  ['on the subresource of anything', kyverno(['*/exec']), exec, SHUT],
  ['on another subresource', kyverno(['Pod/attach']), exec, OPEN],
  ['on attach', kyverno(['Pod/attach']), attach, SHUT],
  ['on port-forward', kyverno(['Pod/portforward']), portForward, SHUT],
  ['on the proxy of a pod', kyverno(['Pod/proxy']), proxy, SHUT],
  ['on pods themselves', kyverno(['Pod']), exec, OPEN],
  ['on nodes, which Kyverno leaves alone', kyverno(['Node/proxy'], { validate: { deny: {} } }), exec, OPEN],
  [
    'for another namespace',
    kyverno(['Pod/exec'], { validate: { deny: { conditions: { all: [{ ...IN_SHOP.all[0], value: 'ci' }] } } } }),
    exec,
    OPEN,
  ],
  [
    'for another operation',
    kyverno(['Pod/exec'], { preconditions: { all: [{ ...CONNECTING.all[0], value: 'DELETE' }] } }),
    exec,
    OPEN,
  ],
  ['that is only audited', kyverno(['Pod/exec'], {}, {}, { validationFailureAction: 'Audit' }), exec, OPEN],
  ['that is not active', kyverno(['Pod/exec'], {}, {}, { admission: false }), exec, OPEN],
  [
    'that leaves jane alone',
    kyverno(['Pod/exec'], { exclude: { any: [{ subjects: [{ kind: 'User', name: 'jane' }] }] } }),
    exec,
    { ...SHUT, jane: 'yes' },
  ],
  [
    'that leaves the group alone',
    kyverno(['Pod/exec'], { exclude: { any: [{ subjects: [{ kind: 'Group', name: 'devs' }] }] } }),
    exec,
    { ...SHUT, devs: 'yes' },
  ],
  ['whose webhook is not asked about connections', kyverno(['Pod/exec'], {}, { operations: ['CREATE'] }), exec, OPEN],
  [
    'whose webhook is asked about another subresource',
    kyverno(['Pod/exec'], {}, { resources: ['pods/attach'] }),
    exec,
    OPEN,
  ],
  [
    'whose webhook is asked in other namespaces',
    kyverno(['Pod/exec'], {}, { namespaceSelector: { matchLabels: { tier: 'test' } } }),
    exec,
    OPEN,
  ],
  [
    'whose webhook is asked in this one',
    kyverno(['Pod/exec'], {}, { namespaceSelector: { matchLabels: { tier: 'production' } } }),
    exec,
    SHUT,
  ],
  ['whose webhook may be left out when it fails', kyverno(['Pod/exec'], {}, { failurePolicy: 'Ignore' }), exec, SHUT],
  [
    'whose webhook looks away',
    kyverno(['Pod/exec'], {}, { matchConditions: [{ name: 'x', expression: "request.namespace != 'shop'" }] }),
    exec,
    { ...OPEN, nora: 'no' },
  ],
  [
    'that is not understood',
    kyverno(['Pod/exec'], {
      validate: { deny: { conditions: { all: [{ ...IN_SHOP.all[0], key: '{{ images }}' }] } } },
    }),
    exec,
    { jane: 'depends', devs: 'depends', nora: 'yes' },
  ],
  [
    'that is not understood where it does not apply',
    kyverno(['Pod/exec'], {
      preconditions: { all: [{ ...IN_SHOP.all[0], value: 'ci' }] },
      validate: { deny: { conditions: { all: [{ ...IN_SHOP.all[0], key: '{{ images }}' }] } } },
    }),
    exec,
    OPEN,
  ],
  [
    'of the namespace',
    custom(
      asking(),
      'Policy.kyverno.io',
      'no-way-in',
      {
        validationFailureAction: 'Enforce',
        rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod/exec'] } }] }, validate: { deny: {} } }],
      },
      'shop',
    ),
    exec,
    SHUT,
  ],
  [
    'in CEL',
    custom(asking(), 'ValidatingPolicy.policies.kyverno.io', 'no-way-in', {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }],
      },
      validations: [{ expression: "request.namespace != 'shop'", message: 'no' }],
    }),
    exec,
    SHUT,
  ],
  [
    'a constraint on the options',
    gatekeeper(['PodExecOptions']),
    exec,
    { jane: 'depends', devs: 'depends', nora: 'yes' },
  ],
  ['a constraint on pods', gatekeeper(['Pod']), exec, OPEN],
  ['a constraint that only warns', gatekeeper(['PodExecOptions'], { enforcementAction: 'warn' }), exec, OPEN],
];
for (const [why, world, question, verdicts] of rows)
  test(`${question.name}: ${why}`, () => {
    const said = rowsOf(answer(question, objects('shop', 'web'), read(world))).filter(
      ({ subject, id }) => Object.hasOwn(verdicts, subject.name) && !id.startsWith('near-miss'),
    );
    const found = said.map(({ subject, verdict, leaning }) => [
      subject.name,
      leaning === null || leaning === 'yes' ? verdict : `${verdict}:${leaning}`,
    ]);
    assert.deepEqual(Object.fromEntries(found), verdicts);
  });

test('the policy is named, and the webhook of its engine is not told beside it', () => {
  const { verdict, leaning, unknowns } = answer(exec, objects('shop', 'web'), read(kyverno(['Pod/exec'])), {
    subject: user('jane'),
  });
  assert.deepEqual([verdict, leaning], ['depends', 'no']);
  assert.deepEqual(
    unknowns.map(({ kind, what }) => [kind, what]),
    [['opaque', 'ClusterPolicy no-way-in, rule r']],
  );
});

test('where the policies were not read the webhook is told', () => {
  const { verdict, unknowns } = answer(exec, objects('shop', 'web'), asking().world(), { subject: user('jane') });
  assert.equal(verdict, 'depends');
  assert.match(unknowns[0]?.what ?? '', /^webhook validate\.kyverno\.svc-fail/);
});

test('where some of the policies were not read the webhook is told as well', () => {
  const world = read(
    kyverno(['Pod/exec'], { validate: { deny: { conditions: { all: [{ ...IN_SHOP.all[0], value: 'ci' }] } } } }),
  );
  world.add(list('Policy.kyverno.io'), {
    read: false,
    failure: { kind: 'forbidden', status: 403, message: '403 Forbidden' },
  });
  assert.equal(answer(exec, objects('shop', 'web'), world, { subject: user('jane') }).verdict, 'depends');
});

test('the policies of an engine are read where it is asked about connections, and of Gatekeeper the kinds that templates name', () => {
  const needs = (world: ClusterBuilder): string[] => {
    const built = world.world();
    return engineLists(new Set(connectEngines(built)), built).map(
      ({ api }) => `${api?.resource}.${api?.group}/${api?.version}`,
    );
  };
  assert.deepEqual(needs(asking({ operations: ['CREATE'] })), []);
  assert.deepEqual(needs(asking()), [
    'clusterpolicies.kyverno.io/v1',
    'policies.kyverno.io/v1',
    'policyexceptions.kyverno.io/v2beta1',
    'validatingpolicies.policies.kyverno.io/v1alpha1',
    'imagevalidatingpolicies.policies.kyverno.io/v1alpha1',
    'namespacedvalidatingpolicies.policies.kyverno.io/v1beta1',
    'namespacedimagevalidatingpolicies.policies.kyverno.io/v1beta1',
  ]);
  assert.deepEqual(needs(gatekeeper(['Pod'])), [
    'constrainttemplates.templates.gatekeeper.sh/v1',
    'configs.config.gatekeeper.sh/v1alpha1',
    'k8snoexec.constraints.gatekeeper.sh/v1beta1',
  ]);
});
