import { ANYWHERE, isLike, type Spelling } from './spelling.ts';

/** What a word among the `resourceNames` of a rule is held against. */
export interface AskedName {
  name: string;
  namespace: string;
  resource: string;
  /** What the resource is called: plural, singular, short. */
  called: readonly string[];
}

/** A pattern, where no object is asked about: it is the name of none. */
export const STAR_IN_NAME = {
  id: 'star-in-name',
  says: 'is a name and no pattern: resourceNames have no wildcards',
};

/** Names that are the name of nothing, or of something that is gone, each with what its author meant. */
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

/** `pod/web-0`, `pods/web-0`, `shop/web-0`; of accounts `ci:builder` and the user name. */
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

/** Letters and digits of what Kubernetes makes up, without vowels. Source: apimachinery pkg/util/rand. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
const GENERATED = new RegExp(`^(.+?)(-${RANDOM}{6,10})?-${RANDOM}{5}$`);

const isGenerated = (name: string): boolean => GENERATED.test(name);

/** Of the same ReplicaSet, Job or DaemonSet; or of the same Deployment by another of its ReplicaSets. */
function isSibling(word: string, name: string): boolean {
  if (!isGenerated(word) || !isGenerated(name)) return false;
  const [own, other] = [beginningsOf(name), beginningsOf(word)];
  return own.some((each) => other.includes(each));
}

/** `web-7d4b9c9f6d` and `web` of `web-7d4b9c9f6d-x2x9f`: what the name was generated from. */
function beginningsOf(name: string): string[] {
  const [, base = '', hash] = GENERATED.exec(name) ?? [];
  if (base === '') return [];
  return hash === undefined ? [base] : [`${base}${hash}`, base];
}
