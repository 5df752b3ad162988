import type { Rule } from '../../../src/world/objects.ts';
import { allow } from '../../helpers/cluster.ts';
import { type Attack, attack, enforce } from './attack.ts';

const APPS = { groups: ['apps'] };
const BATCH = { groups: ['batch'] };
const CORE = { groups: [''] };

const pods = (verbs: string, names: string[] = []): Rule => allow(verbs, 'pods', { ...CORE, names });

const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
const template = { metadata: { labels: { app: 'web' } }, spec };
const selector = { matchLabels: { app: 'web' } };

type Workload = [kind: string, resource: string, group: string, spec: object];

/** Kinds whose changed template becomes pods. */
const CHANGEABLE: readonly Workload[] = [
  ['Deployment', 'deployments', 'apps', { replicas: 1, selector, template }],
  [
    'StatefulSet',
    'statefulsets',
    'apps',
    { replicas: 1, serviceName: 'web', selector, template, updateStrategy: { type: 'RollingUpdate' } },
  ],
  ['DaemonSet', 'daemonsets', 'apps', { selector, template }],
];

const made =
  ([kind, , group, content]: Workload) =>
  (namespace: string): object[] => [
    { apiVersion: `${group}/v1`, kind, metadata: { name: 'web', namespace }, spec: content },
  ];

const podNamed = (namespace: string, name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { ...spec, ...more },
});

const PRIVILEGED = {
  containers: [{ name: 'app', image: 'registry.example/app:1', securityContext: { privileged: true } }],
};

const READY = `kubectl wait --for=create pod/web-0 -n NAMESPACE && kubectl patch pod web-0 -n NAMESPACE --subresource=status --type=merge -p '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}'`;
const RUNNING = `kubectl patch pod web -n NAMESPACE --subresource=status --type=merge -p '{"status":{"phase":"Running"}}'`;

const creating: readonly Attack[] = [
  attack('create pods where nothing is enforced', { 'pod-create': 'yes' }, { inside: [pods('create')] }),
  attack(
    'create pods under baseline',
    { 'pod-create': 'no' },
    { inside: [pods('create')], labels: enforce('baseline') },
  ),
  attack(
    'create pods under restricted',
    { 'pod-create': 'no' },
    { inside: [pods('create')], labels: enforce('restricted') },
  ),
  attack(
    'a level that is none is restricted',
    { 'pod-create': 'no' },
    {
      inside: [pods('create')],
      prepare: [
        `echo '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"NAMESPACE","labels":{"pod-security.kubernetes.io/enforce":"strict"}}}' | kubectl replace --raw /api/v1/namespaces/NAMESPACE/finalize -f -`,
      ],
    },
  ),
  attack(
    'create and patch of one name is server-side apply',
    { 'pod-create': 'yes' },
    { inside: [pods('create patch', ['mine'])] },
  ),
  attack('create of one name alone is nothing', {}, { inside: [pods('create', ['mine'])] }),
  ...(['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const).map((resource) =>
    attack(`create ${resource}`, { 'workload-create': 'yes' }, { inside: [allow('create', resource, APPS)] }),
  ),
  attack(
    'create replicationcontrollers',
    { 'workload-create': 'yes' },
    { inside: [allow('create', 'replicationcontrollers', CORE)] },
  ),
  attack('create jobs', { 'workload-create': 'yes' }, { inside: [allow('create', 'jobs', BATCH)] }),
  attack(
    'create deployments under baseline: the workload is accepted, its pods are not',
    { 'workload-create': 'no' },
    {
      inside: [allow('create', 'deployments', APPS)],
      labels: enforce('baseline'),
    },
  ),
  attack('create podtemplates, which nothing runs', {}, { inside: [allow('create', 'podtemplates', CORE)] }),
];

const changing: readonly Attack[] = [
  ...CHANGEABLE.flatMap((workload) => {
    const [, resource, group] = workload;
    // An update of a StatefulSet has to repeat more than is read.
    return (resource === 'statefulsets' ? ['patch'] : ['patch', 'update']).map((verb) =>
      attack(
        `${verb} ${resource}`,
        { 'workload-template-update': 'yes' },
        {
          inside: [allow(verb, resource, { groups: [group] })],
          objects: made(workload),
          // Its controller waits for the pod before it replaces it.
          prepare: resource === 'statefulsets' ? [READY] : [],
        },
      ),
    );
  }),
  attack('patch deployments where there is none', {}, { inside: [allow('patch', 'deployments', APPS)] }),
  attack(
    'patch a deployment that is named otherwise',
    {},
    {
      inside: [allow('patch', 'deployments', { ...APPS, names: ['api'] })],
      objects: made(CHANGEABLE[0] as Workload),
    },
  ),
  attack(
    'patch jobs, whose template is immutable',
    {},
    {
      inside: [allow('patch update', 'jobs', BATCH)],
      objects: (namespace) => [
        {
          ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'web', namespace } },
          spec: { template: { ...template, spec: { ...spec, restartPolicy: 'Never' } } },
        },
      ],
    },
  ),
  attack(
    'patch deployments/scale, which only multiplies',
    {},
    {
      inside: [allow('patch update', 'deployments/scale', APPS)],
      objects: made(CHANGEABLE[0] as Workload),
    },
  ),
  ...['patch', 'update'].map((verb) =>
    attack(
      `${verb} pods takes over what a pod has`,
      { 'pod-image-swap': 'yes' },
      {
        inside: [pods(verb)],
        objects: (namespace) => [podNamed(namespace, 'web', PRIVILEGED)],
      },
    ),
  ),
  attack(
    'patch pods that have nothing',
    { 'pod-image-swap': 'no' },
    {
      inside: [pods('patch')],
      objects: (namespace) => [podNamed(namespace, 'web')],
    },
  ),
  attack(
    'patch pods of a namespace that was tightened since',
    { 'pod-image-swap': 'no' },
    {
      inside: [pods('patch')],
      objects: (namespace) => [podNamed(namespace, 'web', PRIVILEGED)],
      prepare: ['kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce=baseline'],
    },
  ),
  ...['patch', 'update'].map((verb) =>
    attack(
      `${verb} pods/ephemeralcontainers`,
      { 'pod-ephemeral-container': 'yes' },
      {
        inside: [allow(verb, 'pods/ephemeralcontainers', CORE)],
        objects: (namespace) => [podNamed(namespace, 'web')],
        prepare: [RUNNING],
      },
    ),
  ),
  attack(
    'patch pods/ephemeralcontainers under baseline',
    { 'pod-ephemeral-container': 'no' },
    {
      inside: [allow('patch', 'pods/ephemeralcontainers', CORE)],
      objects: (namespace) => [podNamed(namespace, 'web')],
      labels: enforce('baseline'),
      prepare: [RUNNING],
    },
  ),
];

