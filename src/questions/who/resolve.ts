import { before } from '../../answer/ends.ts';
import { misspelt, nearest } from '../../answer/nearest.ts';
import { ownValue } from '../../answer/own-value.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { UserError, usageError } from '../../answer/user-error.ts';
import { joinAnd } from '../../answer/words.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import { BUILT_IN, knownResources } from '../../world/known-resources.ts';
import { oncePerState } from '../../world/once.ts';
import type { ApiResource } from '../../world/resources.ts';
import type { World } from '../../world/world.ts';
import type { WhoTarget } from '../targets.ts';
import { notAVerb } from './not-verbs.ts';
import { isUsedVerb, unservedNote, unusedVerbNote } from './verbs.ts';
import { VIRTUAL_RESOURCES, VIRTUAL_SUBRESOURCES } from './virtual.ts';

/** What a typed resource stands for. */
export interface Resolved {
  group: string;
  resource: string;
  /** `''` for the resource itself. */
  subresource: string;
  /** Null where no object is named. */
  name: string | null;
  kind: string;
  namespaced: boolean;
  /** Why nothing read tells whether it is namespaced, nor that there is such a resource; null where something does. */
  guess: Guess | null;
  /**
   * What to say of the verb in the first line, where no part of Kubernetes uses it, or not for this resource; `''`
   * where one does.
   */
  note: string;
  warnings: string[];
}

/**
 * Finds the resource that is meant by `deploy`, `deployments.apps`, `*.apps`, `pods/portforward`, `pods/web-0`, by
 * discovery, else by the built-in table and the CustomResourceDefinitions of a file. A second part is the subresource
 * where there is one of that name. Throws UserErrors in kubectl's words.
 */
export function resolve(target: WhoTarget & { resource: string }, world: World): Resolved {
  const [typed = '', ...parts] = target.resource.split('/');
  const found = find(typed, target.verb, world);
  const subresources = [
    ...Object.keys(found.subresources),
    ...(ownValue(VIRTUAL_SUBRESOURCES, qualified(found)) ?? []),
  ];
  const { subresource, name } = takeApart(parts, target, found, subresources);
  refuseAccount(target.verb, found, name);
  const isWhole = target.verb === 'deletecollection' && subresource === '';
  const isUsed = isUsedVerb(target.verb, found, subresource);
  const mistaken = isUsed ? null : notAVerb(target.verb, found, subresources, { name, namespace: target.namespace });
  if (mistaken) throw mistaken;
  const warnings = [
    ...(isUsed ? [] : [`verb '${target.verb}' is not a known verb`]),
    ...(found.guess ? [`resource type "${typed}" is not known here: taken ${takenFor(typed, found)}`] : []),
    ...(isWhole && name !== null ? ['deletecollection carries no name: asked about the whole collection'] : []),
  ];
  const note = isUsed ? unservedNote(target.verb, found, subresource) : unusedVerbNote(target.verb, 'resource');
  return { ...found, subresource, name: isWhole ? null : name, note, warnings };
}

/**
 * Whether the cluster has to be asked which resources it has: not about URLs, nor for the plural names of the core
 * group, which come before all others.
 */
export function needsDiscovery({ resource }: WhoTarget): boolean {
  const [typed] = resource?.split('/') ?? [];
  return typed !== undefined && !BUILT_IN.some((each) => each.group === '' && each.resource === typed);
}

interface Found {
  group: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: readonly string[];
  subresources: Readonly<Record<string, readonly string[]>>;
  /**
   * What follows the slash: a subresource where there is one of that name, else an object; or always the one or the
   * other, slashes and all.
   */
  slash: 'either' | 'subresource' | 'name';
  guess: Guess | null;
}

export type Guess = Pick<Unknown, 'kind' | 'why'>;

const takenFor = (typed: string, found: Found): string =>
  typed === qualified(found) ? 'as it stands' : `for ${qualified(found)}`;

