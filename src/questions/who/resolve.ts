import { UserError, usageError } from '../../answer/user-error.ts';
import type { CustomResource } from '../../world/objects.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };
import type { ApiResource } from '../../world/resources.ts';
import type { World } from '../../world/world.ts';
import type { WhoTarget } from '../targets.ts';
import { joinAnd } from '../words.ts';
import { similar } from './similar.ts';
import { SPECIAL_VERBS, VIRTUAL_RESOURCES, VIRTUAL_SUBRESOURCES } from './virtual.ts';

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
  warnings: string[];
}

/**
 * Finds the resource that is meant by `deploy`, `deployments.apps`, `pods/portforward`, `pods/web-0`, by discovery, else by the
 * built-in table and the CustomResourceDefinitions of a file. A second part is the subresource where there is one of that name.
 * Throws UserErrors in kubectl's words.
 */
export function resolve(target: WhoTarget & { resource: string }, world: World): Resolved {
  const [typed = '', ...parts] = target.resource.split('/');
  const found = find(typed, target.verb, world);
  const subresources = [...Object.keys(found.subresources), ...(VIRTUAL_SUBRESOURCES[qualified(found)] ?? [])];
  const { subresource, name } = takeApart(parts, target, found, subresources);
  const warnings = isKnownVerb(target.verb, found, subresource) ? [] : [`verb '${target.verb}' is not a known verb`];
  return { ...found, subresource, name, warnings };
}

interface Found {
  group: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: readonly string[];
  subresources: Readonly<Record<string, readonly string[]>>;
  freeSubresource: boolean;
}

function find(typed: string, verb: string, world: World): Found {
  if (typed === '*') return { group: '*', resource: '*', kind: '*', namespaced: true, verbs: [], subresources: {}, freeSubresource: true };
  const meant = virtual(typed, (each) => each.verbs.test(verb));
  if (meant) return meant;
  const resources = world.facts.discovery ?? [...BUILT_IN, ...world.list('customresourcedefinitions').map(fromDefinition)];
  const listed = resources.find((each) => isCalled(each, typed.toLowerCase()));
  if (listed) return { ...listed, freeSubresource: false };
  const fallback = virtual(typed, () => true) ?? (world.facts.discovery ? null : onTrust(typed));
  if (fallback) return fallback;
  throw new UserError(`error: the server doesn't have a resource type "${typed}"`);
}

const BUILT_IN: readonly ApiResource[] = builtIn;

/** `deploy`, `deployment`, `deployments`, `deployments.apps`, `deployments.v1.apps`. */
function isCalled({ group, version, resource, kind, singular, shortNames }: ApiResource, typed: string): boolean {
  const names = [resource, singular, kind.toLowerCase(), ...shortNames];
  return names.some((name) => name !== '' && (typed === name || typed === `${name}.${group}` || typed === `${name}.${version}.${group}`));
}

function virtual(typed: string, isMeant: (each: (typeof VIRTUAL_RESOURCES)[number]) => boolean): Found | null {
  const name = typed.toLowerCase();
  const found = VIRTUAL_RESOURCES.find((each) => {
    const names = [each.resource, each.kind.toLowerCase()];
    return isMeant(each) && names.some((known) => name === known || name === `${known}.${each.group}`);
  });
  return found ? { ...found, verbs: [], subresources: {}, freeSubresource: found.freeSubresource === true } : null;
}

/** Where no discovery could tell: a name with its group is taken as it stands. */
function onTrust(typed: string): Found | null {
  const dot = typed.indexOf('.');
  if (dot <= 0) return null;
  return {
    group: typed.slice(dot + 1),
    resource: typed.slice(0, dot),
    kind: typed,
    namespaced: true,
    verbs: [],
    subresources: {},
    freeSubresource: true,
  };
}

const fromDefinition = (definition: CustomResource): ApiResource => ({
  group: definition.group,
  version: definition.version,
  resource: definition.plural,
  kind: definition.kind,
  singular: definition.singular,
  shortNames: definition.shortNames,
  namespaced: definition.namespaced,
  verbs: [],
  subresources: Object.fromEntries(definition.subresources.map((each) => [each, []])),
});

function takeApart(
  parts: readonly string[],
  target: WhoTarget,
  found: Found,
  known: readonly string[],
): { subresource: string; name: string | null } {
  const isSubresource = (part: string): boolean => found.freeSubresource || known.includes(part);
  let subresource = target.subresource ?? '';
  const names = [...parts];
  if (subresource === '' && names[0] !== undefined && isSubresource(names[0])) subresource = names.shift() ?? '';
  // pods/web-0/exec, as the path of the request has it.
  if (subresource === '' && names.length === 2) subresource = names.pop() ?? '';
  if (target.name !== null) names.push(target.name);
  if (names.length > 1 || names.includes(''))
    throw usageError(`error: there is no need to name ${found.resource} twice: ${JSON.stringify(target.resource)}`);
  if (subresource !== '' && !isSubresource(subresource)) throw noSubresource(subresource, found, known);
  const [name = null] = names;
  const near = target.subresource === null && target.name === null && name !== null && subresource === '' ? similar(name, known) : null;
  if (near) throw noSubresource(name ?? '', found, known, near);
  return { subresource, name };
}

function noSubresource(typed: string, { resource }: Found, known: readonly string[], near: string | null = null): UserError {
  const there = known.length === 0 ? `${resource} has none` : `${resource} has ${joinAnd([...known].sort())}`;
  const meant = near ? ` (for an object of that name: ${resource} ${typed})` : '';
  return usageError(`error: there is no subresource "${typed}": ${there}${meant}`);
}

function isKnownVerb(verb: string, { verbs, subresources }: Found, subresource: string): boolean {
  const listed = subresource === '' ? verbs : (subresources[subresource] ?? []);
  return listed.length === 0 || listed.includes(verb) || STANDARD.has(verb) || SPECIAL_VERBS.test(verb);
}

const STANDARD = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);

const qualified = ({ group, resource }: Found): string => (group === '' ? resource : `${resource}.${group}`);
