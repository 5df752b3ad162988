import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { kyverno } from '../../src/admission/engines/kyverno/layer.ts';
import { kyvernoTools } from '../../src/admission/engines/tools.ts';
import { admits } from '../../src/admission/layers.ts';
import { ProbeTrials } from '../../src/spawn/probes/probe-trials.ts';
import { PROBES } from '../../src/spawn/probes/probes.ts';
import { makerOf } from '../../src/spawn/writes/makers.ts';
import { Malformed, type Raw } from '../../src/world/raw.ts';
import { importMutant, mistakes } from '../helpers/mutate.ts';
import { worldOf } from '../helpers/world-of.ts';
import { constraintOf, templateOf } from './engines/gatekeeper/templates.ts';
import { policyWith } from './engines/kyverno/policies.ts';
import { apply, json, mutating } from './mutation/rows.ts';
import { creating, podOf } from './objects.ts';
import { binding, policy, webhooks } from './policies/objects.ts';
import { sccObject } from './scc/openshift.ts';

/**
 * An object that nobody understands costs an unknown, never the answer: every field of every kind that admission reads
 * is replaced by everything that it should not be, beside Pod Security, which refuses a privileged pod whatever the
 * others do.
 */
const SHOP = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};
const PRIVILEGED = podOf({ securityContext: { privileged: true } }, {}, { labels: { app: 'web' } });
const JANE = { name: 'jane', groups: ['dev', 'system:authenticated'] };
const ODD: readonly unknown[] = [null, true, -1.5, '', '{{', '[', [], [null], ['x'], [[]], {}, { x: 1 }, [{ x: null }]];
const DEPLOYMENT = { maker: makerOf('deployments') ?? assert.fail(), operation: 'CREATE' } as const;
const [FIRST] = PROBES;

const SELECTOR = {
  matchLabels: { env: 'prod' },
  matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }],
};
const RULES = [
  {
    apiGroups: ['*'],
    apiVersions: ['*'],
    operations: ['*'],
    resources: ['*/*'],
    scope: 'Namespaced',
    resourceNames: ['web'],
  },
];
const CONDITIONS = [{ name: 'c', expression: "request.userInfo.username != 'nobody'" }];
const CONSTRAINTS = {
  resourceRules: RULES,
  excludeResourceRules: RULES,
  namespaceSelector: SELECTOR,
  objectSelector: SELECTOR,
  matchPolicy: 'Exact',
};
const KYVERNO_FILTER = {
  resources: {
    kinds: ['Pod'],
    name: 'w*',
    names: ['web'],
    namespaces: ['s*'],
    operations: ['CREATE'],
    annotations: { a: 'b' },
    selector: SELECTOR,
    namespaceSelector: SELECTOR,
  },
  roles: ['shop:r'],
  clusterRoles: ['r'],
  subjects: [{ kind: 'User', name: 'jane' }],
};
const KYVERNO_RULE = {
  name: 'r',
  match: { any: [{ resources: { kinds: ['Pod'] } }, KYVERNO_FILTER] },
  exclude: { all: [KYVERNO_FILTER] },
  context: [{ name: 'v', variable: { value: '{{ request.namespace }}', jmesPath: '@', default: 'x' } }],
  preconditions: { any: [{ key: '{{ request.operation }}', operator: 'AnyIn', value: ['CREATE'] }] },
};
const WEBHOOK = {
  name: 'x.example.com',
  clientConfig: { service: { namespace: 'n', name: 's', path: '/', port: 443 } },
  ...{ rules: RULES, namespaceSelector: SELECTOR, objectSelector: SELECTOR, matchConditions: CONDITIONS },
  ...{ failurePolicy: 'Fail', sideEffects: 'None', matchPolicy: 'Exact', reinvocationPolicy: 'IfNeeded' },
};
const DENY = { match: { any: [{ resources: { kinds: ['Pod'] } }] }, validate: { deny: {} } };
const SRC = join(import.meta.dirname, '../../src');
const API = 'admissionregistration.k8s.io/v1';

/** Objects, and the path of what is replaced in them: everything where there is none. */
type Row = readonly [name: string, objects: readonly Raw[], only?: RegExp];

