import type { Binding, Role, Rule, Subject } from '../world/objects.ts';
import type { ApiResource } from '../world/resources.ts';
import { groupMatches, isNeverNamed, matchNames, matchRule, resourceMatches, verbMatches } from './match.ts';
import type { Query, Rbac } from './rbac.ts';
import { isUrlRequest, type ResourceRequest } from './request.ts';
import { type Misspelt, type Reader, readerOf } from './spellings/reader.ts';
import type { SubjectReading } from './spellings/subjects.ts';

/** The single reason why a grant does not allow a request. */
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
  /** Null for a missing role. */
  role: Role | null;
  /** The index of the rule; null for a missing role. */
  rule: number | null;
  /** The misspelt words of a miss of type `spelling`. */
  misspelt: readonly Misspelt[];
  /** The intended meaning of the entry, of a miss of type `subject`. */
  meant?: SubjectReading;
}

export interface Wanted {
  /** All known resources. */
  known: readonly ApiResource[];
  /** The misses of rules that are reported: none, all, or those that the predicate accepts. */
  rules: boolean | ((miss: Miss, rule: Rule) => boolean);
  /**
   * The intended meaning of an entry of a binding that allows the request; null where the entry means what it says.
   * Absent where subjects are not checked.
   */
  subjects?: (subject: Subject, binding: Binding) => SubjectReading | null;
}

/**
 * Finds near misses among the given bindings: rules that would allow one of the requests except for exactly one part or
 * for misspelt words, and misspelt entries of bindings that do allow it. Any one of the requests would do; they share
 * resource, namespace and name. Pure.
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
    // A subject that has the right through one rule misses nothing through the others.
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

/** The rules of a role, by index, that allow a request, and those that fail in exactly one part. */
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
      // Among several requests the one with a misspelt word tells most.
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
 * The mistake in a part of a rule: null for none, a misspelt word, or another miss; undefined where the part is about
 * something else.
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
  // The verb `exec` on `pods` means both.
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

/** Words that count as near: a misspelt word, the parent of a subresource, and its false wildcard. */
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
