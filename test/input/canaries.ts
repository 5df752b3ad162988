import type { Kind } from '../../src/world/kinds.ts';
import type { Stored } from '../helpers/cluster-server.ts';

/** Values that nobody may find anywhere, each of its own. */
let planted = 0;
export const CANARY = /canary-\d+-[\w-]+/g;
const secret = (what: string): string => {
  planted += 1;
  return `canary-${planted}-${what}`;
};

const url = (what: string): string =>
  `https://${secret(`${what}-user`)}:${secret(`${what}-password`)}@hooks.example/${secret(`${what}-path`)}?token=${secret(`${what}-query`)}#${secret(`${what}-fragment`)}`;

/** What tools write beside every object: whole manifests, values of charts, states. */
const annotations = (): Record<string, string> =>
  Object.fromEntries(
    [
      'kubectl.kubernetes.io/last-applied-configuration',
      'kapp.k14s.io/original',
      'kapp.k14s.io/original-diff-md5',
      'objectset.rio.cattle.io/applied',
      'field.cattle.io/publicEndpoints',
      'meta.helm.sh/release-values',
      'argocd.argoproj.io/tracking-id',
      'fluxcd.io/checksum',
      'banzaicloud.com/last-applied',
      'example.com/anything',
    ].map((key) => [key, JSON.stringify({ data: { password: secret(`annotation-${key.replaceAll(/\W/g, '-')}`) } })]),
  );

/** An object with what any object may have besides. */
function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace: string | null,
  more: Record<string, unknown> = {},
): Stored {
  const { labels = {}, status, ...rest } = more;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === null ? {} : { namespace }),
      labels: labels as Record<string, string>,
      annotations: annotations(),
      managedFields: [
        {
          manager: 'helm',
          operation: 'Update',
          time: '2026-01-01T00:00:00Z',
          fieldsV1: { [`f:${secret('managed-fields')}`]: {} },
          subresource: secret('managed-subresource'),
        },
      ],
      selfLink: secret('self-link'),
      clusterName: secret('cluster-name'),
    } as Stored['metadata'],
    ...rest,
    status: {
      conditions: [{ type: 'Ready', message: secret(`${kind}-condition`), reason: secret(`${kind}-reason`) }],
      note: secret(`${kind}-status`),
      ...(status as object),
    },
    future: { field: secret(`${kind}-future`), list: [secret(`${kind}-future-list`)] },
  };
}

const header = (what: string) => [{ name: 'Authorization', value: secret(`${what}-header`) }];
const handler = (what: string) => ({
  exec: { command: ['sh', '-c', secret(`${what}-command`)] },
  httpGet: { port: 80, path: `/${secret(`${what}-path`)}`, httpHeaders: header(what) },
  grpc: { port: 1, service: secret(`${what}-service`) },
});

const container = (name: string) => ({
  name,
  image: 'registry.example/app:1',
  command: ['app', secret('command')],
  args: [`--password=${secret('argument')}`, secret('argument-alone')],
  env: [
    { name: 'PASSWORD', value: secret('env') },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' }, other: secret('env-source') } },
  ],
  envFrom: [{ secretRef: { name: 's' }, other: secret('env-from') }],
  livenessProbe: handler('liveness'),
  readinessProbe: handler('readiness'),
  startupProbe: handler('startup'),
  lifecycle: { postStart: handler('post-start'), preStop: handler('pre-stop') },
  securityContext: { windowsOptions: { gmsaCredentialSpec: secret('gmsa') }, other: secret('context-future') },
  other: secret('container-future'),
});

