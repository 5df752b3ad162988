import type { Subject } from '../world/objects.ts';

/** The user of a request: a name with all its groups, as authentication passes them to the authorizers. */
export interface Identity {
  /** Null for a member of a group of whom only the group is known. */
  user: string | null;
  groups: readonly string[];
}

export const MASTERS = 'system:masters';
export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';
export const ANONYMOUS = 'system:anonymous';
export const NODES = 'system:nodes';
export const NODE_USER = 'system:node:';
export const ALL_ACCOUNTS = 'system:serviceaccounts';
/** The prefix of the user name of every service account. */
export const ACCOUNT_USER = 'system:serviceaccount:';

/** The group of all service accounts of a namespace. */
export const accountsOf = (namespace: string): string => `${ALL_ACCOUNTS}:${namespace}`;

export const accountUser = (namespace: string, name: string): string => `${ACCOUNT_USER}${namespace}:${name}`;

/**
 * The service account that a user name stands for; null where it is none. Mirrors apiserver
 * serviceaccount.SplitUsername.
 */
export function parseAccountUser(user: string): { namespace: string; name: string } | null {
  if (!user.startsWith(ACCOUNT_USER)) return null;
  const [namespace = '', name = '', ...rest] = user.slice(ACCOUNT_USER.length).split(':');
  return namespace !== '' && name !== '' && rest.length === 0 ? { namespace, name } : null;
}

/**
 * The identity of a subject, with the groups that the server itself adds. Kubernetes does not store the groups of
 * humans: `groups` adds them. A user name with the spelling of a service account or a node is one. Mirrors apiserver
 * pkg/authentication/serviceaccount/util.go and group/authenticated_group_adder.go.
 */
export function identityOf(subject: Subject, groups: readonly string[] = []): Identity {
  if (subject.kind === 'Group')
    return { user: null, groups: withImplicit([subject.name, ...groupParents(subject.name), ...groups]) };
  const user = subject.kind === 'ServiceAccount' ? accountUser(subject.namespace ?? '', subject.name) : subject.name;
  if (user === ANONYMOUS) return { user, groups: withImplicit([UNAUTHENTICATED, ...groups]) };
  const account = parseAccountUser(user);
  if (account) return { user, groups: withImplicit([ALL_ACCOUNTS, accountsOf(account.namespace), ...groups]) };
  const node = user.startsWith(NODE_USER) ? [NODES] : [];
  return { user, groups: withImplicit([...node, ...groups]) };
}

/** A member of `system:serviceaccounts:shop` is also one of `system:serviceaccounts`. */
const groupParents = (group: string): string[] => (group.startsWith(`${ALL_ACCOUNTS}:`) ? [ALL_ACCOUNTS] : []);

/** Every authenticated user is in `system:authenticated`, unless a group says otherwise. */
const withImplicit = (groups: readonly string[]): string[] =>
  groups.includes(UNAUTHENTICATED) || groups.includes(AUTHENTICATED)
    ? [...new Set(groups)]
    : [...new Set([...groups, AUTHENTICATED])];

/** Whether an entry of a binding can apply to anybody at all. It agrees with `subjectKey` and costs less. */
export const appliesToAnybody = ({ kind, namespace }: Subject, bindingNamespace: string | null): boolean =>
  kind === 'User' || kind === 'Group' || (kind === 'ServiceAccount' && (namespace ?? bindingNamespace) !== null);

/**
 * The key by which a subject of a binding is indexed; undefined for a subject that never applies. A service account is
 * the user with its user name, so that a User entry `system:serviceaccount:ns:n` and the account have one key. An
 * account without a namespace is in the binding's namespace, and applies to nobody in a ClusterRoleBinding. Kinds that
 * RBAC does not know apply to nobody. Mirrors kubernetes pkg/registry/rbac/validation/rule.go appliesToUser.
 */
export function subjectKey(subject: Subject, bindingNamespace: string | null): string | undefined {
  if (subject.kind === 'User') return userKey(subject.name);
  if (subject.kind === 'Group') return groupKey(subject.name);
  const namespace = subject.namespace ?? bindingNamespace;
  return subject.kind === 'ServiceAccount' && namespace !== null
    ? userKey(accountUser(namespace, subject.name))
    : undefined;
}

export const identityKeys = ({ user, groups }: Identity): string[] => [
  ...(user === null ? [] : [userKey(user)]),
  ...groups.map(groupKey),
];

const userKey = (name: string): string => `User/${name}`;
const groupKey = (name: string): string => `Group/${name}`;

export type Account = NonNullable<ReturnType<typeof parseAccountUser>>;

/** The account of a subject; a user name that spells an account is that account. */
export function accountOf({ kind, namespace, name }: Subject): Account | null {
  if (kind === 'User') return parseAccountUser(name);
  return kind === 'ServiceAccount' && namespace !== null ? { namespace, name } : null;
}

/** The namespace whose accounts form a group; null for any other group. */
export function namespaceOfGroup({ kind, name }: Subject): string | null {
  const prefix = `${ALL_ACCOUNTS}:`;
  return kind === 'Group' && name.startsWith(prefix) ? name.slice(prefix.length) || null : null;
}
