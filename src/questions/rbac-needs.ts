import type { Unknown } from '../answer/unknown.ts';
import type { KindName } from '../world/kinds.ts';
import { get, list, type Need } from '../world/needs.ts';
import type { Binding } from '../world/objects.ts';
import { unreadable, type World } from '../world/world.ts';

/**
 * What has to be read to know all grants in a namespace, or in the whole cluster where it is null. Refused lists fall back:
 * cluster-wide ones to the namespaces that are known, lists of roles to the roles that the bindings name.
 */
export function rbacNeeds(world: World, namespace: string | null): Need[] {
  return [
    list('clusterroles'),
    list('clusterrolebindings'),
    ...everyNamespace(world, 'roles', namespace),
    ...everyNamespace(world, 'rolebindings', namespace),
    ...namedRoles(world, bindingsIn(world, namespace)),
  ];
}

/** The bindings that could not be read, of those that count: each may hide a holder. */
export function rbacUnknowns(world: World, bindings: { namespace: string | null } | 'cluster'): Unknown[] {
  const cluster = list('clusterrolebindings');
  const unknowns = world.isRead(cluster) ? [] : [unreadable(world, cluster, 'subjects that hold the right by a ClusterRoleBinding')];
  if (bindings === 'cluster') return [...unknowns, ...world.malformed('clusterrolebindings')];
  const { namespace } = bindings;
  const affects = 'subjects that hold the right by a RoleBinding there';
  const need = list('rolebindings', namespace);
  if (!world.isRead(need))
    unknowns.push(...(namespace === null ? unreadNamespaces(world, need, affects) : [unreadable(world, need, affects)]));
  return [...unknowns, ...world.malformed('clusterrolebindings', 'rolebindings')];
}

function everyNamespace(world: World, kind: KindName, namespace: string | null): Need[] {
  if (namespace !== null) return [list(kind, namespace)];
  const everywhere = list(kind);
  if (world.outcome(everywhere)?.read !== false) return [everywhere];
  return [everywhere, list('namespaces'), ...knownNamespaces(world).map((each) => list(kind, each))];
}

/** The namespace of the context first: the caller most likely has rights there. */
const knownNamespaces = (world: World): string[] => [
  ...new Set([world.facts.namespace, ...world.list('namespaces').map(({ name }) => name)]),
];

/** Where a list of roles was refused: the ones that bindings refer to, one by one. */
function namedRoles(world: World, bindings: readonly Binding[]): Need[] {
  return bindings.flatMap(({ namespace, roleRef }) => {
    const where = roleRef.kind === 'Role' ? namespace : null;
    const kind = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    return world.outcome(list(kind, where))?.read === false ? [get(kind, where, roleRef.name)] : [];
  });
}

const bindingsIn = (world: World, namespace: string | null): Binding[] => [
  ...world.list('clusterrolebindings'),
  ...world.list('rolebindings', namespace),
];

/** One unknown for all namespaces that were refused, named. */
function unreadNamespaces(world: World, everywhere: Need, affects: string): Unknown[] {
  const known = knownNamespaces(world);
  const unread = known.filter((each) => !world.isRead(list('rolebindings', each)));
  const whole = unreadable(world, everywhere, affects);
  if (!world.isRead(list('namespaces'))) {
    const read = known.filter((each) => !unread.includes(each));
    return [{ ...whole, what: `rolebindings in ${read.length > 0 ? `namespaces other than ${read.join(', ')}` : 'any namespace'}` }];
  }
  return unread.length === 0 ? [] : [{ ...whole, what: `rolebindings in namespace${unread.length > 1 ? 's' : ''} ${unread.join(', ')}` }];
}
