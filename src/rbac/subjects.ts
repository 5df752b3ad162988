import type { Subject } from '../world/objects.ts';

/** Who makes a request: a user name with all its groups, as authentication hands it to the authorizers. */
export interface Identity {
  /** Null for a member of a group of whom nothing else is known. */
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
/** What the user name of each service account begins with. */
export const ACCOUNT_USER = 'system:serviceaccount:';

/** The group that every service account of a namespace belongs to. */
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
 * The identity behind a subject, with the groups that the server adds by itself. Those of a human are known to no
 * cluster: `groups` completes them. A user name that spells a service account or a node is one. Mirrors apiserver
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

/** Everybody who is authenticated is in `system:authenticated`, unless a group says otherwise. */
const withImplicit = (groups: readonly string[]): string[] =>
  groups.includes(UNAUTHENTICATED) || groups.includes(AUTHENTICATED)
    ? [...new Set(groups)]
    : [...new Set([...groups, AUTHENTICATED])];

/** Whether an entry of a binding can apply to anybody at all. As `subjectKey`, at no cost. */
export const appliesToAnybody = ({ kind, namespace }: Subject, bindingNamespace: string | null): boolean =>
  kind === 'User' || kind === 'Group' || (kind === 'ServiceAccount' && (namespace ?? bindingNamespace) !== null);

/**
 * The key under which a binding's subject is indexed; undefined for a subject that never applies. A service account is
 * the user of its name, so that a User entry spelled `system:serviceaccount:ns:n` meets the account. Without a
 * namespace it is of the binding's, and in a ClusterRoleBinding nobody. Kinds that RBAC does not know apply to nobody.
 * Mirrors kubernetes pkg/registry/rbac/validation/rule.go appliesToUser.
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

/** A user name that spells an account is the account. */
export function accountOf({ kind, namespace, name }: Subject): Account | null {
  if (kind === 'User') return parseAccountUser(name);
  return kind === 'ServiceAccount' && namespace !== null ? { namespace, name } : null;
}

/** The namespace of which a group is all accounts; null where it is another group. */
export function namespaceOfGroup({ kind, name }: Subject): string | null {
  const prefix = `${ALL_ACCOUNTS}:`;
  return kind === 'Group' && name.startsWith(prefix) ? name.slice(prefix.length) || null : null;
}
