import type { Rule, Subject } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { Facts } from '../../../src/world/world.ts';
import { configMap, denyIf, policy, binding as policyBinding, webhooks } from '../../admission/policies/objects.ts';
import { account, allow, group, user } from '../../helpers/cluster.ts';
import { binding, role } from '../../helpers/story.ts';
import { discovering } from './server.ts';

/** A cluster in which somebody can do something, by a way that an unread kind could hide. */
export interface Scene {
  name: string;
  objects: readonly Raw[];
  /** Who can. */
  who: Subject;
  facts?: Facts;
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const ADMISSION = { groups: ['admissionregistration.k8s.io'] };
const ALL = { groups: ['*'] };
const APPS = { groups: ['apps'] };

const object = (kind: string, namespace: string | null, name: string, more: Raw = {}): Raw => ({
  ...{
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace === null ? {} : { namespace }), uid: `${kind}-${namespace}-${name}` },
  },
  ...more,
});
const namespace = (name: string, level?: string): Raw => ({
  ...object('Namespace', null, name),
  metadata: {
    name,
    uid: name,
    labels: { 'kubernetes.io/metadata.name': name, ...(level ? { [ENFORCE]: level } : {}) },
  },
});
const pod = (name: string, spec: Raw = {}, where = 'dev'): Raw => ({
  ...object('Pod', where, name, { status: { phase: 'Running' } }),
  metadata: { name, namespace: where, uid: name, labels: { app: name } },
  spec: { nodeName: 'n1', serviceAccountName: 'web', containers: [{ name: 'app', image: 'app' }], ...spec },
});
const PRIVILEGED = { containers: [{ name: 'app', image: 'app', securityContext: { privileged: true } }] };
const node = object('Node', null, 'n1', {
  status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.2.0', operatingSystem: 'linux' } },
});

/** What is there in each, with every namespace at this level. */
const base = (level?: string): Raw[] => [
  namespace('default', level),
  namespace('dev', level),
  namespace('ci', level),
  node,
  object('ServiceAccount', 'dev', 'web'),
  object('ServiceAccount', 'ci', 'deployer'),
  object('Service', 'dev', 'web', { spec: { ports: [{ port: 80 }], selector: { app: 'web' } } }),
  pod('web'),
  // Something to be lost beside each thing that matters.
  role('dev', 'idle', [allow('get', 'configmaps')]) as Raw,
  binding('dev', 'idle', 'Role/idle', [user('idler')]) as Raw,
  role(null, 'idle', [allow('get', 'configmaps')]) as Raw,
  binding(null, 'idle', 'ClusterRole/idle', [user('idler')]) as Raw,
];

const here = (who: Subject, ...rules: Rule[]): Raw[] => [
  role('dev', 'r', rules) as Raw,
  binding('dev', 'r', 'Role/r', [who]) as Raw,
];
const everywhere = (who: Subject, ...rules: Rule[]): Raw[] => [
  role(null, 'c', rules) as Raw,
  binding(null, 'c', 'ClusterRole/c', [who]) as Raw,
];
const jane = user('jane');
const CREATE = allow('create', 'pods');

const scene = (name: string, who: Subject, ...objects: readonly Raw[]): Scene => ({
  name,
  who,
  objects: objects.map(stored),
});

/** As a server has it. */
const stored = (raw: Raw, index: number): Raw => ({
  ...raw,
  metadata: { uid: `uid-${index}`, ...(raw.metadata as Raw) },
});

