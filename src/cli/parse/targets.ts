import { usageError } from '../../answer/user-error.ts';
import type { ObjectsTarget, WhoTarget } from '../../questions/targets.ts';
import type { KindName } from '../../world/kinds.ts';
import { parseSelector } from '../../world/selectors.ts';
import { PROGRAM } from './command.ts';
import type { Values } from './parser.ts';
import { isType, parseType, type Takes } from './resource-type.ts';
import { isSubject, parseSubject } from './subject.ts';

type Ref = ObjectsTarget['refs'][number];

/** What `-l` says; null where it says nothing. */
export const selectorOf = (values: Values): string | null => values.text('selector')?.trim() || null;

/**
 * Reads the words after a question as kubectl reads them: `web-0 web-1`, `pod/web-0 deploy/web`, `pods web-0`,
 * `pods,svc web`, and with a selector a type or nothing. A bare name is a pod. Throws a usage error. Follows
 * cli-runtime pkg/resource/builder.go ResourceTypeOrNameArgs.
 */
export function parseObjects(
  words: readonly string[],
  selector: string | null,
  takes: Takes,
): Omit<ObjectsTarget, 'namespace'> {
  if (selector !== null) return { refs: [], selector: checkSelected(words, selector, takes) };
  if (words.length === 0) throw usageError(`error: ${takes.usage} or -l SELECTOR is required for ${takes.name}`);
  const [first = '', ...others] = words;
  if (others.length > 0 && !first.includes('/') && isType(first)) {
    const slashed = others.find((word) => word.includes('/'));
    if (slashed !== undefined) throw usageError(`error: ${TYPE_TWICE} (e.g. '${PROGRAM} ${takes.name} ${slashed}')`);
    return {
      refs: parseTypes(first, takes).flatMap((kind) => others.map((name) => toRef(kind, name))),
      selector: null,
    };
  }
  return { refs: words.map((word) => parseRef(word, takes)), selector: null };
}

/** Subjects as typed, whose namespace may be the context's, and pods that stand for their accounts. */
export interface NamedSubjects {
  subjects: string[];
  pods: Omit<ObjectsTarget, 'namespace'> | null;
}

/**
 * Reads `sa/builder`, `sa builder`, `user/jane group/ops`, `web-0`, `deployment/web`, or nothing. Throws a usage error.
 */
export function parseSubjects(words: readonly string[], selector: string | null, takes: Takes): NamedSubjects {
  const [first = '', ...others] = words;
  const typed =
    isSubject(`${first}/x`) && !first.includes('/') && others.length > 0
      ? others.map((name) => `${first}/${name}`)
      : words;
  const { subjects = [], objects = [] } = Object.groupBy(typed, (word) => (isSubject(word) ? 'subjects' : 'objects'));
  for (const subject of subjects) parseSubject(subject, 'default');
  const isPods = objects.length > 0 || selector !== null;
  return { subjects, pods: isPods ? parseObjects(objects, selector, takes) : null };
}

/**
 * Reads `get secrets`, `get secrets db-pass`, `get secrets/db-pass`, `get /metrics`. Throws a usage error. Follows
 * kubectl's `auth can-i`.
 */
export function parseWho(words: readonly string[], subresource: string | null): Omit<WhoTarget, 'namespace'> {
  const [verb = '', what = '', name = null, ...others] = words;
  if (verb === '' || what === '' || others.length > 0)
    throw usageError('error: you must specify two arguments: verb resource or verb resource/resourceName.');
  if (!what.startsWith('/')) return { verb, url: null, resource: what, subresource, name };
  if (subresource !== null) throw usageError('error: --subresource can not be used with NonResourceURL');
  if (name !== null) throw usageError('error: NonResourceURL and ResourceName can not specified together');
  return { verb, url: what, resource: null, subresource: null, name: null };
}

/**
 * `error: invalid namespace "a/b": [may not contain '/']`. Mirrors client-go rest/request.go and apimachinery
 * pkg/api/validate/content.
 */
export const checkNamespace = (namespace: string): string => checkSegment(namespace, 'namespace');

function checkSelected(words: readonly string[], selector: string, takes: Takes): string {
  parseSelector(selector);
  const [type, ...names] = words;
  if (type === undefined) return selector;
  if (type.includes('/'))
    throw usageError('error: selectors and the all flag cannot be used when passing resource/name arguments');
  if (names.length > 0 || !isType(type))
    throw usageError('error: name cannot be provided when a selector is specified');
  const kinds = parseTypes(type, takes);
  if (kinds.some((kind) => kind !== 'pods'))
    throw usageError(`error: a selector selects pods, not ${type}: name the ${type} instead`);
  return selector;
}

const parseTypes = (text: string, takes: Takes): KindName[] => text.split(',').map((type) => parseType(type, takes));

function parseRef(word: string, takes: Takes): Ref {
  if (!word.includes('/')) return toRef('pods', word);
  const [type = '', name = '', ...others] = word.split('/');
  if (others.length > 0) throw usageError('error: arguments in resource/name form may not have more than one slash');
  if (type === '' || name === '' || type.includes(','))
    throw usageError('error: arguments in resource/name form must have a single resource and name');
  return toRef(parseType(type, takes), name);
}

const toRef = (kind: KindName, name: string): Ref => ({ kind, name: checkName(name) });

export function checkName(name: string): string {
  if (name === '') throw usageError('error: resource name may not be empty');
  return checkSegment(name, 'resource name');
}

function checkSegment(name: string, what: string): string {
  const faults =
    name === '.' || name === '..'
      ? [`may not be '${name}'`]
      : ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
  if (faults.length > 0) throw usageError(`error: invalid ${what} "${name}": [${faults.join(' ')}]`);
  return name;
}

const TYPE_TWICE =
  'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form';
