import type { Binding, CustomResource, Named, Namespace, Node, Pod, Role, Service, ServiceAccount, Workload } from './objects.ts';

/** The kinds that questions read, by resource name, with the narrow type that each is reduced to. */
export interface Kinds {
  clusterroles: Role;
  clusterrolebindings: Binding;
  roles: Role;
  rolebindings: Binding;
  pods: Pod;
  namespaces: Namespace;
  nodes: Node;
  serviceaccounts: ServiceAccount;
  services: Service;
  deployments: Workload;
  replicasets: Workload;
  statefulsets: Workload;
  daemonsets: Workload;
  jobs: Workload;
  cronjobs: Workload;
  replicationcontrollers: Workload;
  customresourcedefinitions: CustomResource;
}

export type KindName = keyof Kinds;

export interface Kind {
  group: string;
  version: string;
  resource: KindName;
  kind: string;
  namespaced: boolean;
  /** Objects a page: small objects want pages of thousands, since each page costs a round trip. */
  pageSize: number;
}

const kind = (group: string, version: string, resource: KindName, name: string, namespaced: boolean, pageSize = 1000): Kind => ({
  group,
  version,
  resource,
  kind: name,
  namespaced,
  pageSize,
});

const RBAC = 'rbac.authorization.k8s.io';

export const KINDS: { readonly [K in KindName]: Kind } = {
  clusterroles: kind(RBAC, 'v1', 'clusterroles', 'ClusterRole', false),
  clusterrolebindings: kind(RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false, 25_000),
  roles: kind(RBAC, 'v1', 'roles', 'Role', true, 10_000),
  rolebindings: kind(RBAC, 'v1', 'rolebindings', 'RoleBinding', true, 25_000),
  pods: kind('', 'v1', 'pods', 'Pod', true, 500),
  namespaces: kind('', 'v1', 'namespaces', 'Namespace', false, 5000),
  nodes: kind('', 'v1', 'nodes', 'Node', false, 250),
  serviceaccounts: kind('', 'v1', 'serviceaccounts', 'ServiceAccount', true, 5000),
  services: kind('', 'v1', 'services', 'Service', true),
  deployments: kind('apps', 'v1', 'deployments', 'Deployment', true, 500),
  replicasets: kind('apps', 'v1', 'replicasets', 'ReplicaSet', true, 500),
  statefulsets: kind('apps', 'v1', 'statefulsets', 'StatefulSet', true, 500),
  daemonsets: kind('apps', 'v1', 'daemonsets', 'DaemonSet', true, 500),
  jobs: kind('batch', 'v1', 'jobs', 'Job', true, 500),
  cronjobs: kind('batch', 'v1', 'cronjobs', 'CronJob', true, 500),
  replicationcontrollers: kind('', 'v1', 'replicationcontrollers', 'ReplicationController', true, 500),
  customresourcedefinitions: kind('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', false, 100),
};

/** The kind of an object by its apiVersion and kind; null where no question reads it. Any version of the group counts. */
export function kindOf(apiVersion: string, kindName: string): Kind | null {
  const slash = apiVersion.indexOf('/');
  return BY_KIND.get(`${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kindName}`) ?? null;
}

const BY_KIND: ReadonlyMap<string, Kind> = new Map(Object.values(KINDS).map((each) => [`${each.group}/${each.kind}`, each]));

/** `shop/web-0`, or `web-0` for what is cluster-scoped: the key of an object within its kind. */
export const keyOf = ({ namespace, name }: Named): string => (namespace === null ? name : `${namespace}/${name}`);
