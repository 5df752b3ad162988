import type { SubjectRef } from '../../answer/answer.ts';
import type { Command } from '../../answer/command.ts';
import { canI } from '../../rbac/can-i.ts';
import type { Names } from '../../rbac/match.ts';
import type { Grant, Query, Rbac } from '../../rbac/rbac.ts';
import type { ResourceRequest } from '../../rbac/request.ts';
import { type Identity, identityKeys, identityOf, MASTERS, subjectKey } from '../../rbac/subjects.ts';
import { oncePerObject } from '../../world/once.ts';
import { isUpstreamGrant } from '../acceptance.ts';
import { placeOf } from '../holders.ts';
import type { Options } from '../question.ts';
import { accountOf, namespaceOfGroup } from '../subject-existence.ts';
import { createdByName } from '../who/created-by-name.ts';
import { beyondQueries, wayQueries } from './ways.ts';

/** Somebody who may be able to make pods. */
export interface Holder {
  subject: SubjectRef;
  identity: Identity;
  /** The grants by which they may make a request. */
  grants: (query: Query) => readonly Grant[];
}

/** A right where it counts. Members of system:masters have every right by no grant at all. */
export interface Right {
  /** Null: in the whole cluster. */
  namespace: string | null;
  names: Names;
  grants: readonly Grant[];
  verb: string;
  /** Of what. */
  of: Pick<Wanted, 'group' | 'resource' | 'subresource' | 'clusterScoped'>;
}

/** Whether a holder has a right, for kubectl to ask: where it counts everywhere, in `namespace`. */
export function checkOf({ identity }: Holder, { namespace, names, verb, of }: Right, place: string | null): Command<'reads'> {
  const { clusterScoped, ...resource } = of;
  return canI(identity, { verb, ...resource, namespace: namespace ?? (clusterScoped ? '' : (place ?? '')), name: names?.[0] ?? '' });
}

/** What of a resource is asked for; any one of the verbs is enough. */
export type Wanted = Pick<ResourceRequest, 'group' | 'resource' | 'subresource'> & {
  verbs: readonly string[];
  /** RoleBindings don't count. */
  clusterScoped?: true;
};

/** An identity with all that it is bound to, groups included. */
export const holderOf = (subject: SubjectRef, identity: Identity, rbac: Rbac): Holder => ({
  subject,
  identity,
  grants: (query) => rbac.grantsOf(identity, query).grants,
});

/** Where a holder has a right, a namespace each; with the whole cluster first, which includes all others. */
export const rightsTo = (wanted: Wanted, holder: Holder): readonly Right[] =>
  once(holder, `${wanted.verbs.join()} ${keyOf(wanted)}/${wanted.subresource}`, () => findRights(wanted, holder));

const keyOf = ({ group, resource, clusterScoped }: Omit<Wanted, 'verbs' | 'subresource'>): string =>
  `${group}/${resource}/${clusterScoped === true}`;

/** Rights are asked for by each way and in each namespace anew. */
function once(holder: Holder, key: string, find: () => readonly Right[]): readonly Right[] {
  const known = rightsOf(holder);
  const rights = known.get(key) ?? find();
  known.set(key, rights);
  return rights;
}

const rightsOf = oncePerObject((_holder: Holder) => new Map<string, readonly Right[]>());

function findRights({ verbs, ...of }: Wanted, holder: Holder): Right[] {
  const { clusterScoped, ...resource } = of;
  if (holder.identity.groups.includes(MASTERS)) return [{ namespace: null, names: null, grants: [], verb: verbs[0] ?? '*', of }];
  return merge(
    verbs.flatMap((verb) => {
      const request: ResourceRequest = { verb, ...resource, namespace: '', name: '' };
      const grants = holder.grants({ request, names: 'any', reach: clusterScoped ? 'request' : 'anywhere' });
      return grants.map((grant) => ({ namespace: placeOf(grant), names: grant.names, grants: [grant], verb, of }));
    }),
  );
}

/** Where a holder may create objects of a kind: under any name, or under those by which server-side apply creates. */
export const rightsToCreate = (wanted: Omit<Wanted, 'verbs' | 'subresource'>, holder: Holder, rbac: Rbac): readonly Right[] =>
  once(holder, `to create ${keyOf(wanted)}`, () => findRightsToCreate(wanted, holder, rbac));

function findRightsToCreate(resource: Omit<Wanted, 'verbs' | 'subresource'>, holder: Holder, rbac: Rbac): readonly Right[] {
  const of = { ...resource, subresource: '' };
  const wanted = { ...of, verbs: ['create'] };
  const plain = rightsTo(wanted, holder);
  if (plain.some(({ namespace }) => namespace === null)) return plain;
  const { group, resource: name, clusterScoped } = wanted;
  const request: ResourceRequest = { verb: 'create', group, resource: name, subresource: '', namespace: '', name: '' };
  const query: Query = { request, names: (listed) => listed !== '', reach: clusterScoped ? 'request' : 'anywhere' };
  const limited = holder.grants(query);
  const applied = limited.length === 0 ? [] : createdByName(limited, query, rbac, holder.identity);
  return merge([
    ...plain,
    ...applied.map((grant) => ({ namespace: placeOf(grant), names: grant.names, grants: [grant], verb: 'patch', of })),
  ]);
}

