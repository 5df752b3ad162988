import { isUrlRequest, type Request } from '../../src/rbac/request.ts';
import type { Subject } from '../../src/world/objects.ts';
import type { Random } from './random.ts';
import { ACCOUNTS, BARE_NAMES, GROUPS, NAMES, RESOURCES, URL_VERBS, URLS, VERBS } from './vocabulary.ts';
import type { RawBinding, RawRole, RawRule } from './worlds.ts';

/**
 * Somebody who asks: a subject, and for users and accounts the groups that come on top of those that the server adds.
 */
export interface Who {
  subject: Subject;
  groups: readonly string[];
}

export interface Tuple {
  who: Who;
  request: Request;
}

interface Objects {
  namespaces: readonly string[];
  roles: readonly RawRole[];
  bindings: readonly RawBinding[];
}

/**
 * Requests to try on a world, all different. Most start at a rule that somebody is bound to, read as its author may
 * have meant it, and asked by somebody whom the binding may have meant; a seventh of them is then changed in one place.
 * A good third is allowed.
 */
export function tuples(dice: Random, objects: Objects, size: number): { tuples: Tuple[]; people: Who[] } {
  const found = new Map<string, Tuple>();
  const bound = objects.bindings.filter(({ subjects }) => subjects.length > 0);
  for (let attempts = 0; found.size < size && attempts < size * 20; attempts += 1) {
    const tuple = attempt(dice, objects, dice.pick(bound));
    if (tuple) found.set(JSON.stringify(tuple), tuple);
  }
  return { tuples: [...found.values()], people: people(dice, objects) };
}

function attempt(dice: Random, { namespaces, roles }: Objects, binding: RawBinding): Tuple | null {
  const home = binding.metadata.namespace;
  const meant = roles.filter(
    ({ kind, metadata }) =>
      kind === binding.roleRef.kind && metadata.namespace === (kind === 'Role' ? home : undefined),
  );
  const candidates = (dice.chance(0.06) ? roles : meant).filter(
    ({ metadata }) => metadata.name === binding.roleRef.name,
  );
  const namesakes =
    candidates.length > 0 ? candidates : roles.filter(({ metadata }) => metadata.name === binding.roleRef.name);
  const role = dice.pick(binding.roleRef.name === 'sum' ? roles : namesakes.length > 0 ? namesakes : roles);
  if (role.rules.length === 0) return null;
  const namespace = home && dice.chance(0.88) ? home : dice.pick([...namespaces, '']);
  const request = changed(dice, requestFor(dice, dice.pick(role.rules), namespace));
  return { who: whoFor(dice, dice.pick(binding.subjects), namespaces, home), request };
}

/** A request that the rule allows, or seems to. */
function requestFor(dice: Random, rule: RawRule, namespace: string): Request {
  const any = (list: readonly string[] | undefined, words: readonly string[]): string => {
    const listed = dice.pick(list && list.length > 0 ? list : words);
    return listed === '*' && dice.chance(0.9) ? dice.pick(words) : listed;
  };
  if (rule.nonResourceURLs)
    return { verb: any(rule.verbs, URL_VERBS), url: urlFor(dice, dice.pick(rule.nonResourceURLs)) };
  const [resource = '', subresource = ''] = resourceFor(
    dice,
    dice.pick(rule.resources?.length ? rule.resources : RESOURCES),
  ).split('/');
  const name = rule.resourceNames?.length
    ? nameFor(dice, dice.pick(rule.resourceNames))
    : dice.pick([...NAMES, '', '']);
  return { verb: any(rule.verbs, VERBS), group: any(rule.apiGroups, GROUPS), resource, subresource, namespace, name };
}

function resourceFor(dice: Random, listed: string): string {
  const [resource = '', subresource] = listed.split('/');
  const plain = resource === '*' && dice.chance(0.9) ? dice.pick(PLAIN) : resource;
  if (subresource === undefined)
    return dice.chance(listed === '*' ? 0.5 : 0.15) ? `${plain}/${dice.pick(SUBRESOURCES)}` : plain;
  return `${plain}/${subresource === '*' && dice.chance(0.7) ? dice.pick(SUBRESOURCES) : subresource}`;
}

/** A star in the listed name stands for itself, or for what its author hoped. */
const nameFor = (dice: Random, listed: string): string =>
  dice.chance(0.6) ? listed.replace('*', dice.pick(['', '-1', 'web'])) : listed;

