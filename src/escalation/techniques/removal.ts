import { changes } from '../../answer/command.ts';
import type { Grant } from '../../rbac/rbac.ts';
import type { Right, Wanted } from '../../spawn/rights/holder.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Step } from '../derivation.ts';
import { EVERY, type Place } from '../handed.ts';
import { RBAC_GROUP, right } from '../wanted.ts';

/** The rights that delete an object: by its name, or out of the collection, whose requests carry no name. */
interface Removal {
  one: Wanted;
  collection: Wanted;
  /** The path of the collection without its namespace. */
  path: readonly [group: string, resource: string];
}

const removal = (resource: string, group = '', clusterScoped = false): Removal => ({
  one: right('delete', resource, group, clusterScoped),
  collection: right('deletecollection', resource, group, clusterScoped),
  path: [group === '' ? '/api/v1' : `/apis/${group}/v1`, resource],
});

const REMOVALS = {
  Secret: removal('secrets'),
  Role: removal('roles', RBAC_GROUP),
  ClusterRole: removal('clusterroles', RBAC_GROUP, true),
  RoleBinding: removal('rolebindings', RBAC_GROUP),
  ClusterRoleBinding: removal('clusterrolebindings', RBAC_GROUP, true),
} as const;

/** The kinds of objects whose place another may take. */
export type Removable = keyof typeof REMOVALS;

/** The rights by which objects of a kind are deleted. */
export const removalRights = (kind: Removable): Wanted[] => [REMOVALS[kind].one, REMOVALS[kind].collection];

/** Deletes an object whose place another takes. `namespace` null: it is cluster-scoped. */
export function removalStep(kind: Removable, namespace: Place, name: string): Step {
  const { one, collection, path } = REMOVALS[kind];
  const [group, resource] = path;
  const place = namespace === EVERY ? 'default' : namespace;
  const all = `${group}${place === null ? '' : `/namespaces/${place}`}/${resource}`;
  return {
    words: `delete ${kind} ${name}, whose place another takes`,
    any: [[{ wanted: one, namespace, name }], [{ wanted: collection, namespace, name: null }]],
    attack: ([by]) =>
      by?.verb === 'deletecollection'
        ? changes(['delete', '--raw', `${all}?fieldSelector=metadata.name%3D${encodeURIComponent(name)}`])
        : changes(['delete', kind.toLowerCase(), name, ...(place === null ? [] : ['-n', place])]),
  };
}

/** Where somebody may delete objects of a kind, and nobody could before it: null for cluster-scoped ones. */
export function removalPlaces(kind: Removable, actor: Actor, attacker: Attacker): Place[] {
  const { one, collection } = REMOVALS[kind];
  const found = [one, collection].flatMap((wanted) => attacker.newPlaces(actor, wanted));
  return found.map((namespace) => (one.clusterScoped ? null : (namespace ?? EVERY)));
}

/** Whether anybody who is held deletes objects of a kind. */
export const areRemovable = (kind: Removable, attacker: Attacker): boolean =>
  removalRights(kind).some((wanted) => attacker.able({ wanted }).length > 0);

/** What is left of rights once a role or a binding is gone. */
export const lasting = (rights: readonly Right[], gone: Grant['role'] | Grant['binding'] | undefined): Right[] =>
  rights.flatMap((each) => {
    const grants = each.grants.filter(
      ({ binding, role, also }) =>
        ![binding, role, also?.grant.binding, also?.grant.role].some((part) => part === gone),
    );
    return gone === undefined ? [each] : grants.length > 0 ? [{ ...each, grants }] : [];
  });
