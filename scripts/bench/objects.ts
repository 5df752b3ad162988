import { type Random, random } from '../../test/helpers/random.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './grants.ts';
import { guards, labelsOf } from './guards.ts';
import { namespacesOf, type Place } from './names.ts';

export interface BenchCluster {
  /** As they are posted. */
  objects: object[];
  /**
   * What is asked about, somewhere in the middle: a pod, and an account of its namespace that has rights in some
   * namespaces.
   */
  asked: { namespace: string; name: string; account: string };
  /** Four times as many pods again, where one wants to see how the cost grows. */
  more?: () => object[];
}

/**
 * A cluster of a big company, the same for the same seed. Each namespace has 5 service accounts, 4 Roles, 40
 * RoleBindings, a Deployment and 20 pods; for 500 of them there are 300 ClusterRoles, 1,000 ClusterRoleBindings and 100
 * nodes of three runtimes.
 */
export function benchCluster(count: number, seed = 1): BenchCluster {
  const dice = random(seed);
  const places = namespacesOf(count);
  const shared = clusterRoles(dice, Math.ceil(count * 0.6));
  const nodes = nodesOf(Math.ceil(count / 5));
  const pods = places.flatMap((place) => Array.from({ length: 20 }, () => podOf(dice, place, nodes.names)));
  const objects = [
    ...nodes.objects,
    ...places.flatMap((place) => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.namespace, labels: labelsOf(place) } },
      ...place.accounts.map((account) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: account, namespace: place.namespace },
      })),
    ]),
    ...places.map(deployment),
    ...shared,
    ...places.flatMap(roles),
    ...places.flatMap((place) => roleBindings(dice, place, places, shared, 40)),
    ...clusterRoleBindings(dice, places, shared, count * 2),
    ...pods,
    ...guards(),
  ];
  const target = pods[pods.length >> 1];
  if (!target) throw new Error('a cluster without namespaces');
  const { namespace, name, labels } = target.metadata;
  const more = () => places.flatMap((place) => Array.from({ length: 80 }, () => podOf(dice, place, nodes.names)));
  return { objects, asked: { namespace, name, account: `${labels.app}-runner` }, more };
}

/** So many nodes of three runtimes, with the DaemonSet of their network. */
export function nodesOf(count: number): { names: string[]; objects: object[] } {
  const names = Array.from(
    { length: count },
    (_, index) => `ip-10-${index % 4}-${index >> 2}-17.eu-west-1.compute.internal`,
  );
  return { names, objects: [...names.map(node), NETWORK] };
}

function node(name: string, index: number) {
  const labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name };
  const containerRuntimeVersion = ['containerd://1.7.27', 'containerd://2.1.4', 'cri-o://1.34.0'][index % 3];
  const status = { nodeInfo: { containerRuntimeVersion, operatingSystem: 'linux', osImage: 'Ubuntu 24.04.3 LTS' } };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status };
}

/** In a namespace that every cluster has. */
const NETWORK = {
  ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'kube-flannel-ds', namespace: 'kube-system' } },
  spec: {
    selector: { matchLabels: { app: 'flannel' } },
    template: {
      metadata: { labels: { app: 'flannel' } },
      spec: { containers: [{ name: 'flannel', image: 'registry.example.com/flannel' }] },
    },
  },
};

/** Nothing runs of it: what counts is that it can be changed. */
export function deployment({ namespace, component }: Place) {
  const labels = { app: component };
  const containers = [{ name: component, image: `registry.example.com/${component}` }];
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: component, namespace }, spec };
}

/** Admission adds the volume of its token, unless the account is one that asks for a token of its own. */
export function podOf(dice: Random, place: Place, nodes: readonly string[]) {
  const { namespace, team, component, accounts } = place;
  const contexts = labelsOf(place)['pod-security.kubernetes.io/enforce'] === 'restricted' ? [LOCKED] : CONTEXTS;
  const account = dice.pick(accounts);
  const name = `${component}-${hex(dice, 10)}-${hex(dice, 5)}`;
  const vault = account === 'deployer';
  const container = (id: string, args: string[]) => ({
    name: id,
    image: `registry.example.com/${team}/${id}:2.${dice.pick([4, 5, 6])}.${dice.pick([0, 1, 2, 3])}@sha256:${hex(dice, 64)}`,
    args,
    ports: [{ name: 'http', containerPort: 8080 }],
    env: ['LOG_LEVEL', 'REGION', 'TRACING_ENDPOINT', 'FEATURE_FLAGS'].map((variable) => ({
      name: variable,
      value: `${variable}-of-${team}`,
    })),
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
    securityContext: dice.pick(contexts),
    volumeMounts: vault ? [{ name: 'vault-token', mountPath: '/var/run/secrets/tokens', readOnly: true }] : [],
  });
  const token = {
    name: 'vault-token',
    projected: { sources: [{ serviceAccountToken: { path: 'vault', audience: 'vault', expirationSeconds: 3600 } }] },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: component, team, 'app.kubernetes.io/part-of': `${team}-platform` } },
    spec: {
      serviceAccountName: account,
      nodeName: dice.pick(nodes),
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ...(vault && { automountServiceAccountToken: false, volumes: [token] }),
      containers: [
        container(component, ['serve', '--port=8080']),
        ...(dice.chance(0.5) ? [container('proxy', ['--upstream=127.0.0.1'])] : []),
      ],
    },
  };
}

const LOCKED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
const ROOT = { runAsNonRoot: false, runAsUser: 0 };
/** Half of what is not made to be locked is. */
const CONTEXTS = [
  ...[LOCKED, LOCKED, LOCKED, LOCKED],
  ...[{}, ROOT, { ...ROOT, capabilities: { drop: ['CAP_NET_RAW'] } }, { allowPrivilegeEscalation: false }],
];

const hex = (dice: Random, length: number): string =>
  Array.from({ length }, () => dice.pick([...'0123456789abcdef'])).join('');
