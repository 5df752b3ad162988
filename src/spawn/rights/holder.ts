import type { UserInfo } from '../../admission/request/user.ts';
import type { Command } from '../../answer/command.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { canI } from '../../rbac/can-i.ts';
import { createdByName } from '../../rbac/created-by-name.ts';
import { placeOf } from '../../rbac/grants.ts';
import type { Names } from '../../rbac/match.ts';
import type { Grant, Query, Rbac } from '../../rbac/rbac.ts';
import type { ResourceRequest } from '../../rbac/request.ts';
import { type Identity, MASTERS } from '../../rbac/subjects.ts';
import { oncePerObject } from '../../world/once.ts';

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
export function checkOf(
  { identity }: Holder,
  { namespace, names, verb, of }: Right,
  place: string | null,
): Command<'reads'> {
  const { clusterScoped, ...resource } = of;
  return canI(identity, {
    verb,
    ...resource,
    namespace: namespace ?? (clusterScoped ? '' : (place ?? '')),
    name: names?.[0] ?? '',
  });
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

/** Made once: each right is looked up for thousands of holders. */
const keyOfWanted = oncePerObject(
  (wanted: Wanted): string => `${wanted.verbs.join()} ${keyOf(wanted)}/${wanted.subresource}`,
);

/**
 * Rights are asked for by each way and in each namespace anew. Most holders have none, and all of those have the same.
 */
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
export const NO_RIGHTS: readonly Right[] = [];

function findRights(wanted: Wanted, holder: Holder): readonly Right[] {
  const { verbs, ...of } = wanted;
  if (holder.identity.groups.includes(MASTERS))
    return [{ namespace: null, names: null, grants: [], verb: verbs[0] ?? '*', of }];
  return merge(
    requestsFor(wanted).flatMap(({ verb, query }) => holder.grants(query).map((grant) => rightBy(grant, verb, of))),
  );
}

export const rightBy = (grant: Grant, verb: string, of: Right['of']): Right => ({
  namespace: placeOf(grant),
  names: grant.names,
  grants: [grant],
  verb,
  of,
});

/** The request of each verb. */
export const requestsFor = oncePerObject(({ verbs, ...of }: Wanted): { verb: string; query: Query }[] => {
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
  const wanted: Wanted = {
    group,
    resource,
    subresource: '',
    verbs: ['create'],
    ...(clusterScoped ? { clusterScoped } : {}),
  };
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
export const covering = (
  rights: readonly Right[],
  namespace: string | null,
  name: string | null = null,
): Right | undefined =>
  rights.find(
    (right) =>
      (right.namespace === null || right.namespace === namespace) &&
      (right.names === null || (name !== null && right.names.includes(name))),
  );

/** One right a namespace and set of names, without those that a wider one includes. */
export function merge(rights: readonly Right[]): readonly Right[] {
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

/** A holder as admission sees who makes a request. */
export const userOf = oncePerObject(({ identity: { user, groups } }: Holder): UserInfo => ({ name: user, groups }));
