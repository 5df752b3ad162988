import type { SubjectRef } from '../../answer/refs.ts';
import { placeOf } from '../../rbac/grants.ts';
import type { Grant, Query, Rbac } from '../../rbac/rbac.ts';
import {
  accountOf,
  type Identity,
  identityKeys,
  identityOf,
  namespaceOfGroup,
  subjectKey,
} from '../../rbac/subjects.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Subject } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { type Holder, merge, NO_RIGHTS, type Right, requestsFor, rightBy, type Wanted } from './holder.ts';
import { otherWayQueries, wayQueries } from './ways.ts';

/**
 * Every subject whom some binding allows a way to a pod or another way to the node, as the binding names it: a group is
 * one holder, whoever its members are.
 */
export const holdersOfAny = oncePerObject((rbac: Rbac): readonly Holder[] => findHolders(ANY_WAY, rbac));

/**
 * The service accounts and groups of service accounts among these holders that count in an answer: they hold some way
 * by a grant that counts in `namespace` (null: anywhere) and is not one of upstream's own, and nobody accepted them.
 */
export function* countedHolders(
  holders: Iterable<Holder>,
  namespace: string | null,
  { accepts }: { accepts: (subject: SubjectRef) => boolean },
): Generator<SubjectRef> {
  const isCounted = (grant: Grant): boolean =>
    (namespace === null || placeOf(grant) === null || placeOf(grant) === namespace) && !isUpstreamGrant(grant);
  for (const { subject, grants } of holders) {
    const isKnowable = accountOf(subject) !== null || namespaceOfGroup(subject) !== null;
    if (isKnowable && !accepts(subject) && ANY_WAY.some((query) => grants(query).some(isCounted))) yield subject;
  }
}

const ANY_WAY: readonly Query[] = [...wayQueries(), ...otherWayQueries()];

function findHolders(queries: readonly Query[], rbac: Rbac): Holder[] {
  const bySubject = new Map<string, Subject>();
  for (const query of queries) {
    for (const { subject, binding } of rbac.holders(query).grants) {
      const key = keyOfEntry(subject, binding.namespace);
      if (key === undefined || bySubject.has(key)) continue;
      bySubject.set(
        key,
        subject.kind === 'ServiceAccount' ? { ...subject, namespace: subject.namespace ?? binding.namespace } : subject,
      );
    }
  }
  const everybody = new Everybody(rbac, new Set(queries.map(keyOfQuery)));
  return [...bySubject].map(([key, { kind, namespace, name }]) => {
    const subject: SubjectRef = { kind, namespace: kind === 'ServiceAccount' ? namespace : null, name, members: null };
    const identity = identityOf(subject);
    return {
      ...{ subject, identity },
      grants: (query) => everybody.grants(query, key, identity),
      rightsTo: (wanted, what) => everybody.rightsTo(wanted, what, key, identity),
    };
  });
}

/**
 * The rights of everybody, looked up for all subjects at once, since the same is asked of thousands of holders. For the
 * queries of `own` only grants to the subject itself count: its groups are holders of their own. For all other queries
 * the grants to its groups count too.
 */
class Everybody {
  readonly #rbac: Rbac;
  readonly #own: ReadonlySet<string>;
  readonly #grants = new Map<string, ReadonlyMap<string, readonly Grant[]>>();
  readonly #rights = new Map<string, RightsOfAll>();

  constructor(rbac: Rbac, own: ReadonlySet<string>) {
    this.#rbac = rbac;
    this.#own = own;
  }

  grants(query: Query, key: string, identity: Identity): readonly Grant[] {
    const queried = keyOfQuery(query);
    const all = this.#grants.get(queried) ?? bySubjectKey(this.#rbac.holders(query).grants);
    this.#grants.set(queried, all);
    if (this.#own.has(queried)) return all.get(key) ?? NO_GRANTS;
    return identityKeys(identity).flatMap((each) => all.get(each) ?? NO_GRANTS);
  }

  rightsTo(wanted: Wanted, what: string, key: string, identity: Identity): readonly Right[] {
    const found = this.#rights.get(what) ?? this.#findRights(wanted);
    this.#rights.set(what, found);
    const own = found.own.get(key);
    if (found.shared.size === 0) return own ?? NO_RIGHTS;
    const held = [own, ...identityKeys(identity).map((each) => found.shared.get(each))].filter(
      (rights) => rights !== undefined,
    );
    const [only, ...others] = held;
    return only && others.length === 0 ? only : merge(held.flat());
  }

  #findRights(wanted: Wanted): RightsOfAll {
    const { verbs: _, ...of } = wanted;
    const [own, shared] = [new Map<string, Right[]>(), new Map<string, Right[]>()];
    for (const { verb, query } of requestsFor(wanted)) {
      const rights = this.#own.has(keyOfQuery(query)) ? own : shared;
      for (const grant of this.#rbac.holders(query).grants) {
        const key = keyOfEntry(grant.subject, grant.binding.namespace);
        if (key === undefined) continue;
        const theirs = rights.get(key);
        if (theirs) theirs.push(rightBy(grant, verb, of));
        else rights.set(key, [rightBy(grant, verb, of)]);
      }
    }
    return { own: merged(own), shared: merged(shared) };
  }
}

/** Rights by the key of a subject: `own` counts for the subject alone, `shared` for the members of a group as well. */
interface RightsOfAll {
  own: ReadonlyMap<string, readonly Right[]>;
  shared: ReadonlyMap<string, readonly Right[]>;
}

const merged = (rights: ReadonlyMap<string, readonly Right[]>): ReadonlyMap<string, readonly Right[]> =>
  new Map([...rights].map(([key, own]) => [key, merge(own)]));

const NO_GRANTS: readonly Grant[] = [];

function bySubjectKey(grants: readonly Grant[]): Map<string, Grant[]> {
  const bySubject = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = keyOfEntry(grant.subject, grant.binding.namespace);
    if (key === undefined) continue;
    const own = bySubject.get(key);
    if (own) own.push(grant);
    else bySubject.set(key, [grant]);
  }
  return bySubject;
}

/** The result of `subjectKey`, computed once for each entry of a binding. */
function keyOfEntry(subject: Subject, namespace: string | null): string | undefined {
  return subject.kind === 'ServiceAccount' && subject.namespace === null
    ? subjectKey(subject, namespace)
    : keyOfSubject(subject);
}

const keyOfSubject = oncePerObject((subject: Subject) => subjectKey(subject, null));

const keyOfQuery = oncePerObject(({ request, names, reach }: Query): string =>
  JSON.stringify([request, typeof names === 'function' ? 'listed' : names, reach]),
);