function find(typed: string, verb: string, world: World): Found {
  const ofGroup = typed === '*' ? '*' : /^\*\.(.+)$/.exec(typed)?.[1];
  if (ofGroup)
    return { ...NOTHING_LISTED, group: ofGroup, resource: '*', kind: '*', namespaced: true, slash: 'subresource' };
  const meant = virtual(typed, (each) => each.verbs.test(verb));
  if (meant) return meant;
  const resources = knownResources(world);
  const name = typed.toLowerCase();
  const listed =
    resources.find((each) => isCalled(each, [each.resource], name)) ??
    resources.find((each) => isCalled(each, namesOf(each), name));
  if (listed) return { ...listed, slash: 'either', guess: null };
  const fallback = virtual(typed, () => true) ?? onTrust(typed, resources, world);
  if (fallback) return fallback;
  const near = nearest(
    typed,
    [...resources, ...VIRTUAL_RESOURCES].map(({ resource }) => resource),
  );
  const hint = near ? `, did you mean "${near}"?` : '';
  throw new UserError(`error: the server doesn't have a resource type "${typed}"${hint}${undiscovered(typed, world)}`);
}

const NOTHING_LISTED = { verbs: [], subresources: {}, guess: null } as const;

const namesOf = ({ singular, kind, shortNames }: ApiResource): string[] => [
  singular,
  kind.toLowerCase(),
  ...shortNames,
];

/** `deploy`, `deployment`, `deployments`, `deployments.apps`, `deployments.v1.apps`. */
const isCalled = ({ group, version }: ApiResource, names: readonly string[], typed: string): boolean =>
  names.some(
    (name) =>
      name !== '' && (typed === name || typed === `${name}.${group}` || typed === `${name}.${version}.${group}`),
  );

function virtual(typed: string, isMeant: (each: (typeof VIRTUAL_RESOURCES)[number]) => boolean): Found | null {
  const name = typed.toLowerCase();
  const found = VIRTUAL_RESOURCES.find((each) => {
    const names = [each.resource, each.kind.toLowerCase()];
    return isMeant(each) && names.some((known) => name === known || name === `${known}.${each.group}`);
  });
  return found ? { ...found, ...NOTHING_LISTED, slash: found.freeSubresource ? 'subresource' : 'name' } : null;
}

/**
 * A name with its group is taken as it stands if discovery could not tell, unless all resources of that group are
 * known.
 */
function onTrust(typed: string, resources: readonly ApiResource[], world: World): Found | null {
  // kubectl takes the version in between as well: `widgets.v1.acme.io`.
  const [, name = typed, said] = /^([^.]+)\.(?:v\d+(?:(?:alpha|beta)\d+)?\.(?=.))?(.+)$/.exec(typed) ?? [];
  const { discovery, undiscovered: open = [] } = world.facts;
  const isOpen = (each: string): boolean =>
    discovery ? open.includes(each) : !resources.some(({ group }) => group === each);
  const [group, ...others] = said === undefined ? groupsNaming(name, world).filter(isOpen) : [said].filter(isOpen);
  if (group === undefined || name === '' || others.length > 0) return null;
  const resource = pluralOf(name, group, world);
  const subresources = { status: [], scale: [] };
  return {
    group,
    resource,
    kind: typed,
    namespaced: true,
    verbs: [],
    subresources,
    slash: 'either',
    guess: whyUnknown(group, world),
  };
}

/** What rules call it: names of resources are plural and in lower case, and what begins with a capital is a kind. */
function pluralOf(name: string, group: string, world: World): string {
  const lower = name.toLowerCase();
  const named = namedByRules(world).get(group) ?? new Set();
  // If rules name both, the singular is the mistake.
  const known = [...pluralsOf(lower), lower].find((each) => named.has(each));
  return known ?? (name === lower ? lower : pluralsOf(lower)[0]);
}

/** The groups of which rules name such a resource, in the plural or as its kind. */
function groupsNaming(name: string, world: World): string[] {
  const lower = name.toLowerCase();
  return [...namedByRules(world)].flatMap(([group, named]) =>
    [lower, ...pluralsOf(lower)].some((each) => named.has(each)) ? [group] : [],
  );
}

