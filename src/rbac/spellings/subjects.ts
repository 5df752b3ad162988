import type { Subject } from '../../world/objects.ts';
import {
  ACCOUNT_USER,
  ALL_ACCOUNTS,
  ANONYMOUS,
  AUTHENTICATED,
  accountsOf,
  type Identity,
  identityKeys,
  MASTERS,
  NODE_USER,
  NODES,
  parseAccountUser,
  subjectKey,
  UNAUTHENTICATED,
} from '../subjects.ts';
import { nameDifference } from './subject-names.ts';

/** An entry of a binding that names another subject than intended, usually one that does not exist. */
export interface SubjectReading {
  /** The id of its findings is `near-miss-ID`. */
  id: string;
  /** The whole sentence. */
  says: string;
  /** The subjects that may have been intended. An account without a namespace stands for one in any namespace. */
  meant: readonly Subject[];
}

/**
 * The intended subjects of an entry that can apply to nobody, or only to somebody who never exists. Null for any other
 * entry, since Kubernetes does not store users and groups. Whether an entry applies mirrors kubernetes
 * pkg/registry/rbac/validation/rule.go appliesToUser, which ignores the apiGroup.
 */
export function mistakenSubject(written: Subject, place: string | null): SubjectReading | null {
  if (!isSuspicious(written, place)) return null;
  for (const { id, reads, says } of MISTAKES) {
    const meant = reads(written, place).filter(
      (each) => subjectKey(each, place) !== subjectKey(written, place) || isAnywhere(each, place),
    );
    if (meant.length > 0) return { id, meant, says: says(written, meant) };
  }
  return null;
}

/** The same for one asked subject, whose name tells more. `place` is the namespace of the binding. */
export function meantAs(
  asked: Subject,
  identity: Identity,
): (written: Subject, place: string | null) => SubjectReading | null {
  const keys = new Set(identityKeys(identity));
  const account =
    asked.kind === 'ServiceAccount'
      ? { namespace: asked.namespace ?? '', name: asked.name }
      : parseAccountUser(asked.name);
  const core = coreOf(account?.name ?? asked.name);
  const own = account ? [] : [asked];
  // The groups that the command line gave to the user.
  const given = identity.groups
    .filter((name) => !name.startsWith('system:') && !(asked.kind === 'Group' && name === asked.name))
    .map(group);
  const names = [...own, ...given].map((each) => ({
    subject: each,
    core: coreOf(each.name),
    difference: differences(each.name),
  }));
  const applies = (written: Subject, place: string | null): boolean => keys.has(subjectKey(written, place) ?? '');
  return (written, place) => {
    const { kind, name } = written;
    const mistaken = mistakenSubject(written, place);
    if (mistaken) {
      const isAsked = (each: Subject): boolean =>
        isAnywhere(each, null) ? account?.name === each.name : applies(each, place);
      const meant = mistaken.meant.find(isAsked);
      return meant && !applies(written, place) ? { ...mistaken, meant: [meant] } : null;
    }
    const lower = name.toLowerCase();
    if (lower.includes(core) && !applies(written, place)) {
      if (name === asked.name) return namesake(written, asked);
      if (account && kind !== 'ServiceAccount' && accountNames(account).includes(name))
        return { id: 'account-as-user', says: `the user of that account is ${accountUserOf(account)}`, meant: [asked] };
    }
    for (const each of names) {
      if (kind !== each.subject.kind || !(name.includes('*') || lower.includes(each.core)) || applies(written, place))
        continue;
      const found = each.difference(name);
      if (found) return { ...found, meant: [each.subject] };
    }
    return null;
  };
}

/** The differences of names from one name; each name is compared once, however many bindings contain it. */
function differences(asked: string): (written: string) => ReturnType<typeof nameDifference> {
  const known = new Map<string, ReturnType<typeof nameDifference>>();
  return (written) => {
    const before = known.get(written);
    if (before !== undefined) return before;
    const found = nameDifference(written, asked);
    known.set(written, found);
    return found;
  };
}

/**
 * Whether an entry only looks like the subject: a group or user with its name, or an account with its name in another
 * namespace.
 */
const namesake = (written: Subject, asked: Subject): SubjectReading | null => ({
  id: written.kind === asked.kind ? 'other-account' : 'other-kind',
  says: '',
  meant: [asked],
});