/** Of each kind objects in which every field is said that is read of it. */
const KINDS: readonly Row[] = [
  [
    'ValidatingAdmissionPolicy',
    [
      policy('p', {
        ...{ matchConstraints: CONSTRAINTS, matchConditions: CONDITIONS, failurePolicy: 'Fail' },
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        variables: [{ name: 'v', expression: 'object.spec.hostPID' }],
        validations: [{ expression: 'variables.v', message: 'm', messageExpression: "'m'", reason: 'Invalid' }],
        auditAnnotations: [{ key: 'k', valueExpression: "'v'" }],
      }),
      binding('p', 'p', {
        paramRef: { name: 'x', namespace: 'shop', selector: SELECTOR, parameterNotFoundAction: 'Deny' },
        matchResources: CONSTRAINTS,
      }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'shop' }, data: { a: 'b' } },
    ],
  ],
  ['ValidatingWebhookConfiguration', [webhooks('w', [WEBHOOK])]],
  ['Kyverno: pattern', kyvernoWith('pattern')],
  ...['anyPattern', 'deny', 'foreach', 'podSecurity', 'cel'].map(
    (body): Row => [`Kyverno: ${body}`, kyvernoWith(body), /^spec.rules.0.validate/],
  ),
  [
    'Kyverno in CEL',
    [
      {
        apiVersion: 'policies.kyverno.io/v1',
        kind: 'ValidatingPolicy',
        metadata: { name: 'v' },
        spec: {
          ...{
            validationActions: ['Deny'],
            evaluation: { admission: { enabled: true } },
            matchConstraints: CONSTRAINTS,
          },
          ...{ matchConditions: CONDITIONS, variables: [{ name: 'v', expression: 'true' }] },
          validations: [{ expression: '!has(object.spec.hostPID)' }],
        },
      },
    ],
  ],
  [
    'Gatekeeper',
    [
      templateOf('K8sPSPPrivilegedContainer'),
      constraintOf(
        'K8sPSPPrivilegedContainer',
        { exemptImages: ['x'] },
        {
          enforcementAction: 'scoped',
          scopedEnforcementActions: [{ action: 'deny', enforcementPoints: [{ name: '*' }] }],
          match: {
            ...{
              kinds: [{ apiGroups: [''], kinds: ['Pod'] }],
              scope: 'Namespaced',
              namespaces: ['shop'],
              excludedNamespaces: ['x'],
            },
            ...{ labelSelector: SELECTOR, namespaceSelector: SELECTOR, name: 'w*', source: 'All' },
          },
        },
      ),
      {
        apiVersion: 'config.gatekeeper.sh/v1alpha1',
        kind: 'Config',
        metadata: { name: 'config', namespace: 'gatekeeper-system' },
        spec: { match: [{ excludedNamespaces: ['x'], processes: ['*'] }] },
      },
    ],
  ],
  ['SecurityContextConstraints', [sccObject('s', { users: ['jane'], groups: ['dev'], priority: 1, volumes: ['*'] })]],
  [
    'quotas and limits',
    [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'shop' },
        spec: {
          hard: { pods: '3', 'requests.cpu': '1' },
          scopes: ['NotTerminating'],
          scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['x'] }] },
        },
        status: { used: { pods: '1' }, hard: { pods: '3' } },
      },
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'l', namespace: 'shop' },
        spec: {
          limits: [
            {
              type: 'Container',
              default: { cpu: '1' },
              defaultRequest: { cpu: '1' },
              min: { cpu: '1m' },
              max: { cpu: '2' },
            },
          ],
        },
      },
    ],
  ],
];

/** What they do to a pod may take the refusal away. */
const MUTATORS: readonly Row[] = [
  [
    'MutatingAdmissionPolicy',
    [
      ...mutating('m', {
        matchConstraints: CONSTRAINTS,
        matchConditions: CONDITIONS,
        mutations: [json("[JSONPatch{op: 'add', path: '/x', value: 1}]")],
      }),
      ...mutating('n', { mutations: [apply('Object{}')], reinvocationPolicy: 'IfNeeded' }),
    ],
  ],
  [
    'MutatingWebhookConfiguration',
    [{ apiVersion: API, kind: 'MutatingWebhookConfiguration', metadata: { name: 'w' }, webhooks: [WEBHOOK] }],
  ],
];

function kyvernoWith(validate: string): Raw[] {
  const deny = { conditions: { any: [{ key: '{{ request.object.spec.hostPID }}', operator: 'Equals', value: true }] } };
  const bodies: Readonly<Record<string, Raw>> = {
    pattern: { pattern: { spec: { '=(hostPID)': false } } },
    anyPattern: { anyPattern: [{ spec: { '=(hostPID)': false } }] },
    deny: { deny },
    foreach: { foreach: [{ list: 'request.object.spec.containers', deny, context: [], preconditions: [] }] },
    podSecurity: {
      podSecurity: {
        level: 'baseline',
        version: 'latest',
        exclude: [{ controlName: 'Capabilities', images: ['x*'], restrictedField: 'a', values: ['b'] }],
      },
    },
    cel: { cel: { expressions: [{ expression: 'true', message: 'm' }], variables: [] } },
  };
  const rule = { ...KYVERNO_RULE, validate: { message: 'm', failureAction: 'Enforce', ...bodies[validate] } };
  return [
    policyWith(`k-${validate.toLowerCase()}`, [rule], {
      validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['shop'], namespaceSelector: SELECTOR }],
      webhookConfiguration: { failurePolicy: 'Fail', matchConditions: CONDITIONS },
    }),
    {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: `e-${validate.toLowerCase()}`, namespace: 'shop' },
      spec: {
        ...{
          match: { any: [KYVERNO_FILTER] },
          exceptions: [{ policyName: `k-${validate.toLowerCase()}`, ruleNames: ['r'] }],
        },
        ...{ conditions: { any: deny.conditions.any }, podSecurity: [{ controlName: 'Capabilities' }] },
      },
    },
  ];
}