/** Each has one who can; what is in the way of others is there too. */
export const SCENES: readonly Scene[] = [
  scene('a cluster-admin', jane, ...base(), ...everywhere(jane, allow('*', '*', ALL))),
  scene('pods by a Role', jane, ...base(), ...here(jane, CREATE)),
  scene(
    'pods by a ClusterRole in one namespace',
    jane,
    ...base(),
    role(null, 'c', [CREATE]) as Raw,
    binding('dev', 'c', 'ClusterRole/c', [jane]) as Raw,
  ),
  scene(
    'pods by a group of accounts',
    account('ci', 'deployer'),
    ...base(),
    ...everywhere(group('system:serviceaccounts:ci'), CREATE),
  ),
  scene(
    'deployments',
    account('dev', 'web'),
    ...base(),
    ...here(account('dev', 'web'), allow('create', 'deployments', APPS)),
  ),
  scene(
    'a Deployment that is there',
    jane,
    ...base(),
    deployment(),
    ...here(jane, allow('patch', 'deployments', APPS)),
  ),
  scene(
    'a privileged pod that is there',
    jane,
    ...base(),
    pod('strong', PRIVILEGED),
    ...here(jane, allow('patch', 'pods')),
  ),
  scene(
    'a running pod that gets a container',
    jane,
    ...base(),
    ...here(jane, allow('patch', 'pods/ephemeralcontainers')),
  ),
  scene(
    'the kubelets',
    jane,
    ...base('restricted'),
    pod('strong', PRIVILEGED, 'ci'),
    ...everywhere(jane, allow('create', 'nodes/proxy')),
  ),
  scene(
    'the kubelet of one node',
    jane,
    ...base('restricted'),
    pod('strong', PRIVILEGED, 'ci'),
    ...everywhere(jane, allow('create', 'nodes/proxy', { names: ['n1'] })),
  ),
  scene(
    'pods, and labels of the namespace',
    jane,
    ...base('restricted'),
    ...here(jane, CREATE, allow('patch', 'namespaces')),
  ),
  scene(
    'pods, and the finalizers of the namespace',
    jane,
    ...base('baseline'),
    ...here(jane, CREATE, allow('update', 'namespaces/finalize')),
  ),
  scene(
    'pods everywhere, and a namespace more',
    jane,
    ...base('restricted'),
    ...everywhere(jane, CREATE, allow('create', 'namespaces')),
  ),
  scene(
    'a volume of the node',
    jane,
    ...base('restricted'),
    ...everywhere(jane, CREATE, allow('create', 'persistentvolumes persistentvolumeclaims')),
  ),
  scene(
    'a webhook of its own',
    jane,
    ...base(),
    ...everywhere(jane, allow('create', 'mutatingwebhookconfigurations', ADMISSION)),
  ),
  scene(
    'a webhook that is there',
    jane,
    ...base(),
    webhooks('w', [{ rules: [] }], 'MutatingWebhookConfiguration'),
    ...everywhere(jane, allow('update', 'mutatingwebhookconfigurations', ADMISSION)),
  ),
  scene(
    'a policy of its own that mutates',
    jane,
    ...base(),
    ...everywhere(jane, allow('create', 'mutatingadmissionpolicies mutatingadmissionpolicybindings', ADMISSION)),
  ),
  scene(
    'a policy that may be deleted',
    jane,
    ...base(),
    policy('p', denyIf('true')),
    policyBinding('p', 'p'),
    ...everywhere(jane, CREATE, allow('delete', 'validatingadmissionpolicies', ADMISSION)),
  ),
  scene(
    'a binding of a policy that may be deleted',
    jane,
    ...base(),
    policy('p', denyIf('true')),
    policyBinding('p', 'p'),
    policyBinding('q', 'other'),
    ...everywhere(jane, CREATE, allow('delete', 'validatingadmissionpolicybindings', ADMISSION)),
  ),
  scene(
    'a policy with parameters',
    jane,
    ...base(),
    policy('p', {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: "params.data.open == 'yes'" }],
    }),
    policyBinding('p', 'p', { paramRef: { name: 'c', namespace: 'dev', parameterNotFoundAction: 'Allow' } }),
    configMap('dev', 'c', { open: 'no' }),
    ...everywhere(jane, CREATE, allow('delete', 'configmaps')),
  ),
  scene(
    'a policy whose parameters let it pass',
    jane,
    ...base(),
    policy('p', {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: "params.data.open == 'yes'" }],
    }),
    policyBinding('p', 'p', { paramRef: { name: 'c', namespace: 'dev', parameterNotFoundAction: 'Deny' } }),
    configMap('dev', 'c', { open: 'yes' }),
    ...here(jane, CREATE),
  ),
  scene(
    'a policy that another namespace is bound to',
    jane,
    ...base(),
    policy('p', denyIf('true')),
    policyBinding('p', 'p', {
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ci' } } },
    }),
    ...here(jane, CREATE),
  ),
  scene(
    'the account that a policy lets through',
    jane,
    ...base(),
    policy('p', { validations: [{ expression: "request.userInfo.username == 'system:serviceaccount:ci:deployer'" }] }),
    policyBinding('p', 'p'),
    ...here(jane, CREATE),
    role('ci', 't', [allow('create', 'serviceaccounts/token')]) as Raw,
    binding('ci', 't', 'Role/t', [jane]) as Raw,
    ...everywhere(account('ci', 'deployer'), CREATE),
  ),
  scene(
    'an account that may be impersonated',
    jane,
    ...base(),
    ...here(jane, allow('get', 'pods')),
    role('ci', 't', [allow('impersonate', 'serviceaccounts', { names: ['deployer'] })]) as Raw,
    binding('ci', 't', 'Role/t', [jane]) as Raw,
    role('ci', 'd', [CREATE]) as Raw,
    binding('ci', 'd', 'Role/d', [account('ci', 'deployer')]) as Raw,
  ),
  scene(
    'a webhook that does not look at pods',
    jane,
    ...base(),
    webhooks('w', [{ rules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] }]),
    ...here(jane, CREATE),
  ),
  scene(
    'a quota with room',
    jane,
    ...base(),
    object('ResourceQuota', 'dev', 'q', {
      spec: { hard: { pods: '100' } },
      status: { hard: { pods: '100' }, used: { pods: '1' } },
    }),
    ...here(jane, CREATE),
  ),
  scene(
    'a quota elsewhere that is used up',
    jane,
    ...base(),
    object('ResourceQuota', 'ci', 'q', {
      spec: { hard: { pods: '0' } },
      status: { hard: { pods: '0' }, used: { pods: '0' } },
    }),
    ...here(jane, CREATE),
  ),
  scene('pods created by name', jane, ...base(), ...here(jane, allow('create patch', 'pods', { names: ['x'] }))),
  scene(
    'two halves in two roles',
    jane,
    ...base(),
    ...here(jane, allow('create', 'pods', { names: ['x'] })),
    role('dev', 's', [allow('patch', 'pods')]) as Raw,
    binding('dev', 's', 'Role/s', [jane]) as Raw,
  ),
  scene(
    'a claim whose volume is the node',
    jane,
    ...base('baseline'),
    ...claim(),
    ...here(jane, allow('patch', 'pods')),
  ),
  scene(
    'a webhook that may take away what is refused',
    jane,
    ...base('restricted'),
    webhooks('w', [{}], 'MutatingWebhookConfiguration'),
    ...here(jane, CREATE),
  ),
  scene('a static pod and superusers', group('system:masters'), ...base('restricted'), mirror()),
  scene(
    'an exec by a ClusterRole',
    account('dev', 'web'),
    ...base(),
    ...everywhere(
      account('dev', 'web'),
      allow('create', 'pods/exec pods/portforward pods/attach'),
      allow('get', 'pods/log'),
    ),
  ),
  scene('an exec by a Role', jane, ...base(), ...here(jane, allow('create', 'pods/exec pods/portforward'))),
  scene('an exec by the node', jane, ...base(), ...everywhere(jane, allow('create', 'nodes/proxy'))),
  scene(
    'an exec by the port of the kubelet',
    jane,
    ...base(),
    ...everywhere(jane, allow('create', 'nodes/proxy', { names: ['n1:10250'] })),
  ),
  scene(
    'a proxy by the service',
    jane,
    ...base(),
    ...here(jane, allow('get create', 'services/proxy', { names: ['web:80', 'web'] })),
  ),
  scene(
    'an exec that a policy refuses to others',
    jane,
    ...base(),
    connectPolicy("request.userInfo.username == 'jane'"),
    policyBinding('p', 'p'),
    ...here(jane, allow('create', 'pods/exec')),
  ),
  scene(
    'a debug that a level refuses',
    jane,
    ...base('baseline'),
    ...here(jane, allow('patch', 'pods/ephemeralcontainers')),
  ),
  scene(
    'a policy that asks the authorizer',
    jane,
    ...base(),
    policy('p', {
      validations: [{ expression: "authorizer.group('').resource('secrets').namespace('dev').check('get').allowed()" }],
    }),
    policyBinding('p', 'p'),
    ...here(jane, CREATE, allow('get', 'secrets')),
  ),
  scene(
    'a policy that asks the authorizer about a ClusterRole',
    jane,
    ...base(),
    policy('p', {
      validations: [{ expression: "authorizer.group('').resource('secrets').namespace('dev').check('get').allowed()" }],
    }),
    policyBinding('p', 'p'),
    ...here(jane, CREATE),
    ...everywhere(jane, allow('get', 'secrets')),
  ),
  scene(
    'a pod without a node, and nodes that differ',
    jane,
    ...base(),
    otherNode(),
    pending(),
    ...here(jane, allow('create', 'pods/exec')),
  ),
  scene('a path of the node', jane, ...base(), controlPlane(), etcd(), ...here(jane, allow('patch', 'pods'))),
  scene('a RuntimeClass', jane, ...base(), runtimeClass(), sandboxed(), ...here(jane, allow('patch', 'pods'))),
  scene(
    'an image of an owner',
    jane,
    ...base().filter(({ kind }) => kind !== 'Pod'),
    deployment(),
    replicaSet(),
    owned(),
    ...here(jane, allow('patch', 'deployments', APPS)),
  ),
  {
    ...scene('Kyverno lets one namespace be', jane, ...base(), ...kyverno(), ...here(jane, CREATE)),
    facts: discovering(
      ['kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies', false],
      ['kyverno.io', 'v1', 'Policy', 'policies', true],
      ['kyverno.io', 'v2', 'PolicyException', 'policyexceptions', true],
    ),
  },
  {
    ...scene(
      'Kyverno lets a role be',
      jane,
      ...base(),
      ...kyverno(['dev'], { clusterRoles: ['trusted'] }),
      ...here(jane, CREATE),
      role(null, 'trusted', []) as Raw,
      binding(null, 't', 'ClusterRole/trusted', [jane]) as Raw,
    ),
    facts: discovering(
      ['kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies', false],
      ['kyverno.io', 'v1', 'Policy', 'policies', true],
      ['kyverno.io', 'v2', 'PolicyException', 'policyexceptions', true],
    ),
  },
  {
    ...scene(
      'Kyverno makes an exception',
      jane,
      ...base(),
      ...kyverno(['dev', 'ci']),
      kyvernoException(),
      ...here(jane, CREATE),
    ),
    facts: discovering(
      ['kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies', false],
      ['kyverno.io', 'v1', 'Policy', 'policies', true],
      ['kyverno.io', 'v2', 'PolicyException', 'policyexceptions', true],
    ),
  },
  {
    ...scene(
      'an SCC that may be used',
      jane,
      ...base(),
      ...sccs(),
      ...here(
        jane,
        CREATE,
        allow('use', 'securitycontextconstraints', { groups: ['security.openshift.io'], names: ['privileged'] }),
      ),
    ),
    facts: discovering([
      'security.openshift.io',
      'v1',
      'SecurityContextConstraints',
      'securitycontextconstraints',
      false,
    ]),
  },
  {
    ...scene('Gatekeeper leaves one namespace out', jane, ...base(), ...gatekeeper(), ...here(jane, CREATE)),
    facts: discovering(
      ['templates.gatekeeper.sh', 'v1', 'ConstraintTemplate', 'constrainttemplates', false],
      ['config.gatekeeper.sh', 'v1alpha1', 'Config', 'configs', true],
      ['constraints.gatekeeper.sh', 'v1beta1', 'K8sPSPPrivilegedContainer', 'k8spspprivilegedcontainer', false],
    ),
  },
];

