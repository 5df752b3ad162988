import type { Binding, Role, Rule, Subject } from '../world/objects.ts';
import type { ApiResource } from '../world/resources.ts';
import { groupMatches, isNeverNamed, matchNames, matchRule, resourceMatches, verbMatches } from './match.ts';
import type { Query, Rbac } from './rbac.ts';
import { isUrlRequest, type ResourceRequest } from './request.ts';
import { type Misspelt, type Reader, readerOf } from './spellings/reader.ts';
import type { SubjectReading } from './spellings/subjects.ts';

/** The one thing that keeps a grant from allowing a request. */
export type Miss =
  | 'spelling' // words of the rule that RBAC does not know, and nothing else
  | 'subject' // an entry of the binding that was meant to be the subject, and is another or nobody
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
  /** The words that are misspelt, of a `spelling`. */
  misspelt: readonly Misspelt[];
  /** How the entry was meant, of a `subject`. */
  meant?: SubjectReading;
}

export interface Wanted {
  /** Every resource that is known. */
  known: readonly ApiResource[];
  /** Which misses of rules are of interest: none, all, or those. */
  rules: boolean | ((miss: Miss, rule: Rule) => boolean);
  /**
   * How an entry of a binding that allows the request was meant; null where it was meant as it stands. Not asked about,
   * where it is not given.
   */
  subjects?: (subject: Subject, binding: Binding) => SubjectReading | null;
}

/**
 * Rules that would allow one of the requests but for exactly one part, or for words that are misspelt, among the given
 * bindings; and entries of bindings that allow it which are misspelt themselves. The requests are those of which any
 * one would do, and share resource, namespace and name. Pure.
 */
export function nearMisses(
  rbac: Rbac,
  entries: Iterable<{ binding: Binding; subjects: readonly Subject[] }>,
  queries: readonly Query[],
  { known, rules, subjects: meantBy }: Wanted,
): NearMiss[] {
  const misses: NearMiss[] = [];
  const memo = new Map<Role, Standing>();
  const isWanted = typeof rules === 'function' ? rules : () => rules;
  const readers = queries.map(({ request }) => readerOf(request, known));
  for (const { binding, subjects } of entries) {
    const role = rbac.roleOf(binding);
    if (role === 'unreadable') continue;
    if (role === 'missing') {
      if (isWanted('missing-role', NO_RULE) && queries.some((query) => outOfScope(binding, query) === null))
        for (const subject of subjects)
          misses.push({ miss: 'missing-role', binding, subject, role: null, rule: null, misspelt: [] });
      continue;
    }
    let standing = memo.get(role);
    if (standing === undefined) {
      standing = standingOf(rbac.rulesOf(role), queries, readers, rules === false ? null : isWanted);
      memo.set(role, standing);
    }
    const { allowing, near } = standing;
    if (allowing.length === 0 && near.length === 0) continue;
    const scope = queries[0] ? outOfScope(binding, queries[0]) : null;
    if (scope !== null) {
      for (const rule of allowing)
        if (isWanted(scope, NO_RULE))
          for (const subject of subjects) misses.push({ miss: scope, binding, subject, role, rule, misspelt: [] });
      continue;
    }
    // Who holds the right by one rule misses nothing by the others.
    for (const { rule, miss, misspelt } of allowing.length > 0 ? [] : near)
      for (const subject of subjects) misses.push({ miss, binding, subject, role, rule, misspelt });
    const [rule] = allowing;
    if (rule === undefined || meantBy === undefined) continue;
    for (const subject of subjects) {
      const meant = meantBy(subject, binding);
      if (meant) misses.push({ miss: 'subject', binding, subject, role, rule, misspelt: [], meant });
    }
  }
  return misses;
}

/** Of the rules of a role, by index, those that allow a request, and those that fail in one part. */
interface Standing {
  allowing: readonly number[];
  near: readonly ({ rule: number } & RuleMiss)[];
}

interface RuleMiss {
  miss: Miss;
  misspelt: readonly Misspelt[];
}

const NO_RULE: Rule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
const NOTHING: Standing = { allowing: [], near: [] };

