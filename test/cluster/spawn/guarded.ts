import { allow } from '../../helpers/cluster.ts';
import { type Attack, attack, enforce } from './attack.ts';

const CORE = { groups: [''] };
const ADMISSION = { groups: ['admissionregistration.k8s.io'] };
const PODS = allow('create', 'pods', CORE);
const DEPLOYMENTS = allow('create', 'deployments', { groups: ['apps'] });

/** No host, no privilege, no capability: what a home-made Pod Security looks like. */
const TAME = [
  [
    '!object.spec.?hostPID.orValue(false) && !object.spec.?hostNetwork.orValue(false) && !object.spec.?hostIPC.orValue(false)',
    'no host namespaces',
  ],
  ['!object.spec.?volumes.orValue([]).exists(v, has(v.hostPath))', 'no hostPath'],
  ['!object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))', 'not privileged'],
  [
    '!object.spec.containers.exists(c, c.?securityContext.?capabilities.?add.orValue([]).size() > 0)',
    'no capabilities',
  ],
] as const;

const tame = TAME.map(([expression, message]) => ({ expression, message }));

/** A policy of the namespace's own, bound to it alone. */
function guard(namespace: string, spec: object, binding: object = {}): object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rules = [
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['pods', 'pods/ephemeralcontainers'],
    },
  ];
  const { constraints = {}, ...rest } = spec as { constraints?: object };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: namespace },
      spec: { matchConstraints: { resourceRules: rules, ...constraints }, ...rest },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: namespace },
      spec: {
        policyName: namespace,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
        ...binding,
      },
    },
  ];
}

/** Somebody else may, by name. */
const unless = (user: string) => [{ name: 'unless', expression: `request.userInfo.username != '${user}'` }];

export const GUARDED: readonly Attack[] = [
  attack(
    'a policy that refuses each privilege',
    { 'pod-create': 'no' },
    { inside: [PODS], objects: (ns) => guard(ns, { validations: tame }) },
  ),
  attack(
    'the same without a binding to this namespace',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) =>
        guard(ns, { validations: tame }, { matchResources: { namespaceSelector: { matchLabels: { nobody: 'x' } } } }),
    },
  ),
  attack(
    'the same, only audited',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) => guard(ns, { validations: tame }, { validationActions: ['Audit'] }),
    },
  ),
  attack(
    'a policy that forgot hostPath',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) => guard(ns, { validations: tame.filter(({ message }) => message !== 'no hostPath') }),
    },
  ),
  attack(
    'a policy on images is met by an image that it likes',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) =>
        guard(ns, {
          validations: [
            {
              expression: "object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
              message: 'another registry',
            },
          ],
        }),
    },
  ),
  attack(
    'a policy on labels is met by a label that it likes',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) =>
        guard(ns, {
          validations: [
            { expression: "object.metadata.?labels.?team.orValue('') in ['shop', 'ci']", message: 'a team' },
          ],
        }),
    },
  ),
  attack(
    'a policy whose objectSelector looks away is asked to',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) =>
        guard(ns, {
          validations: tame,
          constraints: {
            objectSelector: { matchExpressions: [{ key: 'exempt', operator: 'NotIn', values: ['true'] }] },
          },
        }),
    },
  ),
  attack(
    'a policy that lets this user pass',
    { 'pod-create': 'yes' },
    {
      inside: [PODS],
      objects: (ns) => guard(ns, { validations: tame, matchConditions: unless('ME') }),
    },
  ),
  attack(
    'a policy that lets the controller pass lets whoever may create deployments',
    { 'pod-create': 'no', 'workload-create': 'yes' },
    {
      inside: [PODS, DEPLOYMENTS],
      objects: (ns) =>
        guard(ns, {
          validations: tame,
          matchConditions: unless('system:serviceaccount:kube-system:replicaset-controller'),
        }),
    },
  ),
  attack(
    'the token of an account that a policy lets pass',
    { 'pod-create': 'no', 'sa-token-request': 'yes' },
    {
      inside: [PODS, allow('create', 'serviceaccounts/token', { ...CORE, names: ['robot'] })],
      objects: (ns) => [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: ns } },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'robot', namespace: ns },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ns },
          subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: ns }],
        },
        ...guard(ns, { validations: tame, matchConditions: unless(`system:serviceaccount:${ns}:robot`) }),
      ],
    },
  ),
  ...(
    [
      ['delete', 'validatingadmissionpolicies'],
      ['delete', 'validatingadmissionpolicybindings'],
      ['patch', 'validatingadmissionpolicies'],
      ['patch', 'validatingadmissionpolicybindings'],
      ['update', 'validatingadmissionpolicies'],
      ['update', 'validatingadmissionpolicybindings'],
    ] as const
  ).map(([verb, resource]) =>
    attack(
      `${verb} ${resource} disarms the guard`,
      { 'pod-create': 'no', 'admission-weaken': 'yes' },
      {
        inside: [PODS],
        everywhere: [allow(verb, resource, ADMISSION)],
        objects: (ns) => guard(ns, { validations: tame }),
      },
    ),
  ),
  ...(
    [
      ['delete', 'Allow', 'yes'],
      ['delete', 'Deny', 'depends'],
      ['update', 'Allow', 'depends'],
    ] as const
  ).map(([verb, parameterNotFoundAction, verdict]) =>
    attack(
      `${verb} the parameters of the guard, ${parameterNotFoundAction} where there are none`,
      { 'pod-create': 'no', 'admission-weaken': verdict },
      {
        inside: [PODS, allow(verb, 'configmaps', { ...CORE, names: ['guard'] })],
        objects: (ns) => [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'guard', namespace: ns }, data: { on: 'true' } },
          ...guard(
            ns,
            {
              validations: tame.map(({ expression, message }) => ({
                expression: `params.data.on != 'true' || (${expression})`,
                message,
              })),
              paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
            },
            { paramRef: { name: 'guard', parameterNotFoundAction } },
          ),
        ],
      },
    ),
  ),
  attack(
    'validatingadmissionpolicies in a RoleBinding are dead',
    { 'pod-create': 'no' },
    {
      inside: [PODS, allow('delete', 'validatingadmissionpolicies', ADMISSION)],
      objects: (ns) => guard(ns, { validations: tame }),
    },
  ),
  attack(
    'two guards: the policy is deleted and the namespace relabelled',
    { 'pod-create': 'no', 'psa-relax-namespace': 'yes' },
    {
      inside: [PODS, allow('patch', 'namespaces', CORE)],
      everywhere: [allow('delete', 'validatingadmissionpolicies', ADMISSION)],
      labels: enforce('baseline'),
      objects: (ns) => guard(ns, { validations: tame }),
    },
  ),
  attack(
    'one of two guards is not enough',
    { 'pod-create': 'no' },
    {
      inside: [PODS, allow('patch', 'namespaces', CORE)],
      labels: enforce('baseline'),
      objects: (ns) => guard(ns, { validations: tame }),
    },
  ),
  attack(
    'a quota of no pods',
    { 'pod-create': 'no' },
    {
      inside: [PODS],
      objects: (ns) => [
        {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'none', namespace: ns },
          spec: { hard: { pods: '0' } },
        },
      ],
    },
  ),
  attack(
    'a namespace that is being deleted',
    { 'pod-create': 'no' },
    {
      everywhere: [PODS],
      prepare: [
        `kubectl patch namespace NAMESPACE --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}' && kubectl delete namespace NAMESPACE --wait=false`,
      ],
    },
  ),
];
