import { ANYWHERE, isLike, type Spelling } from './spelling.ts';

/** The name with which a word among the `resourceNames` of a rule is compared. */
export interface AskedName {
  name: string;
  namespace: string;
  resource: string;
  /** The names of the resource: plural, singular, short. */
  called: readonly string[];
}

/** A pattern among the names, for requests that name no object: no object has this name. */
export const STAR_IN_NAME = {
  id: 'star-in-name',
  says: 'is a name and no pattern: resourceNames have no wildcards',
};

/** The kinds of misspelt names, which name nothing or an object that is gone, with the intended name of each. */
export const NAME_SPELLINGS: readonly Spelling<AskedName>[] = [
  {
    ...STAR_IN_NAME,
    forms: (word, { name }) =>
      /[*?]/.test(word) && isLike(name, word.replaceAll(/\.[*+]/g, '*').replaceAll(/[\^$]/g, '')) ? [name] : [],
  },
  {
    id: 'generated-name',
    says: 'is a name that was generated for one pod, and each pod after it has another',
    forms: (word, { name, resource }) => (resource === 'pods' && isSibling(word, name) ? [name] : []),
  },
  {
    id: 'name-of-owner',
    says: 'is the beginning of generated names, and RBAC wants the whole name',
    forms: (word, { name, resource }) =>
      resource === 'pods' && isGenerated(name) && beginningsOf(name).includes(word.replace(/-$/, '')) ? [name] : [],
  },
  {
    id: 'name-with-type',
    says: 'has a type or a namespace before the name, and resourceNames take the name alone',
    forms: (word, asked) => (isQualified(word, asked) ? [asked.name] : []),
  },
  ...ANYWHERE,
];

/**
 * Whether a word is the name with a qualifier: `pod/web-0`, `pods/web-0`, `shop/web-0`; for accounts `ci:builder` and
 * the user name.
 */
function isQualified(word: string, { name, namespace, resource, called }: AskedName): boolean {
  if (name === '') return false;
  const before = word.slice(0, -name.length - 1);
  const separator = word.at(-name.length - 1);
  if (before === '' || !word.endsWith(name)) return false;
  if (separator === '/') return called.includes(before.toLowerCase()) || before === namespace;
  return (
    resource === 'serviceaccounts' &&
    separator === ':' &&
    (before === namespace || before === `system:serviceaccount:${namespace}`)
  );
}

/**
 * The letters and digits in names that Kubernetes generates; vowels are not used. Source: apimachinery pkg/util/rand.
 */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
const GENERATED = new RegExp(`^(.+?)(-${RANDOM}{6,10})?-${RANDOM}{5}$`);

const isGenerated = (name: string): boolean => GENERATED.test(name);

/** Whether two names belong to the same ReplicaSet, Job or DaemonSet, or to different ReplicaSets of one Deployment. */
function isSibling(word: string, name: string): boolean {
  if (!isGenerated(word) || !isGenerated(name)) return false;
  const [own, other] = [beginningsOf(name), beginningsOf(word)];
  return own.some((each) => other.includes(each));
}

/** The names from which a name was generated: `web-7d4b9c9f6d` and `web` for `web-7d4b9c9f6d-x2x9f`. */
function beginningsOf(name: string): string[] {
  const [, base = '', hash] = GENERATED.exec(name) ?? [];
  if (base === '') return [];
  return hash === undefined ? [base] : [`${base}${hash}`, base];
}
