import { trimLetters } from '../../answer/ends.ts';
import { ANYWHERE, isLike, type Spelling, VERSION } from './spelling.ts';

/** The resource with which a word among the `resources` of a rule is compared. */
export interface AskedResource {
  group: string;
  /** The plural name, as in RBAC. */
  resource: string;
  subresource: string;
  kind: string;
  singular: string;
  shortNames: readonly string[];
  /** The number of resources that have a subresource with this name. */
  parents: number;
}

/** `pods/exec` */
export const written = ({ resource, subresource }: Pick<AskedResource, 'resource' | 'subresource'>): string =>
  subresource === '' ? resource : `${resource}/${subresource}`;

/** A spelling with another name for the resource; the part after the slash is not changed. */
const named =
  (isName: (base: string, asked: AskedResource) => boolean) =>
  (word: string, asked: AskedResource): string[] => {
    const [base = '', ...rest] = word.split('/');
    return base !== asked.resource && isName(base, asked) ? [[asked.resource, ...rest].join('/')] : [];
  };

/** A spelling with another name for the subresource. */
const under =
  (isName: (subresource: string, asked: AskedResource) => boolean) =>
  (word: string, asked: AskedResource): string[] => {
    const slash = word.indexOf('/');
    if (slash < 0 || asked.subresource === '' || !isName(word.slice(slash + 1), asked)) return [];
    return [`${word.slice(0, slash)}/${asked.subresource}`];
  };

const ALONE = { id: 'subresource-alone', says: 'is a subresource without its resource' };

const ofResource = (word: string, { resource, subresource }: AskedResource): string[] =>
  subresource === '' || word.includes('/') ? [] : [`${resource}/${word}`];

/** The kinds of misspelt resources, with the intended resource of each word. */
export const RESOURCE_SPELLINGS: readonly Spelling<AskedResource>[] = [
  {
    id: 'short-name',
    says: 'is a short name of kubectl',
    forms: named((base, { shortNames }) => shortNames.includes(base)),
  },
  {
    id: 'kind',
    says: 'is the kind of an object',
    forms: named((base, { kind }) => base === kind && kind !== kind.toLowerCase()),
  },
  {
    id: 'singular',
    says: 'is a singular',
    forms: named(
      (base, { singular, resource }) => base === singular || (resource.endsWith('s') && base === resource.slice(0, -1)),
    ),
  },
  {
    id: 'wrong-plural',
    says: 'is not how the API spells the plural',
    forms: named((base, { singular }) => base === `${singular}s` || base === `${singular}es`),
  },
  ...ANYWHERE,
  {
    id: 'stray-characters',
    says: 'has slashes around it',
    forms: (word) => [trimLetters(word.replace(/^\/+/, ''), '/')],
  },
  {
    id: 'hyphens',
    says: 'has hyphens, which no resource of that name has',
    forms: (word) => [word.replaceAll(/(?<=[a-z])[-_](?=[a-z])/g, '')],
  },
  {
    id: 'group-in-resource',
    says: 'has an API group or version in it, which belong in apiGroups',
    implies: 'group',
    forms: (word, { group }) => withoutGroup(word, group),
  },
  {
    id: 'path-in-resource',
    says: 'is a path of the API, of which RBAC wants the resource alone',
    forms: (word) => [word.replace(PATH, '')],
  },
  {
    id: 'plural-subresource',
    says: 'is not how the API spells the subresource',
    forms: under(
      (word, { subresource }) => [`${subresource}s`, `${subresource}es`].includes(word) || `${word}s` === subresource,
    ),
  },
  {
    id: 'other-subresource',
    says: 'is a word for the subresource that the API does not use',
    forms: under((word, { subresource }) => OTHER_WORDS.get(subresource)?.includes(word) ?? false),
  },
  {
    id: 'subresource-separator',
    says: 'has no slash before the subresource',
    forms: (word, { subresource }) =>
      subresource === '' ? [] : [word.replace(/^([a-z0-9*]+)(?:[.:_\s\\-]|\/\/)(?=[a-z])/i, '$1/')],
  },
  { ...ALONE, forms: (word, asked) => (asked.parents < 2 ? ofResource(word, asked) : []) },
  { ...ALONE, implies: 'parent', forms: (word, asked) => (asked.parents < 2 ? [] : ofResource(word, asked)) },
  {
    id: 'star-in-word',
    says: 'has a * that is no wildcard',
    forms: (word, asked) => (hasGlob(word) && isMeantBy(word, asked) ? [written(asked)] : []),
  },
  {
    id: 'word-for-all',
    says: 'is a resource of no API',
    forms: (word) => (WORDS_FOR_ALL.has(word) ? ['*'] : []),
  },
];

