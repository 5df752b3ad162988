import fc from 'fast-check';
import type { Stored } from '../helpers/cluster-server.ts';

/*
 * Clusters in which policies decide by what a snapshot does not keep, and by what it does: pods that are there, whom
 * somebody may change, and policies of every engine on their arguments, environment, annotations, probes and volumes.
 */

const RULES = [
  {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['pods', 'pods/ephemeralcontainers'],
  },
];
const ADMISSION = 'admissionregistration.k8s.io/v1';
const RBAC = 'rbac.authorization.k8s.io/v1';

/** In CEL, of a pod. What they are about is there in some pods and in others not. */
export const EXPRESSIONS = [
  "object.spec.containers.all(c, !has(c.args) || c.args.all(a, a != '--insecure'))",
  "object.spec.containers.all(c, !has(c.args) || !('--insecure' in c.args))",
  "object.spec.containers.all(c, !has(c.args) || !c.args.join(' ').contains('--insecure'))",
  'object.spec.containers.all(c, !has(c.args) || size(c.args) < 2)',
  "object.spec.containers.all(c, !has(c.args) || c.args == ['--safe'])",
  "object.spec.containers.all(c, !has(c.command) || c.command[0] != 'sh')",
  "object.spec.containers.all(c, !has(c.env) || c.env.all(e, !has(e.value) || e.value != 'insecure'))",
  "object.spec.containers.all(c, !has(c.env) || !c.env.exists(e, e == {'name': 'MODE', 'value': 'insecure'}))",
  "object.spec.containers.all(c, !has(c.env) || c.env.map(e, has(e.value) ? e.value : '').join(',') != 'insecure')",
  "object.spec.containers.all(c, !has(c.env) || c.env.all(e, e.name != 'MODE'))",
  "!has(object.metadata.annotations) || !('mode' in object.metadata.annotations)",
  "!has(object.metadata.annotations) || object.metadata.annotations.all(k, object.metadata.annotations[k] != 'insecure')",
  "!has(object.metadata.annotations) || object.metadata.annotations != {'mode': 'insecure'}",
  "object.metadata.?annotations[?'mode'].orValue('') != 'insecure'",
  "!object.spec.?volumes.orValue([]).exists(v, has(v.csi) && v.csi.?volumeAttributes[?'mode'].orValue('') == 'insecure')",
  "!has(object.spec.containers[0].livenessProbe) || object.spec.containers[0].livenessProbe.httpGet.path != '/insecure'",
  "!has(object.spec.newField) || object.spec.newField == 'safe'",
  '!has(object.spec.newField)',
  "object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
  '!has(object.spec.hostPID) || !object.spec.hostPID',
  'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
  "string(size(object.spec.containers[0].?args.orValue([]))) + object.spec.containers[0].?args[?0].orValue('') != '1--insecure'",
  "object.spec.containers.all(c, '%s'.format([c.?args.orValue([])]) != '[--insecure]')",
  "has(oldObject.spec) || object.spec.containers.all(c, !has(c.args) || c.args[0].matches('^--s'))",
];

