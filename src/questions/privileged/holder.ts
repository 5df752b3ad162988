import type { SubjectRef } from '../../answer/answer.ts';
import type { Command } from '../../answer/command.ts';
import { canI } from '../../rbac/can-i.ts';
import type { Names } from '../../rbac/match.ts';
import type { Grant, Query, Rbac } from '../../rbac/rbac.ts';
import type { ResourceRequest } from '../../rbac/request.ts';
import { type Identity, identityKeys, identityOf, MASTERS, subjectKey } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
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
  /** Their rights, where they are looked up for everybody at once; `key` stands for what is wanted. */
  rightsTo?: (wanted: Wanted, key: string) => readonly Right[];
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
export function rightsTo(wanted: Wanted, holder: Holder): readonly Right[] {
  const key = keyOfWanted(wanted);
  return holder.rightsTo?.(wanted, key) ?? once(holder, key, () => findRights(wanted, holder));
}

const keyOf = ({ group, resource, clusterScoped }: Omit<Wanted, 'verbs' | 'subresource'>): string =>
  `${group}/${resource}/${clusterScoped === true}`;

/** The same is wanted of thousands. */
const keyOfWanted = oncePerObject((wanted: Wanted): string => `${wanted.verbs.join()} ${keyOf(wanted)}/${wanted.subresource}`);

/** Rights are asked for by each way and in each namespace anew. Most holders have none, and all of those have the same. */
function once(holder: Holder, key: string, find: () => readonly Right[]): readonly Right[] {
  const known = RIGHTS.get(holder)?.get(key);
  if (known) return known;
  const rights = find();
  if (rights.length === 0 && holder.rightsTo) return NO_RIGHTS;
  const theirs = RIGHTS.get(holder) ?? new Map<string, readonly Right[]>();
  RIGHTS.set(holder, theirs.set(key, rights));
  return rights;
}

const RIGHTS = new WeakMap<Holder, Map<string, readonly Right[]>>();
const NO_RIGHTS: readonly Right[] = [];

function findRights(wanted: Wanted, holder: Holder): readonly Right[] {
  const { verbs, ...of } = wanted;
  if (holder.identity.groups.includes(MASTERS)) return [{ namespace: null, names: null, grants: [], verb: verbs[0] ?? '*', of }];
  return merge(requestsFor(wanted).flatMap(({ verb, query }) => holder.grants(query).map((grant) => rightBy(grant, verb, of))));
}

const rightBy = (grant: Grant, verb: string, of: Right['of']): Right => ({
  namespace: placeOf(grant),
  names: grant.names,
  grants: [grant],
  verb,
  of,
});

/** The request of each verb. */
const requestsFor = oncePerObject(({ verbs, ...of }: Wanted): { verb: string; query: Query }[] => {
  const { clusterScoped, ...resource } = of;
  return verbs.map((verb) => {
    const request: ResourceRequest = { verb, ...resource, namespace: '', name: '' };
    return { verb, query: { request, names: 'any', reach: clusterScoped ? 'request' : 'anywhere' } };
  });
});

type Creatable = Omit<Wanted, 'verbs' | 'subresource'>;

/** Where a holder may create objects of a kind: under any name, or under those by which server-side apply creates. */
export function rightsToCreate(kind: Creatable, holder: Holder, rbac: Rbac): readonly Right[] {
  const creation = creationOf(kind);
  return once(holder, creation.key, () => findRightsToCreate(creation, holder, rbac));
}

/** What is asked to know who may create objects of a kind. */
interface Creation {
  key: string;
  wanted: Wanted;
  /** Creating under given names alone. */
  named: Query;
}

const creationOf = oncePerObject(({ group, resource, clusterScoped }: Creatable): Creation => {
  const wanted: Wanted = { group, resource, subresource: '', verbs: ['create'], ...(clusterScoped ? { clusterScoped } : {}) };
  const request: ResourceRequest = { verb: 'create', group, resource, subresource: '', namespace: '', name: '' };
  return {
    key: `to create ${keyOf(wanted)}`,
    wanted,
    named: { request, names: (listed) => listed !== '', reach: clusterScoped ? 'request' : 'anywhere' },
  };
});

function findRightsToCreate({ wanted, named }: Creation, holder: Holder, rbac: Rbac): readonly Right[] {
  const plain = rightsTo(wanted, holder);
  if (plain.some(({ namespace }) => namespace === null)) return plain;
  const limited = holder.grants(named);
  if (limited.length === 0) return plain;
  const { verbs: _, ...of } = wanted;
  const applied = createdByName(limited, named, rbac, holder.identity);
  return merge([...plain, ...applied.map((grant) => rightBy(grant, 'patch', of))]);
}

/** Whether a right of the holder counts in a namespace for an object of that name; '' where the name is free. */
export const covering = (rights: readonly Right[], namespace: string | null, name: string | null = null): Right | undefined =>
  rights.find(
    (right) =>
      (right.namespace === null || right.namespace === namespace) &&
      (right.names === null || (name !== null && right.names.includes(name))),
  );

/** One right a namespace and set of names, without those that a wider one includes. */
function merge(rights: readonly Right[]): readonly Right[] {
  if (rights.length < 2) return rights;
  const isPlain = rights.every(({ names }) => names === null);
  const merged = new Map<string | null, Right>();
  for (const right of rights) {
    const key = isPlain ? right.namespace : JSON.stringify([right.namespace, right.names]);
    const before = merged.get(key);
    merged.set(key, before ? { ...before, grants: [...before.grants, ...right.grants] } : right);
  }
  const all = [...merged.values()];
  const everywhere = all.find(({ namespace, names }) => namespace === null && names === null);
  if (everywhere) return [everywhere];
  const unlimited = new Set(all.flatMap(({ namespace, names }) => (names === null ? [namespace] : [])));
  return all
    .filter(({ namespace, names }) => names === null || !unlimited.has(namespace))
    .sort((a, b) => Number(a.namespace !== null) - Number(b.namespace !== null));
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
  const bySubject = new Map<string, Subject>();
  for (const query of queries) {
    for (const { subject, binding } of rbac.holders(query).grants) {
      const key = keyOfEntry(subject, binding.namespace);
      if (key === undefined || bySubject.has(key)) continue;
      bySubject.set(key, subject.kind === 'ServiceAccount' ? { ...subject, namespace: subject.namespace ?? binding.namespace } : subject);
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
 * What everybody may do, looked up for all of them at once: of thousands who are asked about each is asked the same. Of the requests of `own` only what is
 * written for the subject itself counts, since who belongs to a group is a holder by that group; of all others what its groups may do as well.
 */
export class Everybody {
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
    const held = [own, ...identityKeys(identity).map((each) => found.shared.get(each))].filter((rights) => rights !== undefined);
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

/** Rights by subject: what is written for the subject itself, and what a member of a group has by it. */
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

/** As `subjectKey`; an entry is asked for by each request anew. */
function keyOfEntry(subject: Subject, namespace: string | null): string | undefined {
  return subject.kind === 'ServiceAccount' && subject.namespace === null ? subjectKey(subject, namespace) : keyOfSubject(subject);
}

const keyOfSubject = oncePerObject((subject: Subject) => subjectKey(subject, null));

const keyOfQuery = oncePerObject(({ request, names, reach }: Query): string =>
  JSON.stringify([request, typeof names === 'function' ? 'listed' : names, reach]),
);
