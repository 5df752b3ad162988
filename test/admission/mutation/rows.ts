import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import type { GroupKind } from '../../../src/world/kinds.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { Facts, World } from '../../../src/world/world.ts';
import { binding, configMap, denyIf, PODS, pod, policy, request, webhooks, worldWith } from '../policies/objects.ts';

export interface Row {
  why: string;
  world: World;
  request: AdmissionRequest;
  /** `no`, `depends no`. */
  verdict: string;
  /** In what it depends on, or in the refusals. */
  says?: RegExp;
}

const MUTATING = 'MutatingAdmissionPolicy';
const BASELINE: Raw = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
};
export const json = (expression: string): Raw => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
export const apply = (expression: string): Raw => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
/** A policy that is bound, with these mutations or parts of a spec. */
export const mutating = (name: string, spec: Raw | readonly Raw[], bound: Raw = {}): Raw[] => [
  policy(name, Array.isArray(spec) ? { mutations: spec } : (spec as Raw), MUTATING),
  binding(name, name, bound, 'MutatingAdmissionPolicyBinding'),
];
const TAMES = json('[JSONPatch{op: "replace", path: "/spec/hostPID", value: false}]');
const WIDENS = apply('Object{spec: Object.spec{hostPID: true}}');
const OPAQUE = json('[JSONPatch{op: "replace", path: "/spec/hostPID", value: unheard_of(object)}]');
const LABELS = apply('Object{metadata: Object.metadata{labels: {"a": unheard_of(object)}}}');
const hooks = (hook: Raw = {}): Raw => webhooks('w', [hook], 'MutatingWebhookConfiguration');
const host = (metadata: Raw = {}): AdmissionRequest => inDev(pod({ hostPID: true }, metadata));
const inDev = (object: Raw, more: Partial<AdmissionRequest> = {}): AdmissionRequest =>
  request(object, { namespace: 'dev', ...more });
const plain = (): AdmissionRequest => inDev(pod());

type Short = [
  why: string,
  verdict: string,
  objects: readonly Raw[],
  request: AdmissionRequest,
  says?: RegExp | undefined,
  facts?: Partial<Facts>,
  refused?: readonly GroupKind[],
];

