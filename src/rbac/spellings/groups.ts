import { ANYWHERE, isLike, type Spelling, VERSION } from './spelling.ts';

/** The API group with which a word among the `apiGroups` of a rule is compared. */
export interface AskedGroup {
  group: string;
  resource: string;
}

/** The kinds of misspelt API groups, with the intended group of each word. */
export const GROUP_SPELLINGS: readonly Spelling<AskedGroup>[] = [
  {
    id: 'version-in-group',
    says: 'has a version in it, and apiGroups take the group alone',
    forms: (word) => [word.replace(WITH_VERSION, '').replace(/\/$/, '')],
  },
  {
    id: 'word-for-core',
    says: 'is what people call the core group, whose name is empty',
    forms: (word) => (WORDS_FOR_CORE.has(word) ? [''] : []),
  },
  {
    id: 'moved-group',
    says: 'is the group that the resource has left',
    forms: (word, { resource }) => (word === 'extensions' ? [LEFT_EXTENSIONS.get(resource) ?? word] : []),
  },
  ...ANYWHERE,
  {
    id: 'short-group',
    says: 'is not the whole name of the group',
    forms: (word, { group }) => (isPartOf(word, group) ? [group] : []),
  },
  {
    id: 'star-in-word',
    says: 'has a * that is no wildcard',
    forms: (word, { group }) =>
      word.includes('*') && word !== '*' && (/^\*[*/.]/.test(word) || isLike(group, word)) ? ['*'] : [],
  },
  { id: 'word-for-all', says: 'is no API group', forms: (word) => (word === 'all' || word === 'any' ? ['*'] : []) },
];

/** `apps/v1`, `apps.v1`, `v1`, `apps/v1/Deployment`. */
const WITH_VERSION = new RegExp(`(?:^|[/.])${VERSION}(?:/.*)?$`);

const WORDS_FOR_CORE: ReadonlySet<string> = new Set(['core', 'legacy', 'api', 'default', 'core.k8s.io', '.', '/']);

/** Source: kubernetes 1.16, deprecated API migration guide. */
const LEFT_EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    deployments: 'apps',
    daemonsets: 'apps',
    replicasets: 'apps',
    ingresses: 'networking.k8s.io',
    networkpolicies: 'networking.k8s.io',
    podsecuritypolicies: 'policy',
  }),
);

/**
 * Whether a word is a part of the name of one of upstream's groups, which nobody else uses: `rbac` and `rbac.k8s.io`
 * for `rbac.authorization.k8s.io`, `apps.k8s.io` for `apps`.
 */
function isPartOf(word: string, group: string): boolean {
  if (group === '' || (group.includes('.') && !group.endsWith('.k8s.io'))) return false;
  const beginning = word.replace(/\.(?:k8s|kubernetes)\.io$/, '');
  return beginning !== '' && (beginning === group || group.startsWith(`${beginning}.`));
}