/** Kyverno's ways to say the same: a `validate` each. */
export const VALIDATIONS: readonly object[] = [
  { pattern: { spec: { containers: [{ '=(args)': ['!--insecure'] }] } } },
  { pattern: { spec: { containers: [{ '=(command)': ['!sh'] }] } } },
  { pattern: { spec: { containers: [{ '=(env)': [{ '=(value)': '!insecure' }] }] } } },
  { pattern: { spec: { containers: [{ '(args)': ['--insecure'], image: 'none/*' }] } } },
  { pattern: { spec: { containers: [{ args: '*' }] } } },
  { pattern: { metadata: { '=(annotations)': { '=(mode)': '!insecure' } } } },
  { pattern: { metadata: { annotations: { 'mo*': '?*' } } } },
  { pattern: { spec: { '=(volumes)': [{ '=(csi)': { '=(volumeAttributes)': { '=(mode)': '!insecure' } } }] } } },
  { pattern: { spec: { 'X(newField)': 'null' } } },
  { pattern: { spec: { '=(hostPID)': false } } },
  {
    anyPattern: [{ spec: { containers: [{ args: ['--safe'] }] } }, { spec: { containers: [{ '=(args)': ['--*'] }] } }],
  },
  {
    deny: {
      conditions: {
        any: [{ key: '{{ request.object.spec.containers[].args[] }}', operator: 'AnyIn', value: ['--insecure'] }],
      },
    },
  },
  {
    deny: {
      conditions: {
        any: [{ key: "{{ request.object.metadata.annotations.mode || '' }}", operator: 'Equals', value: 'insecure' }],
      },
    },
  },
  {
    deny: {
      conditions: {
        any: [
          {
            key: "{{ request.object.spec.containers[?args && contains(args, '--insecure')] | length(@) }}",
            operator: 'GreaterThan',
            value: 0,
          },
        ],
      },
    },
  },
  {
    deny: {
      conditions: {
        any: [
          { key: '{{ request.object.spec.containers[].env[].value | [0] }}', operator: 'Equals', value: 'insecure' },
        ],
      },
    },
  },
  {
    deny: {
      conditions: {
        all: [
          {
            key: "{{ request.object.spec.containers[?env[?value == 'insecure']] | length(@) }}",
            operator: 'GreaterThanOrEquals',
            value: 1,
          },
        ],
      },
    },
  },
  { foreach: [{ list: 'request.object.spec.containers', pattern: { '=(args)': ['!--insecure'] } }] },
  {
    foreach: [
      {
        list: 'request.object.spec.containers[].args[] || `[]`',
        deny: { conditions: { any: [{ key: '{{ element }}', operator: 'Equals', value: '--insecure' }] } },
      },
    ],
  },
  {
    foreach: [
      {
        list: 'request.object.spec.containers',
        preconditions: { all: [{ key: "{{ element.args[0] || '' }}", operator: 'Equals', value: '--insecure' }] },
        deny: {},
      },
    ],
  },
  { podSecurity: { level: 'baseline', version: 'latest' } },
  { cel: { expressions: [{ expression: EXPRESSIONS[0] }] } },
];

const MATCHES: readonly object[] = [
  { any: [{ resources: { kinds: ['Pod'] } }] },
  { any: [{ resources: { kinds: ['Pod'], annotations: { mode: 'in*' } } }] },
  { any: [{ resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'web' } } } }] },
];

const CONSTRAINTS: readonly [kind: string, parameters: object][] = [
  ['K8sPSPPrivilegedContainer', {}],
  ['K8sPSPHostNamespace', {}],
  ['K8sOther', { words: ['--insecure'] }],
];

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string | null,
  more: object = {},
  metadata: object = {},
): Stored => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === null ? {} : { namespace }), ...metadata },
  ...more,
});

const policy = (expression: string, index: number, more: object = {}): Stored[] => [
  object(ADMISSION, 'ValidatingAdmissionPolicy', `policy-${index}`, null, {
    spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules: RULES }, validations: [{ expression }], ...more },
  }),
  object(ADMISSION, 'ValidatingAdmissionPolicyBinding', `policy-${index}`, null, {
    spec: { policyName: `policy-${index}`, validationActions: ['Deny'] },
  }),
];

/** What policies write by what they read. */
const MUTATIONS: readonly object[] = [
  {
    patchType: 'JSONPatch',
    jsonPatch: {
      expression:
        "[JSONPatch{op: 'test', path: '/spec/containers/0/args/0', value: '--insecure'}, JSONPatch{op: 'add', path: '/spec/hostPID', value: true}]",
    },
  },
  {
    patchType: 'JSONPatch',
    jsonPatch: {
      expression:
        "[JSONPatch{op: 'add', path: '/spec/hostPID', value: object.spec.containers[0].?args[?0].orValue('') == '--insecure'}]",
    },
  },
  {
    patchType: 'JSONPatch',
    jsonPatch: {
      expression:
        "has(object.spec.newField) && object.spec.newField == 'insecure' ? [JSONPatch{op: 'remove', path: '/spec/hostPID'}] : []",
    },
  },
  {
    patchType: 'ApplyConfiguration',
    applyConfiguration: { expression: "Object{metadata: Object.metadata{annotations: {'mode': 'safe'}}}" },
  },
];