function deployment(): Raw {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'dev', uid: 'deployment' } },
    spec: {
      selector: { matchLabels: { app: 'owned' } },
      template: { metadata: { labels: { app: 'owned' } }, spec: { containers: [{ name: 'app', image: 'app' }] } },
    },
  };
}

function otherNode(): Raw {
  return object('Node', null, 'n2', {
    status: { nodeInfo: { containerRuntimeVersion: 'cri-o://1.34.0', operatingSystem: 'linux' } },
  });
}

function pending(): Raw {
  const containers = [{ name: 'app', image: 'app', securityContext: { runAsUser: 0 } }];
  return { ...pod('pending', { nodeName: undefined, containers }), status: { phase: 'Pending' } };
}

function controlPlane(): Raw {
  return { ...node, metadata: { name: 'cp', uid: 'cp', labels: { 'node-role.kubernetes.io/control-plane': '' } } };
}

function etcd(): Raw {
  const volumes = [{ name: 'v', hostPath: { path: '/var/lib/etcd' } }];
  const containers = [{ name: 'app', image: 'app', volumeMounts: [{ name: 'v', mountPath: '/v' }] }];
  return pod('etcd', { nodeName: 'cp', volumes, containers });
}

function runtimeClass(): Raw {
  return {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'gvisor', uid: 'g' },
    handler: 'runsc',
  };
}