const around: readonly Attack[] = [
  ...(
    [
      ['patch', 'namespaces'],
      ['update', 'namespaces'],
      ['patch', 'namespaces/status'],
      ['update', 'namespaces/status'],
      ['update', 'namespaces/finalize'],
    ] as const
  ).map(([verb, resource]) =>
    attack(
      `${verb} ${resource} by a RoleBinding relaxes Pod Security`,
      { 'pod-create': 'no', 'psa-relax-namespace': 'yes' },
      {
        inside: [pods('create'), allow(verb, resource, CORE)],
        labels: enforce('restricted'),
      },
    ),
  ),
  attack(
    'patch of another namespace relaxes nothing here',
    { 'pod-create': 'no' },
    {
      inside: [pods('create'), allow('patch', 'namespaces', { ...CORE, names: ['elsewhere'] })],
      labels: enforce('baseline'),
    },
  ),
  attack(
    'relabelling without a right to pods is nothing',
    {},
    { inside: [allow('patch', 'namespaces', CORE)], labels: enforce('baseline') },
  ),
  attack(
    'a hostPath volume behind a claim',
    { 'pod-create': 'no', 'pv-hostpath': 'yes' },
    {
      inside: [pods('create'), allow('create', 'persistentvolumeclaims', CORE)],
      everywhere: [allow('create', 'persistentvolumes', CORE)],
      labels: enforce('restricted'),
    },
  ),
  attack(
    'persistentvolumes in a RoleBinding are dead',
    { 'pod-create': 'no' },
    {
      inside: [pods('create'), allow('create', 'persistentvolumeclaims persistentvolumes', CORE)],
      labels: enforce('restricted'),
    },
  ),
  attack(
    'binding a pod to a node',
    { 'pod-create': 'yes', 'pod-binding': 'yes' },
    {
      inside: [pods('create'), allow('create', 'pods/binding', CORE)],
    },
  ),
];

export const ATTACKS: readonly Attack[] = [...creating, ...changing, ...around];