const mutating = (mutation: object, index: number): Stored[] => [
  object(ADMISSION, 'MutatingAdmissionPolicy', `mutating-${index}`, null, {
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: { resourceRules: RULES },
      mutations: [mutation],
    },
  }),
  object(ADMISSION, 'MutatingAdmissionPolicyBinding', `mutating-${index}`, null, {
    spec: { policyName: `mutating-${index}` },
  }),
];

const byParameter = (index: number): Stored[] => [
  object(ADMISSION, 'ValidatingAdmissionPolicy', `policy-${index}`, null, {
    spec: {
      paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
      matchConstraints: { resourceRules: RULES },
      validations: [
        {
          expression: 'object.spec.containers.all(c, !(c.image in params.spec.images) && size(params.spec.words) == 1)',
        },
      ],
    },
  }),
  object(ADMISSION, 'ValidatingAdmissionPolicyBinding', `policy-${index}`, null, {
    spec: {
      policyName: `policy-${index}`,
      validationActions: ['Deny'],
      paramRef: { name: 'most', parameterNotFoundAction: 'Deny' },
    },
  }),
  object('example.com/v1', 'Limit', 'most', null, {
    spec: { images: ['registry.example/app:1'], words: ['x'], unnamed: 'y' },
  }),
];

const conditioned = (expression: string, index: number): Stored[] => [
  object(ADMISSION, 'ValidatingWebhookConfiguration', `hook-${index}`, null, {
    webhooks: [
      {
        name: `hook-${index}.example.com`,
        clientConfig: { url: 'https://hook.example/path?token=x' },
        rules: RULES,
        matchConditions: [{ name: 'unsafe', expression: `!(${expression})` }],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  }),
];

const kyverno = (validate: object, match: object, index: number): Stored[] => [
  object('kyverno.io/v1', 'ClusterPolicy', `kyverno-${index}`, null, {
    spec: {
      validationFailureAction: 'Enforce',
      rules: [{ name: 'rule', match, validate: { message: 'no', ...validate } }],
    },
  }),
];

/** Kyverno's webhook, without which its policies refuse nothing. */
const KYVERNO = object(ADMISSION, 'ValidatingWebhookConfiguration', 'kyverno-resource-validating-webhook-cfg', null, {
  webhooks: [
    {
      name: 'validate.kyverno.svc-fail',
      clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc', path: '/validate/fail' } },
      rules: [
        {
          apiGroups: ['*'],
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
          resources: ['*/*', '*'],
        },
      ],
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
});

const gatekeeper = ([kind, parameters]: (typeof CONSTRAINTS)[number]): Stored[] => [
  object('templates.gatekeeper.sh/v1', 'ConstraintTemplate', kind.toLowerCase(), null, {
    spec: {
      crd: { spec: { names: { kind } } },
      targets: [
        {
          target: 'admission.k8s.gatekeeper.sh',
          rego: `package ${kind.toLowerCase()}\nviolation[{"msg": msg}] { msg := "no" }`,
        },
      ],
    },
  }),
  object('constraints.gatekeeper.sh/v1beta1', kind, kind.toLowerCase(), null, {
    spec: { match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] }, parameters },
  }),
];

const policies = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(...EXPRESSIONS).map((expression) => (index: number) => policy(expression, index)),
      },
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom(...VALIDATIONS), fc.constantFrom(...MATCHES)).map(
          ([validate, match]) =>
            (index: number) =>
              kyverno(validate, match, index),
        ),
      },
      {
        weight: 2,
        arbitrary: fc
          .constantFrom(...EXPRESSIONS)
          .map((expression) => (index: number) => conditioned(expression, index)),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...EXPRESSIONS).map(
          (expression) => (index: number) =>
            policy('true', index, {
              matchConditions: [{ name: 'c', expression: `!(${expression})` }],
              validations: [{ expression: 'false' }],
            }),
        ),
      },
      { weight: 1, arbitrary: fc.constant(byParameter) },
      { weight: 2, arbitrary: fc.constantFrom(...MUTATIONS).map((each) => (index: number) => mutating(each, index)) },
      { weight: 1, arbitrary: fc.constantFrom(...CONSTRAINTS).map((each) => () => gatekeeper(each)) },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((makers) => [...makers.flatMap((make, index) => make(index)), KYVERNO]);