/**
 * `*`, alone or before a subresource, is a wildcard, and `pods/*` is a separate mistake; a `*` anywhere else is a plain
 * character.
 */
const hasGlob = (word: string): boolean =>
  word.includes('*') && word !== '*' && !/^\*\/[^*]*$/.test(word) && !/^[^*]+\/\*$/.test(word);

const isMeantBy = (word: string, asked: AskedResource): boolean => EVERYTHING.has(word) || isLike(written(asked), word);

const EVERYTHING: ReadonlySet<string> = new Set(['*/*', '*.*', '**', '*.*/*', '*/']);
export const WORDS_FOR_ALL: ReadonlySet<string> = new Set(['all', 'any', 'everything']);

/** A path: `api/v1/namespaces/shop/pods`, `namespaces/shop/pods`, and similar paths with a star. */
const PATH = /^\/?(?:apis?\/(?:[^/]+\/)?v\d[^/]*\/)?(?:namespaces\/[^/]+\/|\*\/(?=[^/]+\/))?/;

/** Other words for a subresource, by its name in the API. */
const OTHER_WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    exec: ['execute', 'shell', 'command', 'cp'],
    log: ['output', 'console', 'logging'],
    portforward: ['forward', 'forwarding', 'tunnel'],
    attach: ['attachment'],
    eviction: ['evict'],
    ephemeralcontainers: ['debug', 'ephemeral', 'ephemeralcontainer'],
    token: ['tokenrequest', 'tokenrequests'],
    approval: ['approve'],
    binding: ['bind'],
    scale: ['scaling', 'replicas'],
    proxy: ['proxying'],
  }),
);

/**
 * The word without its group, which may stand in different places: `deployments.apps`, `deployments.v1.apps`,
 * `apps.deployments`, `apps/deployments`, `apps/v1/deployments`; for the core group `pods.v1`, `v1/pods`, `core/pods`.
 * A subresource may follow.
 */
function withoutGroup(word: string, group: string): string[] {
  const { before, after } = patternsOf(group);
  return [word.replace(before, ''), word.replace(after, '$1')];
}

/** The texts of a group before and after a resource, cached because few groups are asked about in many words. */
function patternsOf(group: string): Patterns {
  const known = PATTERNS.get(group);
  if (known) return known;
  const place = (group || 'core').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const patterns = {
    before: new RegExp(`^(?:${place}[./])?(?:${VERSION}[./])?(?=.)`),
    after: new RegExp(`^([^./]+)(?:\\.${VERSION})?(?:\\.${place})?(?=/|$)`),
  };
  PATTERNS.set(group, patterns);
  return patterns;
}

interface Patterns {
  before: RegExp;
  after: RegExp;
}

const PATTERNS = new Map<string, Patterns>();

/** A word that contains the name of the asked object: `secrets/db-pass`, `pods/web-0/exec`. */
export const NAME_IN_RESOURCE = {
  id: 'name-in-resource',
  says: 'has the name of an object in it, which belongs in resourceNames',
  isOne: (word: string, asked: Pick<AskedResource, 'resource' | 'subresource'>, name: string): boolean =>
    name !== '' && word === written({ ...asked, resource: `${asked.resource}/${name}` }),
};
