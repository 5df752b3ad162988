import { matchRule } from '../rbac/match.ts';
import type { Grant, Query } from '../rbac/rbac.ts';
import { isUrlRequest } from '../rbac/request.ts';
import type { Binding, Role, Rule } from '../world/objects.ts';
import type { Actor } from './actor.ts';
import type { Taken } from './derivation.ts';

/** Where rights are handed out: a namespace, all of them (`EVERY`), or the whole cluster (null). */
export type Place = string | null;

/** Every namespace, by a RoleBinding in each: unlike the whole cluster without what is cluster-scoped. */
export const EVERY = '*';

/**
 * Rights that the attacker hands to identities that are held: by a binding that is created or changed for all of them,
 * or by a role to which some of them are bound.
 */
export interface Handed {
  /** The key of its position. */
  key: string;
  rules: readonly Rule[];
  /** Where an identity has the rules, by the bindings that apply to it; nowhere where it does not get them. */
  placesFor: (actor: Pick<Actor, 'entries'>) => readonly Place[];
  /** Somebody with whom the attacker begins gets everything in the whole cluster, so that no other way is shorter. */
  isAll?: boolean;
  /** The ways by which some of the rules are handed out, where not all come by the same steps. */
  waysTo?: (rules: readonly Rule[]) => readonly Way[];
}

/** Steps by which rules are handed out, and the positions that these rest on. */
export interface Way {
  /** What tells it from other ways of the same position. */
  id: string;
  steps: readonly Taken[];
  from: readonly string[];
}

/** An identity that no binding names: it gets what is handed to all. */
export const NOBODY: Pick<Actor, 'entries'> = { entries: [] };

/** Whether rights in one place count in another. */
export const includes = (wide: Place, place: Place): boolean =>
  wide === null || wide === place || (wide === EVERY && place !== null);

/** The key of the position that a grant rests on; undefined for a grant of the cluster as it was read. */
export const handedBy = ({ binding }: Grant): string | undefined => KEYS.get(binding);

const KEYS = new WeakMap<Binding, string>();

/** The grants that allow a request by what was handed. */
export function handedGrants(handed: Handed, actor: Pick<Actor, 'entries' | 'position'>, query: Query): Grant[] {
  const { rules, placesFor } = handed;
  const { request, names, reach } = query;
  const matches = rules.flatMap((rule, index) => {
    const match = matchRule(rule, request, names);
    return match ? [{ index, ...match }] : [];
  });
  if (matches.length === 0) return [];
  const unlimited = matches.find((each) => each.names === null);
  const telling = unlimited ? [unlimited] : matches;
  // Everything in every namespace is not everything in the cluster.
  const isAboutAll = !isUrlRequest(request) && request.group === '*' && request.resource === '*';
  const counts = (place: Place): boolean =>
    place === null ||
    (place === EVERY
      ? reach === 'anywhere' && !isAboutAll
      : reach === 'anywhere' || (!isUrlRequest(request) && request.namespace === place));
  return placesFor(actor)
    .filter(counts)
    .flatMap((place) =>
      telling.map(({ index, names: limited }) => ({
        ...handedGrant(handed, index, place),
        ...{ subject: actor.position.subject, names: limited },
      })),
    );
}

/** The grant that stands for a rule that was handed out. */
export const handedGrant = (
  { key, rules }: Pick<Handed, 'key' | 'rules'>,
  rule: number,
  place: Place,
): Pick<Grant, 'binding' | 'role' | 'rule'> => ({ ...objectsFor(key, rules, place), rule });

/** The binding and the role that stand for what was handed; the same ones each time. */
function objectsFor(key: string, rules: readonly Rule[], place: Place): { binding: Binding; role: Role } {
  const known = OBJECTS.get(rules) ?? new Map<string, { binding: Binding; role: Role }>();
  OBJECTS.set(rules, known);
  const id = JSON.stringify([key, place]);
  const found = known.get(id);
  if (found) return found;
  const dates = { created: null, changed: null, manager: null };
  const namespace = place === EVERY ? null : place;
  const binding: Binding = {
    ...{ kind: place === null ? 'ClusterRoleBinding' : 'RoleBinding', namespace, name: PLACEHOLDER, ...dates },
    ...{ roleRef: { kind: 'ClusterRole', name: PLACEHOLDER }, subjects: [] },
  };
  const role: Role = {
    ...{ kind: 'ClusterRole', namespace: null, name: PLACEHOLDER, ...dates },
    ...{ labels: {}, rules, selectors: null },
  };
  const objects = { binding, role };
  KEYS.set(binding, key);
  known.set(id, objects);
  return objects;
}

const OBJECTS = new WeakMap<readonly Rule[], Map<string, { binding: Binding; role: Role }>>();

/** The name of objects that an attacker creates. */
export const PLACEHOLDER = 'whocan-escalate';

/** What lets its holder do everything. */
export const EVERYTHING: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

/** `in the whole cluster`, `in every namespace`, `in namespace ci`. */
export const placeWords = (place: Place): string =>
  place === null ? 'in the whole cluster' : place === EVERY ? 'in every namespace' : `in namespace ${place}`;
