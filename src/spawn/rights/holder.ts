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

/** A subject whose ways to a pod are asked about, with its identity and its rights. */
export interface Holder {
  subject: SubjectRef;
  identity: Identity;
  /** The grants that allow a request. */
  grants: (query: Query) => readonly Grant[];
  /** Their rights, if these are looked up for everybody at once; `key` is that of `wanted`. */
  rightsTo?: (wanted: Wanted, key: string) => readonly Right[];
}

/** A right and where it counts. Members of system:masters have every right without any grant. */
export interface Right {
  /** Null: in the whole cluster. */
  namespace: string | null;
  names: Names;
  grants: readonly Grant[];
  verb: string;
  /** The resource that it is a right to. */
  of: Pick<Wanted, 'group' | 'resource' | 'subresource' | 'clusterScoped'>;
}

/** The `kubectl auth can-i` that checks a right of a holder; `place` is the namespace to ask in if it counts in all. */
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

/** A right that is looked for: any one of the verbs is enough. */
export type Wanted = Pick<ResourceRequest, 'group' | 'resource' | 'subresource'> & {
  verbs: readonly string[];
  /** Set for cluster-scoped resources, for which RoleBindings do not count. */
  clusterScoped?: true;
};

/** A holder with everything that its identity is bound to, by its groups too. */
export const holderOf = (subject: SubjectRef, identity: Identity, rbac: Rbac): Holder => ({
  subject,
  identity,
  grants: (query) => rbac.grantsOf(identity, query).grants,
});

/** The rights of a holder to any of the verbs, one for each namespace; one for the whole cluster comes first. */
export function rightsTo(wanted: Wanted, holder: Holder): readonly Right[] {
  const key = keyOfWanted(wanted);
  return holder.rightsTo?.(wanted, key) ?? once(holder, key, () => findRights(wanted, holder));
}

const keyOf = ({ group, resource, clusterScoped }: Omit<Wanted, 'verbs' | 'subresource'>): string =>
  `${group}/${resource}/${clusterScoped === true}`;

/** Computed once, since each right is looked up for thousands of holders. */
const keyOfWanted = oncePerObject(
  (wanted: Wanted): string => `${wanted.verbs.join()} ${keyOf(wanted)}/${wanted.subresource}`,
);

/**
 * Finds the rights of a holder once, since every way asks for them in every namespace. Most holders have none, for
 * which nothing is stored.
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

/** The right that one grant gives. */
export const rightBy = (grant: Grant, verb: string, of: Right['of']): Right => ({
  namespace: placeOf(grant),
  names: grant.names,
  grants: [grant],
  verb,
  of,
});

/** The query of each verb. */
export const requestsFor = oncePerObject(({ verbs, ...of }: Wanted): { verb: string; query: Query }[] => {
  const { clusterScoped, ...resource } = of;
  return verbs.map((verb) => {
    const request: ResourceRequest = { verb, ...resource, namespace: '', name: '' };
    return { verb, query: { request, names: 'any', reach: clusterScoped ? 'request' : 'anywhere' } };
  });
});

type Creatable = Omit<Wanted, 'verbs' | 'subresource'>;

/** The rights of a holder to create objects of a kind: under any name, or under given names by server-side apply. */
export function rightsToCreate(kind: Creatable, holder: Holder): readonly Right[] {
  const creation = creationOf(kind);
  return once(holder, creation.key, () => findRightsToCreate(creation, holder));
}

/** The queries by which it is known who may create objects of a kind. */
interface Creation {
  key: string;
  wanted: Wanted;
  /** Creating under given names only. */
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

function findRightsToCreate({ wanted, named }: Creation, holder: Holder): readonly Right[] {
  const plain = rightsTo(wanted, holder);
  if (plain.some(({ namespace }) => namespace === null)) return plain;
  const limited = holder.grants(named);
  if (limited.length === 0) return plain;
  const { verbs: _, ...of } = wanted;
  const applied = createdByName(limited, named, holder.grants, true);
  return merge([...plain, ...applied.map((grant) => rightBy(grant, grant.also?.verbs.at(-1) ?? 'patch', of))]);
}

/**
 * The first right that counts in `namespace` for an object of that name; without a name, one that counts for any name.
 */
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

/** Joins rights to one for each namespace and set of names, without those that a wider right includes. */
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
