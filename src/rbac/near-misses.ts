import type { Binding, Role, Rule, Subject } from '../world/objects.ts';
import { groupMatches, isNeverNamed, matchRule, type NameMode, resourceMatches, verbMatches } from './match.ts';
import type { Query, Rbac } from './rbac.ts';
import { isUrlRequest, type ResourceRequest } from './request.ts';

/** The one thing that keeps a grant from allowing a request. */
export type Miss =
  | 'namespace' // a RoleBinding in another namespace
  | 'cluster-scope' // a cluster-scoped right or a URL, in a RoleBinding
  | 'verb'
  | 'api-group'
  | 'subresource' // the resource without its subresource
  | 'star-subresource' // `pods/*`, which is no wildcard
  | 'name' // resourceNames that name other objects
  | 'nameless' // resourceNames on a request that never carries a name
  | 'missing-role';

export interface NearMiss {
  miss: Miss;
  binding: Binding;
  subject: Subject;
  /** Null for a role that does not exist. */
  role: Role | null;
  /** Index of the rule; null for a role that does not exist. */
  rule: number | null;
}

/**
 * Rules that would allow one of the requests but for exactly one part, among the given binding entries. The requests are those of
 * which any one would do, and share resource, namespace and name. Pure.
 */
export function nearMisses(rbac: Rbac, entries: Iterable<{ binding: Binding; subject: Subject }>, queries: readonly Query[]): NearMiss[] {
  const misses: NearMiss[] = [];
  const memo = new Map<Role, { rule: number; miss: Miss | null }[]>();
  for (const { binding, subject } of entries) {
    const role = rbac.roleOf(binding);
    if (role === 'unreadable') continue;
    if (role === 'missing') {
      if (queries.some((query) => outOfScope(binding, query) === null))
        misses.push({ miss: 'missing-role', binding, subject, role: null, rule: null });
      continue;
    }
    const nearly = memo.get(role) ?? nearlyMatching(rbac.rulesOf(role), queries);
    memo.set(role, nearly);
    const scope = queries[0] ? outOfScope(binding, queries[0]) : null;
    for (const { rule, miss } of nearly) {
      if ((scope === null) !== (miss === null)) misses.push({ miss: scope ?? miss ?? 'namespace', binding, subject, role, rule });
    }
  }
  return misses;
}

/** Rules that allow a request (`miss` null) or fail in one part. */
function nearlyMatching(rules: readonly Rule[], queries: readonly Query[]): { rule: number; miss: Miss | null }[] {
  return rules.flatMap((rule, index) => {
    const misses = queries.flatMap(({ request, names }) => missOf(rule, request, names) ?? []);
    const best = misses.includes('none') ? 'none' : misses[0];
    return best === undefined ? [] : [{ rule: index, miss: best === 'none' ? null : best }];
  });
}

function missOf(rule: Rule, request: Query['request'], names: NameMode | undefined): Miss | 'none' | undefined {
  if (matchRule(rule, request, names)) return 'none';
  if (isUrlRequest(request)) return matchRule({ ...rule, verbs: ['*'] }, request) ? 'verb' : undefined;
  const named = matchRule({ ...rule, verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, request, names) !== undefined;
  const failing: Miss[] = [];
  if (!verbMatches(rule, request.verb)) failing.push('verb');
  if (!groupMatches(rule, request.group)) failing.push('api-group');
  if (!resourceMatches(rule, request.resource, request.subresource)) failing.push(...resourceMiss(rule, request));
  if (!named) failing.push(isNeverNamed(request.verb, request.subresource) ? 'nameless' : 'name');
  return failing.length === 1 ? failing[0] : undefined;
}

/** Only the parent of a subresource, and its false wildcard, are near; another resource is far. */
function resourceMiss({ resources }: Rule, { resource, subresource }: ResourceRequest): Miss[] {
  if (subresource === '') return resources.includes(`${resource}/*`) ? ['star-subresource'] : FAR;
  if (resources.includes(`${resource}/*`)) return ['star-subresource'];
  return resources.includes(resource) ? ['subresource'] : FAR;
}

/** Two misses are no near miss. */
const FAR: Miss[] = ['subresource', 'subresource'];

function outOfScope({ namespace }: Binding, { request, reach }: Query): Miss | null {
  if (namespace === null || reach === 'anywhere') return null;
  if (isUrlRequest(request) || request.namespace === '') return 'cluster-scope';
  return request.namespace === namespace ? null : 'namespace';
}
