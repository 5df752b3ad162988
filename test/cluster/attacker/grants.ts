import type { BindingManifest, Manifest, RbacRule, RbacSubject, RoleManifest, RoleRef } from './world.ts';

/** Where a rule is granted, and to whom. */
export interface Grant {
  to: RbacSubject;
  /** The namespace of the binding, or null for a ClusterRoleBinding. */
  where: string | null;
  rules: RbacRule[];
}

/** One rule in words, such as `right('create patch rolebindings', 'one')`: the last word is the resource. */
export function right(text: string, ...resourceNames: string[]): RbacRule {
  const words = text.split(' ');
  const resource = words.at(-1) ?? '';
  const [name = ''] = resource.split('/');
  const rule = { verbs: words.slice(0, -1), apiGroups: [API_GROUPS[name] ?? ''], resources: [resource] };
  return resourceNames.length > 0 ? { ...rule, resourceNames } : rule;
}

/** A role and the binding of its name. A role in a namespace is a Role, otherwise it is a ClusterRole. */
export function grantObjects(name: string, { to, where, rules }: Grant): [RoleManifest, BindingManifest] {
  const kind = where === null ? 'ClusterRole' : 'Role';
  return [role(where, name, rules), binding(where, name, { kind, name }, to)];
}

export const role = (namespace: string | null, name: string, rules: RbacRule[]): RoleManifest => ({
  apiVersion: RBAC_VERSION,
  kind: namespace === null ? 'ClusterRole' : 'Role',
  metadata: metadata(namespace, name),
  rules,
});

export const binding = (
  namespace: string | null,
  name: string,
  { kind, name: role }: Pick<RoleRef, 'kind' | 'name'>,
  ...subjects: RbacSubject[]
): BindingManifest => ({
  apiVersion: RBAC_VERSION,
  kind: namespace === null ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: metadata(namespace, name),
  roleRef: { apiGroup: RBAC_GROUP, kind, name: role },
  subjects,
});

export const account = (namespace: string, name: string): RbacSubject => ({ kind: 'ServiceAccount', namespace, name });
export const user = (name: string): RbacSubject => ({ kind: 'User', name, apiGroup: RBAC_GROUP });
export const group = (name: string): RbacSubject => ({ kind: 'Group', name, apiGroup: RBAC_GROUP });

export const namespaceObject = (name: string): Manifest => core('Namespace', null, name);
export const accountObject = (namespace: string, name: string): Manifest => core('ServiceAccount', namespace, name);

export const plainSecret = (namespace: string, name: string): Manifest => ({
  ...core('Secret', namespace, name),
  type: 'Opaque',
  stringData: { password: `of ${namespace}/${name}` },
});

export const tokenSecret = (namespace: string, name: string, accountName: string): Manifest => {
  const object = core('Secret', namespace, name);
  const annotations = { [ACCOUNT_ANNOTATION]: accountName };
  return { ...object, metadata: { ...object.metadata, annotations }, type: TOKEN_TYPE };
};

export const podSpec = (serviceAccountName: string, image = 'app'): object => ({
  serviceAccountName,
  containers: [{ name: 'app', image }],
});

export const podObject = (namespace: string, name: string, accountName: string): Manifest => ({
  ...core('Pod', namespace, name),
  spec: podSpec(accountName),
});

/** The same pod, whose containers keep a terminal open. */
export const withInput = (pod: Manifest): Manifest => {
  const spec = pod.spec as { containers: object[] };
  return {
    ...pod,
    spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, stdin: true, tty: true })) },
  };
};

function core(kind: string, namespace: string | null, name: string): Manifest {
  return { apiVersion: 'v1', kind, metadata: metadata(namespace, name) };
}

const metadata = (namespace: string | null, name: string): Manifest['metadata'] =>
  namespace === null ? { name } : { name, namespace };

const RBAC_GROUP = 'rbac.authorization.k8s.io';
export const RBAC_VERSION = `${RBAC_GROUP}/v1`;
export const TOKEN_TYPE = 'kubernetes.io/service-account-token';
export const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';
export const ANYTHING: RbacRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** Of the resources that are not in the core group. */
const API_GROUPS: Record<string, string> = {
  '*': '*',
  ...Object.fromEntries(
    ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map((resource) => [resource, RBAC_GROUP]),
  ),
  ...Object.fromEntries(
    ['deployments', 'daemonsets', 'statefulsets', 'replicasets'].map((resource) => [resource, 'apps']),
  ),
  ...{ jobs: 'batch', cronjobs: 'batch' },
  ...{ certificatesigningrequests: 'certificates.k8s.io', signers: 'certificates.k8s.io' },
  ...{ uids: 'authentication.k8s.io', userextras: 'authentication.k8s.io' },
};
