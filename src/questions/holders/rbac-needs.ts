import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { Binding } from '../../world/objects.ts';
import { unreadable, type World } from '../../world/world.ts';
import { everywhere, unreadNamespaces } from '../every-namespace.ts';

/**
 * What has to be read to know all grants in a namespace, or in the whole cluster where it is null. Refused lists fall
 * back: cluster-wide RoleBindings to the namespaces that are known, lists of roles to the roles that the bindings name.
 */
export function rbacNeeds(world: World, namespace: string | null): Need[] {
  return [
    // The largest first, since it takes longest.
    ...(namespace === null
      ? everywhere(['rolebindings', 'roles'], world)
      : [list('rolebindings', namespace), list('roles', namespace)]),
    list('clusterrolebindings'),
    list('clusterroles'),
    ...namedRoles(world, bindingsIn(world, namespace)),
  ];
}

/** The bindings that could not be read, of those that count: each may hide a holder. */
export function rbacUnknowns(world: World, bindings: { namespace: string | null } | 'cluster'): Unknown[] {
  const cluster = list('clusterrolebindings');
  const unknowns = world.isRead(cluster)
    ? []
    : [unreadable(world, cluster, 'subjects that hold the right by a ClusterRoleBinding')];
  if (bindings === 'cluster') return [...unknowns, ...world.malformed('clusterrolebindings')];
  const { namespace } = bindings;
  const affects = 'subjects that hold the right by a RoleBinding there';
  const need = list('rolebindings', namespace);
  if (!world.isRead(need))
    pushAll(
      unknowns,
      namespace === null ? unreadNamespaces('rolebindings', affects, world) : [unreadable(world, need, affects)],
    );
  const isElsewhere = ({ what }: Unknown): boolean =>
    namespace !== null && what.includes('/') && !what.startsWith(`rolebindings ${namespace}/`);
  return [
    ...unknowns,
    ...world.malformed('clusterrolebindings'),
    ...world.malformed('rolebindings').filter((each) => !isElsewhere(each)),
  ];
}

/** The roles that bindings refer to, one by one, if the list of roles was refused. */
function namedRoles(world: World, bindings: readonly Binding[]): Need[] {
  const refused = new Set(
    [...world.outcomes()].flatMap(({ need, outcome }) => (outcome.read || need.name !== null ? [] : [need.kind])),
  );
  if (!refused.has('roles') && !refused.has('clusterroles')) return [];
  return bindings.flatMap(({ namespace, roleRef }) => {
    const isRole = roleRef.kind === 'Role';
    // A ClusterRoleBinding to a Role refers to nothing.
    if (isRole && namespace === null) return [];
    const where = isRole ? namespace : null;
    const kind = isRole ? 'roles' : 'clusterroles';
    return world.outcome(list(kind, where))?.read === false ? [get(kind, where, roleRef.name)] : [];
  });
}

const bindingsIn = (world: World, namespace: string | null): Binding[] => [
  ...world.list('clusterrolebindings'),
  ...world.list('rolebindings', namespace),
];
