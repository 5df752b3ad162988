import { trimLetters } from '../answer/ends.ts';
import type { Rule } from '../world/objects.ts';
import { isUrlRequest, type Request, type ResourceRequest } from './request.ts';

/**
 * How the name in a request is compared with resourceNames. `exact` is the way of the API server. `any` accepts every
 * name that the rule lists, for questions that name no object. A predicate tells which listed names it accepts, for
 * targets with several spellings.
 */
export type NameMode = 'exact' | 'any' | ((listed: string) => boolean);

/** The names to which a matching rule is limited; null where it is not limited. */
export type Names = readonly string[] | null;

/**
 * The names for which `rule` allows `request`; undefined where it does not allow it. Pure. Mirrors kubernetes
 * plugin/pkg/auth/authorizer/rbac/rbac.go RuleAllows and pkg/apis/rbac/v1/evaluation_helpers.go.
 */
export function matchRule(rule: Rule, request: Request, mode: NameMode = 'exact'): { names: Names } | undefined {
  if (!verbMatches(rule, request.verb)) return undefined;
  if (isUrlRequest(request)) return urlMatches(rule, request.url) ? { names: null } : undefined;
  if (!groupMatches(rule, request.group) || !resourceMatches(rule, request.resource, request.subresource))
    return undefined;
  const names = matchNames(rule, request, mode);
  return names === undefined ? undefined : { names };
}

/** `*` matches every verb, including impersonate, bind, escalate and verbs that do not exist yet. The case counts. */
export const verbMatches = ({ verbs }: Rule, verb: string): boolean => verbs.includes('*') || verbs.includes(verb);

/** The core group is the empty string; an empty list matches nothing. */
export const groupMatches = ({ apiGroups }: Rule, group: string): boolean =>
  apiGroups.includes('*') || apiGroups.includes(group);

/**
 * `*` matches every resource with every subresource; a star before the slash matches that subresource of every
 * resource. `pods/*` is no wildcard, and `pods` does not include its subresources.
 */
export function resourceMatches({ resources }: Rule, resource: string, subresource: string): boolean {
  if (resources.includes('*')) return true;
  if (subresource === '') return resources.includes(resource);
  return resources.includes(`${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

/** Exact, or a prefix where the rule's URL ends in `*`; a `*` inside is literal. */
export function urlMatches({ nonResourceURLs }: Rule, url: string): boolean {
  return nonResourceURLs.some((each) => each === url || (each.endsWith('*') && url.startsWith(trimLetters(each, '*'))));
}

/**
 * The names for which a rule allows a request. Names are compared literally, even `*`. An empty list allows all names;
 * an empty string in the list matches requests without a name.
 */
export function matchNames(
  { resourceNames }: Rule,
  request: ResourceRequest,
  mode: NameMode = 'exact',
): Names | undefined {
  if (resourceNames.length === 0) return null;
  const names = resourceNames.filter((listed) => nameMatches(listed, request, mode));
  if (mode === 'any' && names.includes('')) return null;
  return names.length === 0 ? undefined : names;
}

function nameMatches(listed: string, request: ResourceRequest, mode: NameMode): boolean {
  const { verb, subresource, name } = request;
  if (typeof mode === 'function') return mode(listed);
  if (mode === 'exact') return listed === name;
  return listed === ''
    ? isNameless(verb, subresource)
    : !isNeverNamed(verb, subresource) && !isNobodysName(listed, request);
}

/**
 * Whether no object can have the name that a rule lists. To RBAC a `*` is a plain character; it may occur in names of
 * roles and bindings, and in names that are only authorized, but in names of all other objects the API server refuses
 * it (apimachinery pkg/api/validation).
 */
export const isNobodysName = (listed: string, { verb, group }: Pick<ResourceRequest, 'verb' | 'group'>): boolean =>
  listed.includes('*') && OF_OBJECTS.has(verb) && group !== '*' && group !== 'rbac.authorization.k8s.io';

const OF_OBJECTS: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']);

/** Whether requests with this verb may have no name: those on collections. */
export const isNameless = (verb: string, subresource: string): boolean =>
  subresource === '' && (isNeverNamed(verb, subresource) || verb === 'list' || verb === 'watch');

/**
 * Whether requests with this verb never have a name. List and watch have the name in a `metadata.name` field selector.
 */
export const isNeverNamed = (verb: string, subresource: string): boolean =>
  subresource === '' && (verb === 'create' || verb === 'deletecollection');