const podSpec = () => ({
  serviceAccountName: 'app',
  containers: [container('app')],
  initContainers: [container('init')],
  ephemeralContainers: [container('debugger')],
  volumes: [
    { name: 'csi', csi: { driver: 'd', volumeAttributes: { password: secret('csi') }, other: secret('csi-future') } },
    { name: 'flex', flexVolume: { driver: 'd', options: { password: secret('flex') } } },
    {
      name: 'git',
      gitRepo: { repository: url('git'), revision: secret('git-revision'), directory: secret('git-directory') },
    },
    {
      name: 'ceph',
      cephfs: { monitors: [secret('ceph-monitor')], user: secret('ceph-user'), secretFile: secret('ceph-file') },
    },
    { name: 'rbd', rbd: { monitors: ['m'], image: 'i', keyring: secret('rbd-keyring'), user: secret('rbd-user') } },
    { name: 'iscsi', iscsi: { targetPortal: 'p', iqn: 'q', initiatorName: secret('iscsi') } },
    { name: 'scale', scaleIO: { gateway: url('scale-io'), system: secret('scale-io-system'), volumeName: 'v' } },
    { name: 'quobyte', quobyte: { registry: 'r', user: secret('quobyte-user'), tenant: secret('quobyte-tenant') } },
    { name: 'azure', azureFile: { secretName: 's', shareName: secret('azure-share') } },
    {
      name: 'claim',
      ephemeral: {
        volumeClaimTemplate: {
          metadata: { annotations: { a: secret('claim-annotation') } },
          spec: { accessModes: ['ReadWriteOnce'], other: secret('claim-future') },
        },
      },
    },
    { name: 'future', futureSource: { password: secret('volume-future') } },
  ],
  other: secret('spec-future'),
});

const terminated = (what: string) => ({
  name: what,
  state: {
    terminated: { exitCode: 1, message: secret(`${what}-terminated`), reason: secret(`${what}-terminated-reason`) },
  },
  lastState: { terminated: { exitCode: 1, message: secret(`${what}-last`) } },
  containerID: secret(`${what}-id`),
});
const podStatus = () => ({
  phase: 'Running',
  message: secret('pod-status'),
  containerStatuses: [
    terminated('app'),
    { name: 'other', state: { waiting: { message: secret('waiting'), reason: secret('waiting-reason') } } },
  ],
  initContainerStatuses: [terminated('init')],
  ephemeralContainerStatuses: [terminated('debugger')],
});

const template = () => ({ metadata: { annotations: annotations(), labels: { app: 'web' } }, spec: podSpec() });
const selector = { matchLabels: { app: 'web' } };

const ADMISSION = 'admissionregistration.k8s.io/v1';
const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }];
const webhook = (name: string) => ({
  name: `${name}.example.com`,
  clientConfig: { url: url(name), caBundle: secret(`${name}-ca`) },
  rules,
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  failurePolicy: 'Ignore',
  other: secret(`${name}-future`),
});