/** Whether a right of the holder counts in a namespace for an object of that name; '' where the name is free. */
export const covering = (rights: readonly Right[], namespace: string | null, name: string | null = null): Right | undefined =>
  rights.find(
    (right) =>
      (right.namespace === null || right.namespace === namespace) &&
      (right.names === null || (name !== null && right.names.includes(name))),
  );

/** One right a namespace and set of names, without those that a wider one includes. */
function merge(rights: readonly Right[]): Right[] {
  const merged = new Map<string, Right>();
  for (const right of rights) {
    const key = JSON.stringify([right.namespace, right.names]);
    const before = merged.get(key);
    merged.set(key, before ? { ...before, grants: [...before.grants, ...right.grants] } : right);
  }
  const all = [...merged.values()].sort((a, b) => Number(a.namespace !== null) - Number(b.namespace !== null));
  return all.filter(({ namespace, names }) => {
    const isWider = (other: Right): boolean =>
      other.names === null &&
      (other.namespace === null ? namespace !== null || names !== null : other.namespace === namespace && names !== null);
    return !all.some(isWider);
  });
}

/** Whoever some binding allows a way to a pod, or beyond, each as it is written there; who merely belongs to a group is not told apart from it. */
export const holdersOfAny = oncePerObject((rbac: Rbac): readonly Holder[] => findHolders(ANY_WAY, rbac));

/**
 * Accounts, and groups of accounts, among them: those that hold some of it by a grant that counts in the namespace, or in any where that is null, and
 * that is neither upstream's own nor accepted.
 */
export function* countedHolders(
  holders: Iterable<Holder>,
  namespace: string | null,
  { accepts }: Pick<Options, 'accepts'>,
): Generator<SubjectRef> {
  const isCounted = (grant: Grant): boolean =>
    (namespace === null || placeOf(grant) === null || placeOf(grant) === namespace) && !isUpstreamGrant(grant);
  for (const { subject, grants } of holders) {
    const isKnowable = accountOf(subject) !== null || namespaceOfGroup(subject) !== null;
    if (isKnowable && !accepts(subject) && ANY_WAY.some((query) => grants(query).some(isCounted))) yield subject;
  }
}

const ANY_WAY: readonly Query[] = [...wayQueries(), ...beyondQueries()];

function findHolders(queries: readonly Query[], rbac: Rbac): Holder[] {
  const bySubject = new Map<string, { subject: SubjectRef; grants: Map<string, Grant[]> }>();
  for (const query of queries) {
    const queried = keyOfQuery(query);
    for (const grant of rbac.holders(query).grants) {
      const { subject: entry, binding } = grant;
      const key = subjectKey(entry, binding.namespace);
      if (key === undefined) continue;
      const namespace = entry.kind === 'ServiceAccount' ? (entry.namespace ?? binding.namespace) : null;
      const held = bySubject.get(key) ?? { subject: { ...entry, namespace, members: null }, grants: new Map<string, Grant[]>() };
      bySubject.set(key, held);
      const own = held.grants.get(queried);
      if (own) own.push(grant);
      else held.grants.set(queried, [grant]);
    }
  }
  const asked = new Set(queries.map(keyOfQuery));
  return [...bySubject.values()].map(({ subject, grants }) => {
    const identity = identityOf(subject);
    const keys = identityKeys(identity);
    return {
      ...{ subject, identity },
      grants: (query) => {
        const queried = keyOfQuery(query);
        if (asked.has(queried)) return grants.get(queried) ?? [];
        const known = grantsOfAll(query, queried, rbac);
        return keys.flatMap((key) => known.get(key) ?? []);
      },
    };
  });
}

/** The grants by which anybody may make a request, by subject: of thousands who are asked about each is asked the same. */
function grantsOfAll(query: Query, queried: string, rbac: Rbac): ReadonlyMap<string, readonly Grant[]> {
  const all = grantsByQuery(rbac);
  const known = all.get(queried) ?? bySubjectKey(rbac.holders(query).grants);
  all.set(queried, known);
  return known;
}

const grantsByQuery = oncePerObject((_rbac: Rbac) => new Map<string, ReadonlyMap<string, readonly Grant[]>>());

function bySubjectKey(grants: readonly Grant[]): Map<string, Grant[]> {
  const bySubject = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = subjectKey(grant.subject, grant.binding.namespace);
    if (key === undefined) continue;
    const own = bySubject.get(key);
    if (own) own.push(grant);
    else bySubject.set(key, [grant]);
  }
  return bySubject;
}

const keyOfQuery = ({ request, names, reach }: Query): string =>
  JSON.stringify([request, typeof names === 'function' ? 'listed' : names, reach]);