function sandboxed(): Raw {
  return pod('sandboxed', { ...PRIVILEGED, runtimeClassName: 'gvisor' });
}

function replicaSet(): Raw {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'deployment', controller: true };
  return {
    ...{
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web-1', namespace: 'dev', uid: 'rs', ownerReferences: [owner] },
    },
    spec: { selector: { matchLabels: { app: 'owned' } } },
  };
}

function owned(): Raw {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true };
  const made = pod('web');
  return { ...made, metadata: { ...(made.metadata as Raw), ownerReferences: [owner] } };
}

function claim(): Raw[] {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
  const containers = [{ name: 'app', image: 'app', volumeMounts: [{ name: 'v', mountPath: '/v' }] }];
  return [
    object('PersistentVolume', null, 'pv', {
      spec: { hostPath: { path: '/' }, claimRef: { namespace: 'dev', name: 'c' } },
    }),
    object('PersistentVolumeClaim', 'dev', 'c', { spec: { volumeName: 'pv' } }),
    pod('claiming', { volumes, containers }),
  ];
}

function mirror(): Raw {
  const made = pod('static', PRIVILEGED);
  return { ...made, metadata: { ...(made.metadata as Raw), annotations: { 'kubernetes.io/config.mirror': 'x' } } };
}

function connectPolicy(expression: string): Raw {
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }];
  return policy('p', { matchConstraints: { resourceRules }, validations: [{ expression }] });
}