const SHORT: readonly Short[] = [
  // What the server then validates is what policies made of it.
  ['a policy takes the privilege away before it is validated', 'yes', mutating('m', [TAMES]), host()],
  ['without one it is refused', 'no', [], host()],
  ['a policy without a binding changes nothing', 'no', mutating('m', [TAMES]).slice(0, 1), host()],
  ['a binding without its policy neither', 'no', mutating('m', [TAMES]).slice(1), host()],
  ['one that gives a privilege has it refused', 'no', mutating('m', [WIDENS]), plain(), /hostPID/],
  [
    'one for other namespaces does not look',
    'no',
    mutating('m', [TAMES], { matchResources: { namespaceSelector: { matchLabels: { env: 'prod' } } } }),
    host(),
  ],
  [
    'one for other objects neither',
    'no',
    mutating('m', {
      mutations: [TAMES],
      matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { a: 'b' } } },
    }),
    host(),
  ],
  [
    'whom it selects it changes',
    'yes',
    mutating('m', {
      mutations: [TAMES],
      matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { a: 'b' } } },
    }),
    host({ labels: { a: 'b' } }),
  ],
  [
    'a condition that is false keeps it away',
    'no',
    mutating('m', { mutations: [TAMES], matchConditions: [{ name: 'c', expression: 'has(object.spec.nodeName)' }] }),
    host(),
  ],
  [
    'a condition sees what earlier ones made',
    'yes',
    mutating('m', { mutations: [TAMES], matchConditions: [{ name: 'c', expression: 'object.spec.hostPID' }] }),
    host(),
  ],
  ['a deletion is not changed', 'yes', mutating('m', [TAMES]), inDev(pod(), { operation: 'DELETE', object: null })],
  [
    'what configures admission is not changed',
    'yes',
    mutating('m', {
      mutations: [json('[JSONPatch{op: "remove", path: "/spec/x"}]')],
      matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['*'], resources: ['*'] }] },
    }),
    request(
      {},
      { resource: { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicies' } },
    ),
  ],
  [
    'policies that validate see it as well',
    'no',
    [...mutating('m', [WIDENS]), policy('v', denyIf('object.spec.?hostPID.orValue(false)')), binding('v', 'v')],
    request(pod()),
    /ValidatingAdmissionPolicy/,
  ],
  [
    'and may be satisfied by it',
    'yes',
    [...mutating('m', [TAMES]), policy('v', denyIf('object.spec.?hostPID.orValue(false)')), binding('v', 'v')],
    request(pod({ hostPID: true })),
  ],
  // Failures.
  [
    'one that fails refuses',
    'no',
    mutating('m', [json('[JSONPatch{op: "remove", path: "/spec/nothing"}]')]),
    plain(),
    /policy 'm' with binding 'm' denied request: JSON Patch: Unable to remove/,
  ],
  [
    'unless its failures are ignored',
    'yes',
    mutating('m', { failurePolicy: 'Ignore', mutations: [json('[JSONPatch{op: "remove", path: "/spec/nothing"}]')] }),
    plain(),
  ],
  [
    'a patch that cannot be decoded refuses even then',
    'no',
    mutating('m', {
      failurePolicy: 'Ignore',
      mutations: [json('[JSONPatch{op: "add", path: "/spec/hostPid", value: true}]')],
    }),
    plain(),
    /Internal error occurred/,
  ],
  [
    'a configuration may not set what is only replaced as a whole',
    'no',
    mutating('m', [apply('Object{spec: Object.spec{nodeSelector: {"a": "b"}}}')]),
    plain(),
    /may not mutate atomic/,
  ],
  [
    'the mutations after one that fails are carried out',
    'yes',
    mutating('m', {
      failurePolicy: 'Ignore',
      mutations: [json('[JSONPatch{op: "remove", path: "/spec/nothing"}]'), TAMES],
    }),
    host(),
  ],
  [
    'parameters that are not there refuse where they must be',
    'no',
    mutating(
      'm',
      { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, mutations: [TAMES] },
      { paramRef: { name: 'x', parameterNotFoundAction: 'Deny' } },
    ),
    plain(),
    /no params found/,
  ],
  [
    'parameters say what is set',
    'yes',
    [
      ...mutating(
        'm',
        {
          paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
          mutations: [apply('Object{spec: Object.spec{hostPID: params.data.pid == "yes"}}')],
        },
        { paramRef: { name: 'x', parameterNotFoundAction: 'Deny' } },
      ),
      configMap('dev', 'x', { pid: 'no' }),
    ],
    host(),
  ],
  [
    'what it makes is validated',
    'no',
    mutating('m', [json('[JSONPatch{op: "replace", path: "/spec/restartPolicy", value: "Sometimes"}]')]),
    plain(),
    /mutators make it invalid/,
  ],
  [
    'an update may change little',
    'no',
    mutating('m', { mutations: [TAMES], matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'] }] } }),
    request(pod({ hostPID: true }), { operation: 'UPDATE', oldObject: pod({ hostPID: true }) }),
    /pod updates may not change/,
  ],
  [
    'labels may be updated',
    'yes',
    mutating('m', {
      mutations: [apply('Object{metadata: Object.metadata{labels: {"a": "b"}}}')],
      matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'] }] },
    }),
    request(pod(), { operation: 'UPDATE', oldObject: pod() }),
  ],
  // Several: in any order.
  [
    'two that contradict each other may be called in either order',
    'depends',
    [...mutating('a', [TAMES]), ...mutating('b', [WIDENS])],
    host(),
    /order in which MutatingAdmissionPolicies are called/,
  ],
  [
    'two that have nothing to do with each other are called in some order',
    'yes',
    [...mutating('a', [TAMES]), ...mutating('b', [apply('Object{spec: Object.spec{hostNetwork: false}}')])],
    inDev(pod({ hostPID: true, hostNetwork: true })),
  ],
  [
    'what holds in every order holds',
    'no',
    [...mutating('a', [WIDENS]), ...mutating('b', [apply('Object{spec: Object.spec{hostPID: true, hostIPC: true}}')])],
    plain(),
  ],
  [
    'one that is asked again has the last word',
    'yes',
    [...mutating('a', { reinvocationPolicy: 'IfNeeded', mutations: [TAMES] }), ...mutating('b', [WIDENS])],
    host(),
  ],
  [
    'one that is asked again sees what came after it',
    'yes',
    [
      ...mutating('a', { reinvocationPolicy: 'IfNeeded', mutations: [TAMES] }),
      ...mutating('b', [apply('Object{spec: Object.spec{hostPID: object.spec.?hostPID.orValue(false)}}')]),
    ],
    host(),
  ],
  [
    'too many that may look at each other are not tried in every order',
    'depends no',
    ['a', 'b', 'c', 'd', 'e'].flatMap((name) => mutating(name, [TAMES])),
    host(),
    /order/,
  ],
  // What is not evaluated.
  [
    'a policy that is not understood may spoil what is admitted',
    'depends yes',
    mutating('m', { mutations: 5 }),
    request(pod()),
  ],
  [
    'an expression that is not known may take it away',
    'depends no',
    mutating('m', [OPAQUE]),
    host(),
    /MutatingAdmissionPolicy m/,
  ],
  [
    'and leaves alone what it does not name',
    'no',
    mutating('m', [OPAQUE]),
    inDev(pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] })),
  ],
  [
    'a privilege that nothing refuses may be taken away by it',
    'depends yes',
    mutating('m', [OPAQUE]),
    request(pod({ hostPID: true })),
  ],
  ['labels take no privilege away', 'no', mutating('m', [LABELS]), host()],
  [
    'where failures are ignored and nobody looks at labels they make no difference',
    'yes',
    mutating('m', { failurePolicy: 'Ignore', mutations: [LABELS] }),
    plain(),
  ],
  [
    'where a policy looks at labels they may',
    'depends yes',
    [
      ...mutating('m', { failurePolicy: 'Ignore', mutations: [LABELS] }),
      policy('v', denyIf('has(object.metadata.labels) && "x" in object.metadata.labels')),
      binding('v', 'v'),
    ],
    request(pod()),
  ],
  [
    'a policy that is not understood may change anything',
    'depends no',
    mutating('m', { mutations: 5 }),
    host(),
    /MutatingAdmissionPolicy m/,
  ],
  [
    'a binding that is not understood may bind it',
    'depends no',
    [...mutating('m', [TAMES]).slice(0, 1), binding('m', 'm', { policyName: 5 }, 'MutatingAdmissionPolicyBinding')],
    host(),
    /MutatingAdmissionPolicyBinding m/,
  ],
  [
    'a condition that is not known may keep it away',
    'depends no',
    mutating('m', { mutations: [TAMES], matchConditions: [{ name: 'c', expression: 'unheard_of(object)' }] }),
    host(),
  ],
  ['a patch type that is not known may do anything', 'depends no', mutating('m', [{ patchType: 'Merge' }]), host()],
  [
    'policies that were not read may take it away',
    'depends no',
    [],
    host(),
    /mutatingadmissionpolicies/i,
    {},
    ['MutatingAdmissionPolicy.admissionregistration.k8s.io'],
  ],
  [
    'bindings that were not read may bind one',
    'depends no',
    mutating('m', [TAMES]).slice(0, 1),
    host(),
    /mutatingadmissionpolicybindings/i,
    {},
    ['MutatingAdmissionPolicyBinding.admissionregistration.k8s.io'],
  ],
  [
    'webhooks that were not read may take it away',
    'depends no',
    [],
    host(),
    /mutatingwebhookconfigurations/i,
    {},
    ['MutatingWebhookConfiguration.admissionregistration.k8s.io'],
  ],
  [
    'validating webhooks that were not read take nothing away',
    'no',
    [],
    host(),
    undefined,
    {},
    ['ValidatingWebhookConfiguration.admissionregistration.k8s.io'],
  ],
  [
    'a namespace that is not there is there for no mutator',
    'no',
    [hooks()],
    request(pod(), { namespace: 'gone' }),
    /not found/,
  ],
  ['a webhook may change anything', 'depends no', [hooks()], host(), /webhook x\.example\.com/],
  ['one that validates changes nothing', 'no', [webhooks('w', [{}])], host()],
  ['one for services does not look', 'no', [hooks({ rules: [{ ...PODS, resources: ['services'] }] })], host()],
  [
    'one whose conditions are false neither',
    'no',
    [hooks({ matchConditions: [{ name: 'c', expression: 'false' }] })],
    host(),
  ],
  [
    'one whose rules are odd may change anything',
    'depends no',
    [hooks({ rules: 'all' })],
    host(),
    /MutatingWebhookConfiguration w/,
  ],
  ['one without a name may', 'depends no', [hooks({ name: 7 })], host(), /MutatingWebhookConfiguration w/],
  [
    'a configuration whose webhooks are a text may',
    'depends no',
    [{ ...hooks(), webhooks: 'x' }],
    host(),
    /MutatingWebhookConfiguration w/,
  ],
  ['an odd one that validates changes nothing', 'no', [webhooks('w', [{ rules: 'all' }])], host()],
  [
    'one that injects what it is for takes nothing away',
    'no',
    [hooks({ name: 'linkerd-proxy-injector.linkerd.io' })],
    host(),
  ],
  [
    'a webhook after a policy that tames may make it worse',
    'depends yes',
    [...mutating('m', [TAMES]), hooks()],
    host(),
  ],
  // Which servers have them.
  [
    'before 1.32 there are none',
    'no',
    mutating('m', [TAMES]),
    host(),
    undefined,
    { version: { major: 1, minor: 31 }, origin: 'file' },
  ],
  [
    'from then on they are behind a gate',
    'depends',
    mutating('m', [TAMES]),
    host(),
    /feature gate MutatingAdmissionPolicy/,
    { version: { major: 1, minor: 35 }, origin: 'file' },
  ],
  [
    'a server that shows one has it on',
    'yes',
    mutating('m', [TAMES]),
    host(),
    undefined,
    { version: { major: 1, minor: 35 }, origin: 'live' },
  ],
  [
    'from 1.36 on they are always on',
    'yes',
    mutating('m', [TAMES]),
    host(),
    undefined,
    { version: { major: 1, minor: 36 }, origin: 'file' },
  ],
];

export const ROWS: readonly Row[] = SHORT.map(([why, verdict, objects, asked, says, facts = {}, refused = []]) => ({
  ...{
    why,
    verdict,
    request: asked,
    world: worldWith([BASELINE, ...objects], { facts, refused: refused.map((kind) => list(kind)) }),
  },
  ...(says ? { says } : {}),
}));

/** `depends no`: what a row comes to. */
export const wordsOf = ({ value, leaning }: { value: string; leaning: string | null }): string =>
  leaning ? `${value} ${leaning}` : value;