const kyvernoRule = (name: string) => ({
  name,
  match: { any: [{ resources: { kinds: ['Pod'] } }] },
  context: [
    {
      name: 'api',
      apiCall: {
        urlPath: `/${secret('api-call-path')}`,
        service: {
          url: url('api-call'),
          headers: [{ key: 'Authorization', value: secret('api-call-header') }],
          caBundle: secret('api-call-ca'),
        },
        data: [{ key: 'k', value: secret('api-call-data') }],
      },
    },
    {
      name: 'image',
      imageRegistry: { reference: 'x', imageRegistryCredentials: { secrets: [secret('registry-credentials')] } },
    },
    { name: 'map', configMap: { name: 'm', namespace: 'n', other: secret('context-config-map') } },
  ],
});
const kyverno = (kind: string, namespace: string | null) =>
  object('kyverno.io/v1', kind, kind.toLowerCase(), namespace, {
    spec: {
      validationFailureAction: 'Enforce',
      rules: [
        {
          ...kyvernoRule('generate-secret'),
          generate: {
            kind: 'Secret',
            apiVersion: 'v1',
            name: 'regcred',
            data: {
              kind: 'Secret',
              data: { password: secret('generate-data') },
              stringData: { password: secret('generate-string-data') },
            },
            cloneList: { selector: secret('generate-clone') },
          },
        },
        {
          ...kyvernoRule('generate-config'),
          generate: { kind: 'ConfigMap', data: { data: { password: secret('generate-config') } } },
        },
        {
          ...kyvernoRule('mutate'),
          mutate: {
            patchStrategicMerge: {
              spec: { containers: [{ '(name)': '*', env: [{ name: 'TOKEN', value: secret('mutate-env') }] }] },
            },
            patchesJson6902: secret('mutate-json'),
            foreach: [{ list: 'x', patchStrategicMerge: { x: secret('mutate-foreach') } }],
          },
        },
        {
          ...kyvernoRule('verify'),
          verifyImages: [
            {
              imageReferences: ['registry.example/*'],
              attestors: [{ entries: [{ keys: { publicKeys: secret('verify-key'), secret: { name: 's' } } }] }],
              imageRegistryCredentials: { secrets: [secret('verify-credentials')] },
            },
          ],
        },
        {
          ...kyvernoRule('secrets'),
          match: { any: [{ resources: { kinds: ['Secret'] } }] },
          validate: {
            message: 'no such secret',
            pattern: {
              data: { password: secret('pattern-data') },
              stringData: { password: secret('pattern-string-data') },
              binaryData: { a: secret('pattern-binary-data') },
            },
          },
        },
        {
          ...kyvernoRule('manifests'),
          validate: { manifests: { attestors: [{ entries: [{ keys: { publicKeys: secret('manifests-key') } }] }] } },
        },
        { ...kyvernoRule('assert'), validate: { assert: { spec: { a: secret('assert') } } } },
        {
          ...kyvernoRule('latest'),
          validate: {
            message: 'a tag is required',
            pattern: { spec: { containers: [{ image: '!*:latest' }] } },
            other: secret('validate-future'),
          },
        },
      ],
      other: secret('kyverno-future'),
    },
  });

const custom = (group: string, version: string, kind: string, resource: string, namespaced = false): Kind => ({
  group,
  version,
  resource,
  kind,
  namespaced,
  pageSize: 500,
});

export const CUSTOM_KINDS: readonly Kind[] = [
  custom('kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies'),
  custom('kyverno.io', 'v1', 'Policy', 'policies', true),
  custom('kyverno.io', 'v2', 'PolicyException', 'policyexceptions', true),
  custom('policies.kyverno.io', 'v1', 'ValidatingPolicy', 'validatingpolicies'),
  custom('policies.kyverno.io', 'v1', 'ImageValidatingPolicy', 'imagevalidatingpolicies'),
  custom('templates.gatekeeper.sh', 'v1', 'ConstraintTemplate', 'constrainttemplates'),
  custom('constraints.gatekeeper.sh', 'v1beta1', 'K8sExample', 'k8sexample'),
  custom('config.gatekeeper.sh', 'v1alpha1', 'Config', 'configs', true),
  custom('security.openshift.io', 'v1', 'SecurityContextConstraints', 'securitycontextconstraints'),
  custom('example.com', 'v1', 'Limit', 'limits'),
];