/** A policy on these namespaces, and the webhook by which the API server asks about it. */
function kyverno(namespaces = ['ci'], exclude?: Raw): Raw[] {
  const rule = {
    name: 'r',
    match: { any: [{ resources: { kinds: ['Pod'], namespaces } }] },
    validate: { message: 'no', deny: {} },
  };
  const service = { namespace: 'kyverno', name: 'kyverno-svc', path: '/validate/fail' };
  return [
    {
      ...{ apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'k', uid: 'k' } },
      spec: {
        validationFailureAction: 'Enforce',
        rules: [{ ...rule, ...(exclude ? { exclude: { any: [exclude] } } : {}) }],
      },
    },
    webhooks('kyverno-resource-validating-webhook-cfg', [
      { name: 'validate.kyverno.svc-fail', clientConfig: { service } },
    ]),
  ];
}

function kyvernoException(): Raw {
  return {
    ...{ apiVersion: 'kyverno.io/v2', kind: 'PolicyException', metadata: { name: 'e', namespace: 'ci', uid: 'e' } },
    spec: {
      exceptions: [{ policyName: 'k', ruleNames: ['r', 'autogen-r'] }],
      match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['dev'] } }] },
    },
  };
}

function sccs(): Raw[] {
  const scc = (name: string, privileged: boolean, groups: string[]): Raw => ({
    ...{ apiVersion: 'security.openshift.io/v1', kind: 'SecurityContextConstraints', metadata: { name, uid: name } },
    ...{
      allowPrivilegedContainer: privileged,
      allowHostDirVolumePlugin: privileged,
      allowHostNetwork: privileged,
      allowHostPID: privileged,
    },
    ...{
      allowHostIPC: privileged,
      allowHostPorts: privileged,
      volumes: privileged ? ['*'] : ['emptyDir', 'projected'],
      groups,
      users: [],
    },
    ...{ runAsUser: { type: 'RunAsAny' }, seLinuxContext: { type: 'RunAsAny' }, fsGroup: { type: 'RunAsAny' } },
    ...{
      supplementalGroups: { type: 'RunAsAny' },
      allowedCapabilities: privileged ? ['*'] : [],
      requiredDropCapabilities: [],
      priority: null,
    },
  });
  return [scc('privileged', true, []), scc('restricted', false, ['system:authenticated'])];
}

function gatekeeper(): Raw[] {
  const service = { namespace: 'gatekeeper-system', name: 'gatekeeper-webhook-service', path: '/v1/admit' };
  const names = { kind: 'K8sPSPPrivilegedContainer' };
  return [
    {
      ...{
        apiVersion: 'templates.gatekeeper.sh/v1',
        kind: 'ConstraintTemplate',
        metadata: { name: 'k8spspprivilegedcontainer', uid: 't' },
      },
      spec: {
        crd: { spec: { names } },
        targets: [{ target: 'admission.k8s.gatekeeper.sh', rego: 'package k8spspprivileged' }],
      },
    },
    {
      ...{
        apiVersion: 'constraints.gatekeeper.sh/v1beta1',
        kind: 'K8sPSPPrivilegedContainer',
        metadata: { name: 'c', uid: 'c' },
      },
      spec: { match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }], excludedNamespaces: ['dev'] } },
    },
    webhooks('gatekeeper-validating-webhook-configuration', [
      { name: 'validation.gatekeeper.sh', clientConfig: { service } },
    ]),
  ];
}
