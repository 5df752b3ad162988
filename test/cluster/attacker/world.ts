/** An object as it is posted to an API server, or as the server gives it back. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
  };
  [field: string]: unknown;
}

export interface Account {
  namespace: string;
  name: string;
}

/**
 * A small cluster and the account that the attack starts from. Its namespaces, and its objects without a namespace, have
 * names that begin with the prefix, so that many worlds can live in one server one after the other.
 */
export interface AttackWorld {
  prefix: string;
  objects: Manifest[];
  start: Account;
}

export interface RbacRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

export interface RbacSubject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  namespace?: string;
  apiGroup?: string;
}

export interface RoleRef {
  apiGroup: string;
  kind: 'Role' | 'ClusterRole';
  name: string;
}

export interface RoleManifest extends Manifest {
  kind: 'Role' | 'ClusterRole';
  rules: RbacRule[];
}

export interface BindingManifest extends Manifest {
  kind: 'RoleBinding' | 'ClusterRoleBinding';
  roleRef: RoleRef;
  subjects: RbacSubject[];
}

export const isRole = (object: Manifest): object is RoleManifest =>
  object.kind === 'Role' || object.kind === 'ClusterRole';
export const isBinding = (object: Manifest): object is BindingManifest =>
  object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding';

/** The names by which results are compared: one for each thing that can be gained. */
export const accountKey = ({ namespace, name }: Account): string => `sa/${namespace}/${name}`;
export const userKey = (name: string): string => `user/${name}`;
export const secretKey = (namespace: string, name: string): string => `secret/${namespace}/${name}`;
export const namespaceKey = (namespace: string): string => `namespace/${namespace}`;
export const CLUSTER_ADMIN = 'cluster-admin';

/** Everything that a world speaks of: objects that exist in it, and names of objects that do not. */
export interface Names {
  /** Namespaces that exist. */
  namespaces: string[];
  /** Namespaces that only bindings speak of. */
  missingNamespaces: string[];
  accounts: Account[];
  users: string[];
  groups: string[];
  /** What rules on any of these resources list as resourceNames. */
  listed(...resources: string[]): string[];
}

/** Pure. */
export function namesOf({ objects, prefix }: AttackWorld): Names {
  const bindings = objects.filter(isBinding);
  const subjects = bindings.flatMap(({ metadata, subjects }) =>
    subjects.map((subject) => ({ ...subject, namespace: subject.namespace ?? metadata.namespace ?? '' })),
  );
  const named = (kind: RbacSubject['kind']) => subjects.filter((subject) => subject.kind === kind);
  const accounts = [
    ...objects
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name })),
    ...named('ServiceAccount').map(({ namespace, name }) => ({ namespace, name })),
    ...named('User').flatMap(({ name }) => accountOfUser(name) ?? []),
  ];
  const groups = unique(named('Group').map(({ name }) => name));
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  const spokenOf = [
    ...accounts.map(({ namespace }) => namespace),
    ...groups.flatMap((name) => (name.startsWith(ACCOUNTS_OF) ? [name.slice(ACCOUNTS_OF.length)] : [])),
  ];
  return {
    namespaces,
    missingNamespaces: unique(spokenOf).filter((name) => name.startsWith(prefix) && !namespaces.includes(name)),
    accounts: [...new Map(accounts.map((account) => [accountKey(account), account])).values()],
    users: unique(named('User').map(({ name }) => name)).filter((name) => accountOfUser(name) === null),
    groups,
    listed: (...wanted) =>
      unique(
        objects
          .filter(isRole)
          .flatMap(({ rules }) => rules)
          .filter(({ resources = [] }) => resources.some((name) => name.startsWith('*') || wanted.includes(name)))
          .flatMap(({ resourceNames = [] }) => resourceNames),
      ).filter((name) => name !== ''),
  };
}

/** Everything that can be gained in a world at all, so that what is gained elsewhere is not compared. Pure. */
export function universe(world: AttackWorld): Set<string> {
  const { namespaces, accounts, users } = namesOf(world);
  const secrets = world.objects.filter(({ kind }) => kind === 'Secret');
  return new Set([
    CLUSTER_ADMIN,
    ...namespaces.map(namespaceKey),
    ...accounts.map(accountKey),
    ...users.map(userKey),
    ...secrets.map(({ metadata }) => secretKey(metadata.namespace ?? '', metadata.name)),
  ]);
}

/** The account whose user name this is, or null. */
function accountOfUser(user: string): Account | null {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace && name ? { namespace, name } : null;
}

export const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

const ACCOUNTS_OF = 'system:serviceaccounts:';
