import type {
  Binding,
  CustomResource,
  Manifest,
  Named,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Role,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  Workload,
} from './objects.ts';

/** The kinds that every question may read, by resource name, with the narrow type to which each is reduced. */
export interface StaticKinds {
  clusterroles: Role;
  clusterrolebindings: Binding;
  roles: Role;
  rolebindings: Binding;
  pods: Pod;
  namespaces: Namespace;
  nodes: Node;
  runtimeclasses: RuntimeClass;
  serviceaccounts: ServiceAccount;
  services: Service;
  secrets: Secret;
  deployments: Workload;
  replicasets: Workload;
  statefulsets: Workload;
  daemonsets: Workload;
  jobs: Workload;
  cronjobs: Workload;
  replicationcontrollers: Workload;
  customresourcedefinitions: CustomResource;
  persistentvolumes: PersistentVolume;
  persistentvolumeclaims: PersistentVolumeClaim;
}

export type StaticKind = keyof StaticKinds;

/**
 * Any other kind, as `schema.GroupKind` is written: `ClusterPolicy.kyverno.io`, or `ConfigMap.` for the core group. Its
 * objects are not reduced.
 */
export type GroupKind = `${string}.${string}`;

export type KindName = StaticKind | GroupKind;

export type Kinds = StaticKinds & { [kind in GroupKind]: Manifest };

export interface Kind {
  group: string;
  version: string;
  /** The plural name, as in paths and in RBAC. */
  resource: string;
  kind: string;
  namespaced: boolean;
  /**
   * The number of objects in a page of a list: small objects use pages of thousands, since each page costs a round
   * trip.
   */
  pageSize: number;
}

const kind = (
  group: string,
  version: string,
  resource: string,
  name: string,
  namespaced: boolean,
  pageSize = 1000,
): Kind => ({
  group,
  version,
  resource,
  kind: name,
  namespaced,
  pageSize,
});

const RBAC = 'rbac.authorization.k8s.io';

export const KINDS: { readonly [K in StaticKind]: Kind } = {
  clusterroles: kind(RBAC, 'v1', 'clusterroles', 'ClusterRole', false),
  clusterrolebindings: kind(RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false, 25_000),
  roles: kind(RBAC, 'v1', 'roles', 'Role', true, 10_000),
  rolebindings: kind(RBAC, 'v1', 'rolebindings', 'RoleBinding', true, 25_000),
  pods: kind('', 'v1', 'pods', 'Pod', true, 500),
  namespaces: kind('', 'v1', 'namespaces', 'Namespace', false, 5000),
  nodes: kind('', 'v1', 'nodes', 'Node', false, 250),
  runtimeclasses: kind('node.k8s.io', 'v1', 'runtimeclasses', 'RuntimeClass', false),
  serviceaccounts: kind('', 'v1', 'serviceaccounts', 'ServiceAccount', true, 5000),
  services: kind('', 'v1', 'services', 'Service', true),
  secrets: kind('', 'v1', 'secrets', 'Secret', true, 5000),
  deployments: kind('apps', 'v1', 'deployments', 'Deployment', true, 500),
  replicasets: kind('apps', 'v1', 'replicasets', 'ReplicaSet', true, 500),
  statefulsets: kind('apps', 'v1', 'statefulsets', 'StatefulSet', true, 500),
  daemonsets: kind('apps', 'v1', 'daemonsets', 'DaemonSet', true, 500),
  jobs: kind('batch', 'v1', 'jobs', 'Job', true, 500),
  cronjobs: kind('batch', 'v1', 'cronjobs', 'CronJob', true, 500),
  replicationcontrollers: kind('', 'v1', 'replicationcontrollers', 'ReplicationController', true, 500),
  customresourcedefinitions: kind(
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    false,
    100,
  ),
  persistentvolumes: kind('', 'v1', 'persistentvolumes', 'PersistentVolume', false),
  persistentvolumeclaims: kind('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', true),
};

const ADMISSION = 'admissionregistration.k8s.io';

/** Kinds of Kubernetes itself whose objects are not reduced: those that configure admission. */
const MANIFESTS: readonly Kind[] = [
  kind(ADMISSION, 'v1', 'validatingadmissionpolicies', 'ValidatingAdmissionPolicy', false),
  kind(ADMISSION, 'v1', 'validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', false),
  kind(ADMISSION, 'v1', 'mutatingadmissionpolicies', 'MutatingAdmissionPolicy', false),
  kind(ADMISSION, 'v1', 'mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', false),
  kind(ADMISSION, 'v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', false),
  kind(ADMISSION, 'v1', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', false),
  kind('', 'v1', 'configmaps', 'ConfigMap', true),
  kind('', 'v1', 'resourcequotas', 'ResourceQuota', true),
  kind('', 'v1', 'limitranges', 'LimitRange', true),
];

export const STATIC_KINDS = Object.keys(KINDS) as readonly StaticKind[];

export const groupKind = ({ group, kind: name }: { group: string; kind: string }): GroupKind => `${name}.${group}`;

/** The parts of a GroupKind's name. */
export const parseGroupKind = (name: string): { group: string; kind: string } => ({
  kind: name.slice(0, name.indexOf('.')),
  group: name.slice(name.indexOf('.') + 1),
});

export const isStatic = (name: string): name is StaticKind => Object.hasOwn(KINDS, name);

/** Every kind that is built in. */
export const ALL_KINDS: readonly KindName[] = [...STATIC_KINDS, ...MANIFESTS.map(groupKind)];

/** The kind with this name; undefined for a kind that only discovery or a need describes. */
export const builtInKind = (name: KindName): Kind | undefined =>
  isStatic(name) ? KINDS[name] : BY_GROUP_KIND.get(name);

const BY_GROUP_KIND: ReadonlyMap<string, Kind> = new Map(MANIFESTS.map((each) => [groupKind(each), each]));

/**
 * The name of the kind of an object, by its apiVersion and kind: any version of the group counts, and every custom
 * resource has one. Null for Kubernetes' own kinds that no question reads.
 */
export function kindOf(apiVersion: string, kindName: string): KindName | null {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const known = BY_KIND.get(`${group}/${kindName}`);
  if (known) return known;
  const name = groupKind({ group, kind: kindName });
  return BY_GROUP_KIND.has(name) || RETIRED.has(name) || isCustom(group) ? name : null;
}

/** The kinds that only older servers have. */
const RETIRED: ReadonlySet<string> = new Set(['PodSecurityPolicy.policy']);

/** The groups of Kubernetes itself have no dot, or end in `.k8s.io`, which is reserved for approved APIs. */
const isCustom = (group: string): boolean => group.includes('.') && !group.endsWith('.k8s.io');

const BY_KIND: ReadonlyMap<string, StaticKind> = new Map(
  STATIC_KINDS.map((name) => [`${KINDS[name].group}/${KINDS[name].kind}`, name]),
);

/** The key of an object within its kind: `shop/web-0`, or `web-0` for a cluster-scoped one. */
export const keyOf = ({ namespace, name }: Named): string => (namespace === null ? name : `${namespace}/${name}`);

/** The built-in kinds whose controllers create pods. */
export const WORKLOADS = [
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
] as const satisfies readonly StaticKind[];
