import type { Rule } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import type { ApiResource } from '../../world/resources.ts';
import { isNobodysName, urlMatches } from '../match.ts';
import { isUrlRequest, type Request, type ResourceRequest } from '../request.ts';
import { GROUP_SPELLINGS } from './groups.ts';
import { NAME_SPELLINGS, STAR_IN_NAME } from './names.ts';
import { type AskedResource, NAME_IN_RESOURCE, RESOURCE_SPELLINGS, written } from './resources.ts';
import { type Reading, readWord, type Spelling } from './spelling.ts';
import { URL_SPELLINGS } from './urls.ts';
import { isVerb, VERB_SPELLINGS } from './verbs.ts';

/** A misspelt word of a rule, and the part of the rule that contains it. */
export interface Misspelt extends Reading {
  part: keyof Rule;
}

/** Finds the first word in a part of a rule that was intended to match a request and does not. */
type PartReader = (rule: Rule) => Misspelt | undefined;

/** Reads rules for one request. */
export interface Reader extends Readonly<Record<keyof Rule, PartReader>> {
  /**
   * Whether any word of a rule is about the resource or the URL, whatever its spelling. Most rules of a cluster are
   * not, and finding that out costs one look-up for each word.
   */
  isAbout: (rule: Rule) => boolean;
}

/**
 * Reads the words of rules for one request as their authors intended them. A word is read once for all requests that
 * differ only in the object, however many rules contain it. `known` are all known resources: they tell short names,
 * kinds and words with another meaning.
 */
export function readerOf(request: Request, known: readonly ApiResource[]): Reader {
  const readers = READERS(known);
  if (isUrlRequest(request)) {
    const { url } = request;
    const isMeant = (form: string): boolean => urlMatches({ ...NO_RULE, nonResourceURLs: [form] }, url);
    const urls = reader('nonResourceURLs', URL_SPELLINGS, { url }, isMeant);
    return {
      ...NOTHING,
      verbs: verbReader(request.verb, ''),
      nonResourceURLs: urls,
      isAbout: (rule) => rule.nonResourceURLs.length > 0,
    };
  }
  const key = JSON.stringify([request.verb, request.group, request.resource, request.subresource]);
  const shared = readers.get(key) ?? sharedReader(request, known);
  readers.set(key, shared);
  const { name, namespace, resource } = request;
  if (name === '') return { ...shared.reader, resourceNames: (rule) => starInName(rule, request) };
  const asked = { name, namespace, resource, called: shared.called };
  return {
    ...shared.reader,
    resources: (rule) => shared.reader.resources(rule) ?? nameInResource(rule, request),
    isAbout: (rule) => shared.reader.isAbout(rule) || nameInResource(rule, request) !== undefined,
    resourceNames: reader('resourceNames', NAME_SPELLINGS, asked, (form) => form === name),
  };
}

interface Shared {
  reader: Reader;
  /** The names of the resource. */
  called: readonly string[];
}

const READERS = oncePerObject((_: readonly ApiResource[]) => new Map<string, Shared>());

function sharedReader(request: ResourceRequest, known: readonly ApiResource[]): Shared {
  const { verb, group, resource, subresource } = request;
  const asked = askedResource(request, known);
  const words = WORDS(known);
  const full = written(asked);
  const isGroupMeant = (form: string): boolean => form === group || form === '*';
  const isResourceMeant = (form: string): boolean =>
    form === full || form === '*' || (subresource !== '' && form === `*/${subresource}`);
  const isResource = (form: string): boolean => words.resources.has(form) || form === resource;
  const resources = reader('resources', RESOURCE_SPELLINGS, asked, isResourceMeant, isResource);
  const isNear = (word: string): boolean =>
    isResourceMeant(word) ||
    word === resource ||
    word === `${resource}/*` ||
    resources({ ...NO_RULE, resources: [word] }) !== undefined;
  return {
    called: [resource, asked.singular, asked.kind.toLowerCase(), ...asked.shortNames],
    reader: {
      ...NOTHING,
      verbs: verbReader(verb, subresource),
      apiGroups: reader('apiGroups', GROUP_SPELLINGS, { group, resource }, isGroupMeant, (form) =>
        words.groups.has(form),
      ),
      resources,
      isAbout: anyWord(isNear),
    },
  };
}

const verbReader = (verb: string, subresource: string): PartReader =>
  reader('verbs', VERB_SPELLINGS, { verb, subresource }, (form) => form === verb || form === '*', isVerb);

/** The meanings of existing words. */
const WORDS = oncePerObject((known: readonly ApiResource[]) => ({
  groups: new Set(known.map(({ group }) => group)),
  resources: new Set(
    known.flatMap(({ resource, subresources }) => [
      resource,
      ...Object.keys(subresources).map((each) => `${resource}/${each}`),
    ]),
  ),
}));

const NO_RULE: Rule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };

const nothing = (): undefined => undefined;
const NOTHING: Omit<Reader, 'isAbout'> = {
  verbs: nothing,
  apiGroups: nothing,
  resources: nothing,
  resourceNames: nothing,
  nonResourceURLs: nothing,
};

function reader<Asked>(
  part: keyof Rule,
  table: readonly Spelling<Asked>[],
  asked: Asked,
  isMeant: (form: string) => boolean,
  isWord: (form: string) => boolean = () => false,
): PartReader {
  const read = new Map<string, Misspelt | null>();
  return (rule) => {
    for (const word of rule[part]) {
      let found = read.get(word);
      if (found === undefined) {
        const reading = readWord(word, asked, table, { isMeant, isWord });
        found = reading && { ...reading, part };
        read.set(word, found);
      }
      if (found !== null) return found;
    }
    return undefined;
  };
}

/** Whether `isOne` is true of any word; each word is tested once. */
function anyWord(isOne: (word: string) => boolean): (rule: Rule) => boolean {
  const known = new Map<string, boolean>();
  return ({ resources }) => {
    for (const word of resources) {
      let is = known.get(word);
      if (is === undefined) {
        is = isOne(word);
        known.set(word, is);
      }
      if (is) return true;
    }
    return false;
  };
}

function nameInResource({ resources }: Rule, request: ResourceRequest): Misspelt | undefined {
  const { id, says, isOne } = NAME_IN_RESOURCE;
  const word = resources.find((each) => isOne(each, request, request.name));
  return word === undefined
    ? undefined
    : { id, says, part: 'resources', written: word, meant: written(request), implies: new Set() };
}

/**
 * Where the request names no object, a rule that lists a pattern was intended for every object that matches the
 * pattern.
 */
function starInName({ resourceNames }: Rule, request: ResourceRequest): Misspelt | undefined {
  const word = resourceNames.find((each) => isNobodysName(each, request));
  return word === undefined
    ? undefined
    : { ...STAR_IN_NAME, part: 'resourceNames', written: word, meant: '', implies: new Set() };
}

/** The asked resource with its names; for an unknown resource they are derived from the plural. */
function askedResource(
  { group, resource, subresource }: ResourceRequest,
  known: readonly ApiResource[],
): AskedResource {
  const found = known.find((each) => each.group === group && each.resource === resource);
  const singular = found?.singular || (found?.kind.toLowerCase() ?? resource.replace(/s$/, ''));
  return {
    ...{ group, resource, subresource, singular },
    kind: found?.kind ?? singular,
    shortNames: found?.shortNames ?? [],
    parents: known.filter((each) => Object.hasOwn(each.subresources, subresource)).length,
  };
}