function standingOf(
  rules: readonly Rule[],
  queries: readonly Query[],
  readers: readonly Reader[],
  isWanted: ((miss: Miss, rule: Rule) => boolean) | null,
): Standing {
  const allowing: number[] = [];
  const near: ({ rule: number } & RuleMiss)[] = [];
  for (const [index, rule] of rules.entries()) {
    let best: RuleMiss | 'none' | undefined;
    for (const [which, query] of queries.entries()) {
      const reader = readers[which];
      if (!reader?.isAbout(rule)) continue;
      const found = isWanted ? missOf(rule, query, reader) : matchRule(rule, query.request, query.names) && 'none';
      if (found === 'none') best = found;
      // Of several requests, that which is misspelt says most.
      else if (
        best !== 'none' &&
        found &&
        (best === undefined || (found.miss === 'spelling' && best.miss !== 'spelling'))
      )
        best = found;
    }
    if (best === 'none') allowing.push(index);
    else if (best !== undefined && isWanted?.(best.miss, rule)) near.push({ rule: index, ...best });
  }
  return allowing.length === 0 && near.length === 0 ? NOTHING : { allowing, near };
}

function missOf(rule: Rule, query: Query, reader: Reader): RuleMiss | 'none' | undefined {
  const { request } = query;
  const parts: PartMiss[] | undefined = isUrlRequest(request)
    ? [urlPart(rule, query, reader), verbMatches(rule, request.verb) ? null : (reader.verbs(rule) ?? 'verb')]
    : partsOf(rule, request, query, reader);
  if (parts === undefined) return undefined;
  const misspelt: Misspelt[] = [];
  const misses: Miss[] = [];
  for (const each of parts) {
    if (each === undefined) return undefined;
    if (typeof each === 'string') misses.push(each);
    else if (each !== null) misspelt.push(each);
  }
  const [miss] = misses;
  if (miss === undefined) return misspelt.length === 0 ? 'none' : { miss: 'spelling', misspelt };
  return misses.length === 1 && misspelt.length === 0 ? { miss, misspelt } : undefined;
}

/**
 * What is wrong with a part of a rule: nothing, a word that is misspelt, or something else; undefined where it is about
 * something else altogether.
 */
type PartMiss = null | Misspelt | Miss | undefined;

function urlPart(rule: Rule, { request }: Query, reader: Reader): PartMiss {
  if (rule.nonResourceURLs.length === 0) return undefined;
  return matchRule({ ...rule, verbs: ['*'] }, request) ? null : reader.nonResourceURLs(rule);
}

function partsOf(rule: Rule, request: ResourceRequest, { names }: Query, reader: Reader): PartMiss[] | undefined {
  const { verb, group, resource, subresource } = request;
  let ofResource: PartMiss = null;
  if (!resourceMatches(rule, resource, subresource)) {
    ofResource = nearResource(rule, request, reader);
    if (ofResource === undefined) return undefined;
  }
  const word = ofResource === null || typeof ofResource === 'string' ? null : ofResource;
  const saysGroup = word?.implies.has('group') && rule.apiGroups.every((each) => each === '');
  const ofGroup = groupMatches(rule, group) || saysGroup ? null : (reader.apiGroups(rule) ?? 'api-group');
  const ofVerb = verbMatches(rule, verb) ? null : (reader.verbs(rule) ?? 'verb');
  // `exec` on `pods` says both.
  const isSaidByVerb =
    ofResource === 'subresource' && ofVerb !== null && typeof ofVerb !== 'string' && ofVerb.implies.has('subresource');
  if (isSaidByVerb) ofResource = null;
  return [ofResource, ofGroup, ofVerb, namePart(rule, request, names, reader)];
}

function namePart(rule: Rule, request: ResourceRequest, names: Query['names'], reader: Reader): PartMiss {
  if (matchNames(rule, request, names) !== undefined) return null;
  if (isNeverNamed(request.verb, request.subresource)) return 'nameless';
  return reader.resourceNames(rule) ?? 'name';
}

/** A word that is misspelt, the parent of a subresource, and its false wildcard are near. */
function nearResource(rule: Rule, { resource, subresource }: ResourceRequest, reader: Reader): PartMiss {
  if (rule.resources.includes(`${resource}/*`)) return 'star-subresource';
  const isParent = subresource !== '' && rule.resources.includes(resource);
  const misspelt = reader.resources(rule);
  if (misspelt && !(misspelt.implies.has('parent') && !isParent)) return misspelt;
  return isParent ? 'subresource' : undefined;
}

function outOfScope({ namespace }: Binding, { request, reach }: Query): 'cluster-scope' | 'namespace' | null {
  if (namespace === null || reach === 'anywhere') return null;
  if (isUrlRequest(request) || request.namespace === '') return 'cluster-scope';
  return request.namespace === namespace ? null : 'namespace';
}