function urlFor(dice: Random, listed: string): string {
  if (listed === '*') return dice.pick([...URLS, '/anything']);
  const prefix = listed.replace(/\*+$/, '');
  const end = prefix === listed ? '' : dice.pick(['', 'x', 'x/y', '/', '*']);
  const inner = prefix.replace('*', dice.chance(0.6) ? dice.pick(['batch', 'a/b']) : '*');
  return dice.chance(0.3) ? inner.replace(/\/$/, '') : inner + end;
}

/**
 * Somebody whom the subject means, or seems to: the namesake of another kind, of another namespace, in another case.
 */
function whoFor(
  dice: Random,
  subject: RawBinding['subjects'][number],
  namespaces: readonly string[],
  home?: string,
): Who {
  const groups = () => dice.some([...BARE_NAMES, 'system:serviceaccounts', 'dev', 'qa'], 0, 2);
  const user = (name: string): Who => ({ subject: { kind: 'User', namespace: null, name }, groups: groups() });
  const account = (name: string, namespace: string): Who => ({
    subject: { kind: 'ServiceAccount', namespace, name },
    groups: dice.chance(0.1) ? groups() : [],
  });
  if (dice.chance(0.01)) return { ...user('root'), groups: [...groups(), 'system:masters'] };
  if (dice.chance(0.07))
    return dice.pick([user(subject.name), account(dice.pick(ACCOUNTS), dice.pick(namespaces)), member(subject.name)]);
  if (dice.chance(0.05)) return user(swapCase(subject.name));
  if (subject.kind === 'ServiceAccount') {
    const namespace = dice.chance(0.15) ? dice.pick(namespaces) : (subject.namespace ?? home ?? dice.pick(namespaces));
    return account(subject.name, namespace);
  }
  if (subject.kind === 'User')
    return user(subject.name === '*' && dice.chance(0.5) ? dice.pick(BARE_NAMES) : subject.name);
  if (subject.name.startsWith('system:serviceaccounts'))
    return account(dice.pick(ACCOUNTS), subject.name.split(':')[2] ?? dice.pick(namespaces));
  if (subject.name === 'system:authenticated')
    return dice.pick([user('passer-by'), account('default', dice.pick(namespaces))]);
  if (subject.name === 'system:unauthenticated') return user('system:anonymous');
  return dice.chance(0.1)
    ? member(subject.name)
    : { ...user(dice.pick(BARE_NAMES)), groups: [...groups(), subject.name, ...groups()] };
}

/** Of whom nothing but a group is known. */
const member = (name: string): Who => ({ subject: { kind: 'Group', namespace: null, name }, groups: [] });

/** The request, one time in seven with one part changed. */
function changed(dice: Random, request: Request): Request {
  if (!dice.chance(0.15)) return request;
  if (isUrlRequest(request)) {
    return dice.chance(0.6)
      ? { ...request, verb: dice.pick(URL_VERBS) }
      : { ...request, url: dice.pick([swapCase(request.url), ...URLS]) };
  }
  const part = dice.pick(['verb', 'group', 'resource', 'subresource', 'name', 'namespace'] as const);
  const others = {
    verb: [...VERBS, swapCase(request.verb)],
    group: GROUPS,
    resource: [...PLAIN, swapCase(request.resource)],
    subresource: ['', ...SUBRESOURCES],
    name: [...NAMES, '', swapCase(request.name), `${request.name}-2`],
    namespace: [''],
  };
  return { ...request, [part]: dice.pick(others[part]) };
}

/** Everybody whom a binding lists, as the server knows them, and a few strangers. */
function people(dice: Random, { namespaces, bindings }: Objects): Who[] {
  const listed = bindings.flatMap(({ subjects, metadata }) =>
    subjects.map(({ kind, namespace, name }): Who => {
      const where = kind === 'ServiceAccount' ? (namespace ?? metadata.namespace ?? dice.pick(namespaces)) : null;
      return { subject: { kind, namespace: where, name }, groups: [] };
    }),
  );
  const strangers = ['passer-by', 'system:anonymous'].map(
    (name): Who => ({ subject: { kind: 'User', namespace: null, name }, groups: [] }),
  );
  return [...new Map([...listed, ...strangers].map((who) => [JSON.stringify(who), who])).values()];
}

const swapCase = (word: string): string =>
  word === word.toLowerCase() ? word.replace(/[a-z]/, (letter) => letter.toUpperCase()) : word.toLowerCase();

const PLAIN = ['pods', 'pods', 'nodes', 'deployments', 'namespaces', 'users', 'Pods', '*'];
const SUBRESOURCES = ['exec', 'log', 'scale', 'proxy', 'portforward', '*'];