/**
 * What the plural may be, first what upstream guesses: apimachinery pkg/api/meta/restmapper.go
 * UnsafeGuessKindToResource.
 */
function pluralsOf(singular: string): [string, ...string[]] {
  if (singular.endsWith('s')) return [`${singular}es`, singular];
  const others: [string, string] = [`${singular}s`, `${singular}es`];
  return singular.endsWith('y') ? [`${singular.slice(0, -1)}ies`, ...others] : others;
}

/** The resources that rules name, by group. */
const namedByRules = oncePerState((world): ReadonlyMap<string, ReadonlySet<string>> => {
  const named = new Map<string, Set<string>>();
  for (const { rules } of [...world.list('clusterroles'), ...world.list('roles')])
    for (const { apiGroups, resources } of rules)
      for (const group of apiGroups) {
        const known = named.get(group) ?? new Set();
        named.set(group, known);
        for (const resource of resources) known.add(before(resource, '/'));
      }
  return named;
});

function whyUnknown(group: string, { facts }: World): Guess {
  if (facts.undiscovered?.includes(group))
    return { kind: 'unreadable', why: `discovery does not tell what group ${group} has` };
  if (facts.origin === 'live') return { kind: 'unreadable', why: 'discovery could not be read' };
  return { kind: 'unmodelled', why: 'no CustomResourceDefinition of it was read' };
}

/** The groups that may have it all the same, where it was named without one. */
function undiscovered(typed: string, { facts: { discovery, undiscovered: open = [] } }: World): string {
  if (!discovery || open.length === 0 || typed.includes('.')) return '';
  return `; discovery does not tell what ${joinAnd(open)} ${open.length === 1 ? 'has' : 'have'}: name it with its group, as ${typed}.${open[0]}`;
}

function takeApart(
  parts: readonly string[],
  target: WhoTarget,
  found: Found,
  known: readonly string[],
): { subresource: string; name: string | null } {
  const isSubresource = (part: string): boolean => found.slash === 'subresource' || known.includes(part);
  let subresource = target.subresource ?? '';
  const names = found.slash === 'either' || parts.length === 0 ? [...parts] : [parts.join('/')];
  if (subresource === '' && names[0] !== undefined && isSubresource(names[0])) subresource = names.shift() ?? '';
  // pods/web-0/exec, as the path of the request has it.
  if (subresource === '' && names.length === 2) subresource = names.pop() ?? '';
  if (target.name !== null) names.push(target.name);
  if (names.length > 1 || names.includes(''))
    throw usageError(`error: there is no need to name ${found.resource} twice: ${JSON.stringify(target.resource)}`);
  if (subresource !== '' && !isSubresource(subresource) && !found.guess) throw noSubresource(subresource, found, known);
  const [name = null] = names;
  const near =
    target.subresource === null && target.name === null && name !== null && subresource === ''
      ? misspelt(name, known)
      : undefined;
  if (near) throw noSubresource(name ?? '', found, known, near);
  return { subresource, name };
}

/** The server asks for accounts by namespace and name, however a user name spells them. */
function refuseAccount(verb: string, { resource }: Found, name: string | null): void {
  const account = resource === 'users' && name !== null ? parseAccountUser(name) : null;
  const mode = new Map([
    ['impersonate', 'impersonate'],
    ['impersonate:user-info', 'impersonate:serviceaccount'],
  ]).get(verb);
  if (account && mode)
    throw usageError(
      `error: user "${name}" is a service account: say ${mode} serviceaccounts/${account.name} -n ${account.namespace}`,
    );
}

function noSubresource(typed: string, { resource }: Found, known: readonly string[], near?: string): UserError {
  const there = known.length === 0 ? `${resource} has none` : `${resource} has ${joinAnd([...known].sort())}`;
  const meant = near ? ` (for an object of that name: ${resource} ${typed})` : '';
  return usageError(`error: there is no subresource "${typed}": ${there}${meant}`);
}

const qualified = ({ group, resource }: Found): string => (group === '' ? resource : `${resource}.${group}`);