/** The part of a name that all its spellings contain. */
function coreOf(name: string): string {
  const last =
    name
      .toLowerCase()
      .replace(/^cn=([^,=]+),.*$/s, '$1')
      .split(/[:#\\/]/)
      .at(-1) ?? '';
  return last.split('@')[0] ?? '';
}

const isAccount = ({ kind }: Subject): boolean => kind === 'ServiceAccount';
const isAnywhere = (subject: Subject, place: string | null): boolean =>
  isAccount(subject) && subject.namespace === null && place === null;

interface Mistake {
  id: string;
  /** The subjects that may have been intended; empty where the entry is not of this kind. */
  reads: (written: Subject, place: string | null) => readonly Subject[];
  says: (written: Subject, meant: readonly Subject[]) => string;
}

const user = (name: string): Subject => ({ kind: 'User', namespace: null, name });
const group = (name: string): Subject => ({ kind: 'Group', namespace: null, name });
const account = (namespace: string | null, name: string): Subject => ({ kind: 'ServiceAccount', namespace, name });
const accountUserOf = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${ACCOUNT_USER}${namespace}:${name}`;
/** The texts that people write for an account: `ci:builder`, `ci/builder`. */
const accountNames = ({ namespace, name }: { namespace: string; name: string }): string[] =>
  [':', '/'].flatMap((separator) =>
    ['', 'sa', 'serviceaccount', 'serviceaccounts'].map(
      (type) => `${type === '' ? '' : `${type}${separator}`}${namespace}${separator}${name}`,
    ),
  );

const named = ({ kind, namespace, name }: Subject): string =>
  kind === 'ServiceAccount' ? `account ${namespace === null ? '' : `${namespace}/`}${name}` : `${kind} ${name}`;
const wants = (_: Subject, [meant]: readonly Subject[]): string => `RBAC wants ${meant ? named(meant) : 'another'}`;

const MISTAKES: readonly Mistake[] = [
  {
    id: 'subject-kind',
    reads: (written) => {
      const kind = KINDS.has(written.kind)
        ? undefined
        : KIND_WORDS.get(written.kind.toLowerCase().replaceAll(/[-_\s]/g, ''));
      return kind === undefined ? [] : [{ ...written, kind }];
    },
    says: ({ kind }, [meant]) => `RBAC knows no kind ${JSON.stringify(kind)} of subject, but ${meant?.kind}`,
  },
  {
    id: 'account-without-namespace',
    reads: (written, place) =>
      isAccount(written) && written.namespace === null && place === null && !/[:/]/.test(written.name) ? [written] : [],
    says: () => 'a ServiceAccount in a ClusterRoleBinding needs its namespace, and is nobody without',
  },
  {
    id: 'account-name',
    reads: (written, place) => (isAccount(written) ? accountsNamed(written.name, written.namespace ?? place) : []),
    says: ({ name }, [meant]) =>
      `no ServiceAccount is called ${JSON.stringify(name)}${meant ? `, RBAC wants ${named(meant)}` : ''}`,
  },
  {
    id: 'group-of-accounts',
    reads: ({ kind, name }) => {
      const [, namespace] = GROUP_OF_ACCOUNTS.exec(name) ?? [];
      if (kind !== 'Group') return [];
      if (name === ACCOUNT_USER.slice(0, -1)) return [group(ALL_ACCOUNTS)];
      return namespace === undefined ? [] : [group(accountsOf(namespace))];
    },
    says: wants,
  },
  {
    id: 'account-as-group',
    reads: ({ kind, name }) => {
      const [, namespace = null, own] = ACCOUNT.exec(name) ?? [];
      return own === undefined || kind === 'ServiceAccount' ? [] : [account(namespace, own)];
    },
    says: wants,
  },
  {
    id: 'account-user-name',
    reads: ({ kind, name }, place) => (kind === 'User' && name.startsWith(ACCOUNT_USER) ? splits(name, place) : []),
    says: ({ name }) => `${JSON.stringify(name)} is the user of no account: that is ${ACCOUNT_USER}NAMESPACE:NAME`,
  },
  {
    id: 'group-as-user',
    reads: ({ kind, name }) => (kind === 'User' && isSystemGroup(name) ? [group(name.trim().toLowerCase())] : []),
    says: ({ name }) => `${name} is a group, and no user is called that`,
  },
  {
    id: 'user-as-group',
    reads: ({ kind, name }) => (kind === 'Group' && isSystemUser(name) ? [user(name)] : []),
    says: ({ name }) => `${name} is a user, and no group is called that`,
  },
  {
    id: 'star-subject',
    reads: ({ kind, name }) => (kind !== 'ServiceAccount' && name === '*' ? [group(AUTHENTICATED)] : []),
    says: () => `a * in the name of a subject is a letter, everybody is Group ${AUTHENTICATED}`,
  },
  {
    id: 'subject-capitals',
    reads: ({ kind, name }) => {
      const lower = name.toLowerCase();
      return kind === 'Group' && lower !== name && isSystemGroup(lower) ? [group(lower)] : [];
    },
    says: wants,
  },
  {
    id: 'subject-stray',
    reads: ({ kind, namespace, name }) =>
      kind !== 'ServiceAccount' && name.trim() !== name && name.trim() !== ''
        ? [{ kind, namespace, name: name.trim() }]
        : [],
    says: ({ name }) => `${JSON.stringify(name)} has spaces around it, which RBAC does not leave out`,
  },
];

const KINDS: ReadonlySet<string> = new Set(['User', 'Group', 'ServiceAccount']);
const KIND_WORDS: ReadonlyMap<string, string> = new Map([
  ['user', 'User'],
  ['users', 'User'],
  ['group', 'Group'],
  ['groups', 'Group'],
  ['serviceaccount', 'ServiceAccount'],
  ['serviceaccounts', 'ServiceAccount'],
  ['sa', 'ServiceAccount'],
]);

/** Whether an entry needs a closer look: most of the many entries do not. */
function isSuspicious({ kind, namespace, name }: Subject, place: string | null): boolean {
  if (kind === 'ServiceAccount') return (namespace === null && place === null) || NO_ACCOUNT.test(name);
  return (kind !== 'User' && kind !== 'Group') || isOdd(name);
}

const NO_ACCOUNT = /[^a-z0-9.-]/;
/** Whether a name begins or ends in a way that only names of Kubernetes, or no names, do. */
function isOdd(name: string): boolean {
  const first = name.charCodeAt(0);
  return first === S || first === CAPITAL_S || first <= STAR || name.charCodeAt(name.length - 1) <= SPACE;
}

const [S, CAPITAL_S, STAR, SPACE] = [0x73, 0x53, 0x2a, 0x20];

/** The group of a namespace's accounts in the singular, as a user, with a star, or with another separator. */
const GROUP_OF_ACCOUNTS = new RegExp(`^${ACCOUNT_USER.slice(0, -1)}s?[:/]([a-z0-9-]+)(?:[:/]\\*)?$`);
/** An account written as the group of all accounts, or with another separator. */
const ACCOUNT = new RegExp(`^${ACCOUNT_USER.slice(0, -1)}s?[:/]([a-z0-9-]+)[:/]([a-z0-9.-]+)$`);

/** The accounts for which the name of an entry may stand: in upper case, which no account has, or as a user name. */
function accountsNamed(name: string, namespace: string | null): Subject[] {
  const trimmed = name.trim().toLowerCase();
  if (trimmed === '*') return namespace === null ? [] : [group(accountsOf(namespace))];
  const [, place, own] = ACCOUNT.exec(trimmed) ?? /^([a-z0-9-]+)[:/]([a-z0-9.-]+)$/.exec(trimmed) ?? [];
  if (place !== undefined && own !== undefined) return [account(TYPES.has(place) ? namespace : place, own)];
  const [, ofAll] = GROUP_OF_ACCOUNTS.exec(trimmed) ?? [];
  if (ofAll !== undefined) return [group(accountsOf(ofAll))];
  return trimmed === name || trimmed === '' || trimmed.includes(':') ? [] : [account(namespace, trimmed)];
}

const TYPES: ReadonlySet<string> = new Set(['sa', 'serviceaccount', 'serviceaccounts']);

/**
 * The accounts in `system:serviceaccount:app-web`: one in the namespace of the binding, one for each hyphen that may
 * stand for the colon, or all accounts of a namespace.
 */
function splits(name: string, place: string | null): Subject[] {
  const rest = name.slice(ACCOUNT_USER.length);
  if (!/^[a-z0-9.-]+$/.test(rest)) return [];
  const ofAll = rest.includes('.') ? [] : [group(accountsOf(rest))];
  const hyphens = [...rest.matchAll(/[-.]/g)].map(({ index }) => account(rest.slice(0, index), rest.slice(index + 1)));
  return [
    ...hyphens.filter(({ namespace }) => namespace === place),
    ...(place === null ? [] : [account(place, rest)]),
    ...hyphens,
    ...ofAll,
  ];
}

const isSystemGroup = (name: string): boolean =>
  SYSTEM_GROUPS.has(name.trim().toLowerCase()) || name.trim().toLowerCase().startsWith(`${ALL_ACCOUNTS}:`);
const isSystemUser = (name: string): boolean => SYSTEM_USERS.has(name) || name.startsWith(NODE_USER);

const SYSTEM_GROUPS: ReadonlySet<string> = new Set([AUTHENTICATED, UNAUTHENTICATED, MASTERS, NODES, ALL_ACCOUNTS]);
const SYSTEM_USERS: ReadonlySet<string> = new Set([
  ANONYMOUS,
  'system:admin',
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:kube-proxy',
]);