/** A cluster with a secret wherever one may stand that nothing is decided by. */
export function clusterOfCanaries(): Stored[] {
  const rbac = 'rbac.authorization.k8s.io/v1';
  const apiServer = {
    ...podSpec(),
    containers: [
      {
        ...container('kube-apiserver'),
        command: [
          'kube-apiserver',
          '--authorization-mode=Node,RBAC',
          '--allow-privileged=true',
          `--oidc-client-id=${secret('flag')}`,
          '--token-auth-file',
          secret('flag-value'),
        ],
        args: [`--etcd-servers=${secret('etcd')}`],
      },
    ],
  };
  const cel = [{ expression: 'params.spec.most > 1 && params.data.all(k, true)', message: 'too many' }];
  return [
    object('v1', 'Namespace', 'shop', null),
    object('v1', 'Namespace', 'kube-system', null),
    object('v1', 'Node', 'n1', null, {
      spec: { providerID: secret('provider'), podCIDR: secret('cidr') },
      status: {
        nodeInfo: {
          osImage: 'Linux',
          machineID: secret('machine'),
          bootID: secret('boot'),
          containerRuntimeVersion: 'containerd://2.1.0',
          operatingSystem: 'linux',
        },
        images: [{ names: [secret('image')] }],
        addresses: [{ type: 'Hostname', address: secret('address') }],
      },
    }),
    object('v1', 'ServiceAccount', 'app', 'shop', {
      secrets: [{ name: secret('account-secret') }],
      imagePullSecrets: [{ name: secret('account-pull-secret') }],
    }),
    object('v1', 'Service', 'web', 'shop', {
      spec: {
        selector: { app: 'web' },
        ports: [{ port: 80, appProtocol: secret('protocol') }],
        externalName: secret('external-name'),
        loadBalancerIP: secret('balancer'),
      },
    }),
    object('v1', 'Pod', 'web', 'shop', { labels: { app: 'web' }, spec: podSpec(), status: podStatus() }),
    object('v1', 'Pod', 'kube-apiserver-n1', 'kube-system', {
      labels: { component: 'kube-apiserver' },
      spec: apiServer,
      status: podStatus(),
    }),
    object('v1', 'ConfigMap', 'settings', 'shop', {
      data: { password: secret('config-map') },
      binaryData: { a: secret('config-map-binary') },
    }),
    object('v1', 'PersistentVolume', 'pv', null, {
      spec: {
        capacity: { storage: '1Gi' },
        csi: { driver: 'd', volumeHandle: secret('handle'), volumeAttributes: { password: secret('pv-csi') } },
        flexVolume: { driver: 'f', options: { a: secret('pv-flex') } },
        mountOptions: [secret('mount-option')],
        claimRef: { name: 'data', namespace: 'shop', other: secret('claim-ref') },
      },
    }),
    object('v1', 'PersistentVolumeClaim', 'data', 'shop', {
      spec: { volumeName: 'pv', dataSource: { name: secret('data-source') } },
    }),
    object('v1', 'ResourceQuota', 'q', 'shop', { spec: { hard: { pods: '100' }, other: secret('quota') } }),
    object('v1', 'LimitRange', 'l', 'shop', { spec: { limits: [{ type: 'Container', other: secret('limit') }] } }),
    object('v1', 'ReplicationController', 'web', 'shop', { spec: { selector: { app: 'web' }, template: template() } }),
    ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) =>
      object('apps/v1', kind, 'web', 'shop', { spec: { selector, template: template() } }),
    ),
    object('batch/v1', 'Job', 'web', 'shop', { spec: { selector, template: template() } }),
    object('batch/v1', 'CronJob', 'web', 'shop', {
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template() } } },
    }),
    object('node.k8s.io/v1', 'RuntimeClass', 'gvisor', null, {
      handler: 'runsc',
      scheduling: { nodeSelector: { a: secret('runtime-class') } },
    }),
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'limits.example.com', null, {
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { plural: 'limits', kind: 'Limit' },
        conversion: { webhook: { clientConfig: { url: url('conversion'), caBundle: secret('conversion-ca') } } },
        versions: [
          {
            name: 'v1',
            storage: true,
            served: true,
            subresources: { status: { other: secret('subresource') } },
            schema: {
              openAPIV3Schema: {
                properties: {
                  spec: {
                    default: { password: secret('default') },
                    description: secret('description'),
                    example: secret('example'),
                  },
                },
              },
            },
          },
        ],
      },
    }),
    object(rbac, 'ClusterRole', 'admins', null, {
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'], other: secret('rule') }],
    }),
    object(rbac, 'Role', 'maker', 'shop', {
      rules: [
        {
          apiGroups: [''],
          resources: ['pods', 'pods/exec', 'pods/ephemeralcontainers'],
          verbs: ['create', 'get', 'patch', 'update'],
        },
      ],
    }),
    object(rbac, 'RoleBinding', 'maker', 'shop', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maker' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane', other: secret('subject') }],
    }),
    object(rbac, 'ClusterRoleBinding', 'admins', null, {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admins' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'ops' }],
    }),
    object(ADMISSION, 'ValidatingWebhookConfiguration', 'validating', null, {
      webhooks: [webhook('validating'), webhook('second')],
    }),
    object(ADMISSION, 'MutatingWebhookConfiguration', 'mutating', null, { webhooks: [webhook('mutating')] }),
    object(ADMISSION, 'ValidatingAdmissionPolicy', 'limits', null, {
      spec: {
        paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
        matchConstraints: { resourceRules: rules },
        validations: cel,
        other: secret('policy-future'),
      },
    }),
    object(ADMISSION, 'ValidatingAdmissionPolicyBinding', 'limits', null, {
      spec: {
        policyName: 'limits',
        validationActions: ['Deny'],
        paramRef: { name: 'most', parameterNotFoundAction: 'Deny' },
        other: secret('binding-future'),
      },
    }),
    object('example.com/v1', 'Limit', 'most', null, {
      spec: { most: 2, token: secret('param'), nested: { token: secret('param-nested') } },
      data: { a: 'x' },
      other: secret('param-other'),
    }),
    kyverno('ClusterPolicy', null),
    kyverno('Policy', 'shop'),
    object('kyverno.io/v2', 'PolicyException', 'except', 'shop', {
      spec: {
        exceptions: [{ policyName: 'clusterpolicy', ruleNames: ['latest'] }],
        match: { any: [{ resources: { kinds: ['Pod'], names: ['x'] } }] },
        other: secret('exception'),
      },
    }),
    object('policies.kyverno.io/v1', 'ValidatingPolicy', 'vp', null, {
      spec: {
        matchConstraints: { resourceRules: rules },
        validations: [{ expression: 'true' }],
        variables: [{ name: 'x', expression: '1' }],
        other: secret('validating-policy'),
      },
    }),
    object('policies.kyverno.io/v1', 'ImageValidatingPolicy', 'ivp', null, {
      spec: {
        matchConstraints: { resourceRules: rules },
        validations: [{ expression: 'true' }],
        credentials: { secrets: [secret('image-credentials')] },
        attestors: [{ name: 'a', cosign: { key: { data: secret('image-key') } } }],
      },
    }),
    object('templates.gatekeeper.sh/v1', 'ConstraintTemplate', 'k8sexample', null, {
      spec: {
        crd: {
          spec: {
            names: { kind: 'K8sExample' },
            validation: {
              openAPIV3Schema: {
                properties: {
                  message: {
                    type: 'string',
                    description: secret('parameter-description'),
                    default: secret('parameter-default'),
                  },
                },
              },
            },
          },
        },
        targets: [
          {
            target: 'admission.k8s.gatekeeper.sh',
            rego: 'package k8sexample\nviolation[{"msg": msg}] { msg := "no" }',
            libs: [secret('library')],
          },
        ],
        other: secret('template-future'),
      },
    }),
    object('constraints.gatekeeper.sh/v1beta1', 'K8sExample', 'example', null, {
      spec: {
        match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] },
        parameters: { message: 'hi' },
        other: secret('constraint-future'),
      },
      status: { violations: [{ message: secret('violation') }] },
    }),
    object('config.gatekeeper.sh/v1alpha1', 'Config', 'config', 'gatekeeper-system', {
      spec: {
        match: [{ excludedNamespaces: ['kube-*'], processes: ['webhook'] }],
        sync: { syncOnly: [secret('sync')] },
      },
    }),
    object('security.openshift.io/v1', 'SecurityContextConstraints', 'restricted', null, {
      priority: 1,
      users: [],
      groups: ['system:authenticated'],
      runAsUser: { type: 'RunAsAny' },
      seLinuxContext: { type: 'RunAsAny' },
      fsGroup: { type: 'RunAsAny' },
      supplementalGroups: { type: 'RunAsAny' },
      volumes: ['*'],
      other: secret('scc-future'),
    }),
  ];
}
