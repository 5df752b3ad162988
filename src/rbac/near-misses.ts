import type { Binding, Role, Rule, Subject } from '../world/objects.ts';
import { groupMatches, isNeverNamed, matchNames, matchRule, type NameMode, resourceMatches, verbMatches } from './match.ts';
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
 * which any one would do, and share resource, namespace and name. `isWanted` tells which misses of rules are of interest. Pure.
 */
export function nearMisses(
  rbac: Rbac,
  entries: Iterable<{ binding: Binding; subjects: readonly Subject[] }>,
  queries: readonly Query[],
  isWanted: (miss: Miss, rule: Rule) => boolean = () => true,
): NearMiss[] {
  const misses: NearMiss[] = [];
  const memo = new Map<Role, { rule: number; miss: Miss | null }[]>();
  for (const { binding, subjects } of entries) {
    const role = rbac.roleOf(binding);
    if (role === 'unreadable') continue;
    if (role === 'missing') {
      if (queries.some((query) => outOfScope(binding, query) === null))
        for (const subject of subjects) misses.push({ miss: 'missing-role', binding, subject, role: null, rule: null });
      continue;
    }
    const nearly = memo.get(role) ?? nearlyMatching(rbac.rulesOf(role), queries, isWanted);
    memo.set(role, nearly);
    if (nearly.length === 0) continue;
    const scope = queries[0] ? outOfScope(binding, queries[0]) : null;
    // Who holds the right by one rule misses nothing by the others.
    if (scope === null && nearly.some(({ miss }) => miss === null)) continue;
    for (const { rule, miss } of nearly) {
      if ((scope === null) === (miss === null)) continue;
      for (const subject of subjects) misses.push({ miss: scope ?? miss ?? 'namespace', binding, subject, role, rule });
    }
  }
  return misses;
}

/** Rules that allow a request (`miss` null) or fail in one part. */
function nearlyMatching(
  rules: readonly Rule[],
  queries: readonly Query[],
  isWanted: (miss: Miss, rule: Rule) => boolean,
): { rule: number; miss: Miss | null }[] {
  return rules.flatMap((rule, index): { rule: number; miss: Miss | null }[] => {
    const misses = queries.flatMap(({ request, names }) => missOf(rule, request, names) ?? []);
    const best = misses.includes('none') ? 'none' : misses[0];
    if (best === 'none') return [{ rule: index, miss: null }];
    return best !== undefined && isWanted(best, rule) ? [{ rule: index, miss: best }] : [];
  });
}

function missOf(rule: Rule, request: Query['request'], names: NameMode | undefined): Miss | 'none' | undefined {
  if (isUrlRequest(request)) {
    if (matchRule(rule, request)) return 'none';
    return matchRule({ ...rule, verbs: ['*'] }, request) ? 'verb' : undefined;
  }
  const { verb, group, resource, subresource } = request;
  const resourceMiss = resourceMatches(rule, resource, subresource) ? null : nearResource(rule, request);
  if (resourceMiss === undefined) return undefined;
  const misses: Miss[] = resourceMiss === null ? [] : [resourceMiss];
  if (!groupMatches(rule, group)) misses.push('api-group');
  if (!verbMatches(rule, verb)) misses.push('verb');
  if (matchNames(rule, request, names) === undefined) misses.push(isNeverNamed(verb, subresource) ? 'nameless' : 'name');
  return misses.length > 1 ? undefined : (misses[0] ?? 'none');
}

/** Only the parent of a subresource, and its false wildcard, are near. */
function nearResource({ resources }: Rule, { resource, subresource }: ResourceRequest): Miss | undefined {
  if (resources.includes(`${resource}/*`)) return 'star-subresource';
  return subresource !== '' && resources.includes(resource) ? 'subresource' : undefined;
}

function outOfScope({ namespace }: Binding, { request, reach }: Query): Miss | null {
  if (namespace === null || reach === 'anywhere') return null;
  if (isUrlRequest(request) || request.namespace === '') return 'cluster-scope';
  return request.namespace === namespace ? null : 'namespace';
}