const MODES = ['insecure', 'safe'] as const;
const container = fc.record(
  {
    name: fc.constantFrom('app', 'web'),
    image: fc.constantFrom('registry.example/app:1', 'docker.io/app'),
    args: fc.subarray(['--insecure', '--safe'], { minLength: 1 }),
    command: fc.constantFrom(['sh', '-c'], ['app']),
    env: fc.constantFrom(...MODES).map((value) => [{ name: 'MODE', value }]),
    livenessProbe: fc.constantFrom(...MODES).map((mode) => ({ httpGet: { port: 1, path: `/${mode}` } })),
    securityContext: fc.constantFrom({ privileged: true }, { privileged: false }),
  },
  { requiredKeys: ['name', 'image'] },
);
const pod = fc.record({
  name: fc.constantFrom('web', 'db'),
  namespace: fc.constantFrom('dev', 'prod'),
  annotations: fc.option(
    fc.constantFrom(...MODES).map((mode) => ({ mode })),
    { nil: undefined },
  ),
  spec: fc.record(
    {
      containers: container.map((each) => [each]),
      hostPID: fc.constant(true),
      newField: fc.constantFrom(...MODES),
      volumes: fc
        .constantFrom(...MODES)
        .map((mode) => [{ name: 'v', csi: { driver: 'd', volumeAttributes: { mode } } }]),
    },
    { requiredKeys: ['containers'] },
  ),
});

const RIGHTS = [
  { resources: ['pods'], verbs: ['create'] },
  { resources: ['pods'], verbs: ['patch', 'get'] },
  { resources: ['pods/ephemeralcontainers'], verbs: ['patch'] },
  { resources: ['pods/exec'], verbs: ['create'] },
];

/** Everything that there is, and always a namespace `dev`, a pod `dev/web` and a user jane with some right in it. */
export const judgedCluster: fc.Arbitrary<Stored[]> = fc
  .record({
    policies,
    pods: fc.array(pod, { minLength: 1, maxLength: 3 }),
    rights: fc.subarray(RIGHTS, { minLength: 1 }),
    enforce: fc.constantFrom('privileged', 'baseline'),
  })
  .map(({ policies: own, pods, rights, enforce }) => [
    object('v1', 'Namespace', 'dev', null),
    object('v1', 'Namespace', 'prod', null, {}, { labels: { 'pod-security.kubernetes.io/enforce': enforce } }),
    object('v1', 'ServiceAccount', 'default', 'dev'),
    object('v1', 'ServiceAccount', 'default', 'prod'),
    ...distinct([{ ...(pods[0] as (typeof pods)[number]), name: 'web', namespace: 'dev' }, ...pods]).map(
      ({ name, namespace, annotations, spec }) =>
        object(
          'v1',
          'Pod',
          name,
          namespace,
          { spec: { serviceAccountName: 'default', nodeName: 'n1', ...spec }, status: { phase: 'Running' } },
          { labels: { app: name }, ...(annotations && { annotations }) },
        ),
    ),
    object(RBAC, 'ClusterRole', 'some', null, { rules: rights.map((each) => ({ apiGroups: [''], ...each })) }),
    object(RBAC, 'RoleBinding', 'some', 'dev', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
    }),
    ...own,
  ]);

const distinct = <T extends { name: string; namespace: string }>(pods: readonly T[]): T[] => [
  ...new Map(pods.toReversed().map((each) => [`${each.namespace}/${each.name}`, each])).values(),
];