/** Each object with each of its values replaced by each odd one, and the path of that. */
function* spoiled(objects: readonly Raw[], only = /^/): Generator<[path: string, objects: readonly Raw[]]> {
  for (const [at, object] of objects.entries())
    for (const path of pathsOf(object).filter((each) => isRead(each.join('.')) && only.test(each.join('.'))))
      for (const odd of ODD)
        yield [
          `${object.kind}.${path.join('.')} is ${JSON.stringify(odd)}`,
          objects.with(at, replaced(object, path, odd) as Raw),
        ];
}

/** What an object is of decides what reads it, and without a name it is none. */
const isRead = (path: string): boolean => !/^(apiVersion|kind|metadata|metadata\.(name|namespace))$/.test(path);

const pathsOf = (value: unknown): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [[key], ...pathsOf(each).map((path) => [key, ...path])])
    : [];

function replaced(value: unknown, [key, ...path]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  if (Array.isArray(value)) return value.with(Number(key), replaced(value[Number(key)], path, odd));
  return { ...(value as Raw), [key]: replaced((value as Raw)[key], path, odd) };
}

function judged(objects: readonly Raw[], by = { ProbeTrials, admits }): string {
  const world = worldOf([SHOP, ...objects]);
  const trials = new by.ProbeTrials(world).of(DEPLOYMENT, 'shop', JANE, FIRST ? [FIRST] : []);
  assert.equal(trials.length, 1);
  return by.admits(creating(PRIVILEGED), world).value;
}

for (const [rows, rights] of [
  [KINDS, ['no']],
  [MUTATORS, ['no', 'depends']],
] as const)
  describe(`beside an odd object a refusal is ${rights.join(' or ')}`, () => {
    for (const [name, objects, only] of rows)
      test(name, () => {
        const wrong: string[] = [];
        let tried = 0;
        for (const [what, odd] of spoiled(objects, only)) {
          tried += 1;
          try {
            const value = judged(odd);
            if (!(rights as readonly string[]).includes(value)) wrong.push(`${what}: ${value}`);
          } catch (error) {
            wrong.push(`${what}: ${error}`);
          }
        }
        assert.ok(tried > 30, `${tried} were tried`);
        assert.deepEqual(wrong.slice(0, 20), []);
      });
  });

const ODD_POLICIES: readonly (readonly Raw[])[] = [
  [policyWith('k', [{ ...KYVERNO_RULE, match: { any: 'x' }, validate: {} }])],
  [policyWith('k', [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, exclude: 'x', validate: {} }])],
  [policyWith('k', 'x' as unknown as Raw[])],
  [policyWith('k', [{ ...DENY, name: 'r' }], { webhookConfiguration: { matchConditions: 'x' } })],
  [policy('p', { validations: 'x' }), binding('p', 'p')],
  [policy('p', { validations: [{ expression: 'true' }] }), binding('p', 'p', { matchResources: 'x' })],
  [webhooks('w', [{ rules: 'x' }])],
];

/** Each makes an odd object end the answer. */
const MISTAKES = [
  ...mistakes('admission/engines/kyverno/layer.ts', [
    ['a policy is what it should be', 'understood(() => readPolicy(manifest))', 'readPolicy(manifest)'],
  ]),
  ...mistakes('admission/webhooks/webhook.ts', [
    [
      'a webhook is what it should be',
      'understood(() => compile(raw, manifest.name, mutating))',
      'compile(raw, manifest.name, mutating)',
    ],
  ]),
];

for (const mistake of MISTAKES)
  test(`noticed: ${mistake.name}`, async () => {
    const mutant = await importMutant<{ ProbeTrials: typeof ProbeTrials; admits: typeof admits }>(
      SRC,
      ['spawn/probes/probe-trials.ts', 'admission/layers.ts'],
      mistake,
    );
    assert.ok(ODD_POLICIES.every((objects) => judged(objects) === 'no'));
    assert.throws(() => ODD_POLICIES.map((objects) => judged(objects, mutant)), Malformed);
  });

test('a rule that is understood refuses, whatever another one of its policy is', () => {
  const deny = {
    ...DENY,
    name: 'all',
    validate: { deny: { conditions: { all: [{ key: 'a', operator: 'Equals', value: 'a' }] } } },
  };
  const engine = {
    name: 'validate.kyverno.svc-fail',
    clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc' } },
  };
  const place = { ...SHOP, metadata: { name: 'shop' } };
  for (const odd of [
    { match: 'x' },
    { match: { any: 'x' } },
    { ...DENY, exclude: 'x' },
    { ...DENY, validate: { deny: 'x' } },
  ]) {
    const objects = [place, webhooks('kyverno', [engine]), policyWith('k', [deny, { name: 'odd', ...odd }])];
    const verdict = kyverno(kyvernoTools).admits(creating(PRIVILEGED), worldOf(objects));
    assert.equal(verdict.value, 'no', JSON.stringify(odd));
  }
});
