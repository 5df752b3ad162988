import type { Unknown } from '../answer/unknown.ts';
import { get, list, type Need } from '../world/needs.ts';
import type { Binding } from '../world/objects.ts';
import { unreadable, type World } from '../world/world.ts';

/**
 * What has to be read to know all grants in a namespace, or in the whole cluster where it is null. Refused lists fall back:
 * cluster-wide RoleBindings to the namespaces that are known, lists of roles to the roles that the bindings name.
 */
export function rbacNeeds(world: World, namespace: string | null): Need[] {
  return [
    // The largest first, since it takes longest.
    ...(namespace === null ? everyNamespace(world) : [list('rolebindings', namespace), list('roles', namespace)]),
    list('clusterrolebindings'),
    list('clusterroles'),
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
  const isElsewhere = ({ what }: Unknown): boolean =>
    namespace !== null && what.includes('/') && !what.startsWith(`rolebindings ${namespace}/`);
  return [...unknowns, ...world.malformed('clusterrolebindings'), ...world.malformed('rolebindings').filter((each) => !isElsewhere(each))];
}

/**
 * Where RoleBindings of the whole cluster are refused, those of single namespaces: the bindings of one with its roles before those of the
 * next, since only so many refusals are asked for. Roles alone are read by the names that bindings give.
 */
function everyNamespace(world: World): Need[] {
  const kinds = ['rolebindings', 'roles'] as const;
  const everywhere = kinds.map((kind) => list(kind));
  if (world.outcome(list('rolebindings'))?.read !== false) return everywhere;
  const refused = kinds.filter((kind) => world.outcome(list(kind))?.read === false);
  return [...everywhere, list('namespaces'), ...knownNamespaces(world).flatMap((each) => refused.map((kind) => list(kind, each)))];
}

/** The namespace of the context first: the caller most likely has rights there. */
const knownNamespaces = (world: World): string[] => [
  ...new Set([world.facts.namespace, ...world.list('namespaces').map(({ name }) => name)]),
];

/** Where a list of roles was refused: the ones that bindings refer to, one by one. */
function namedRoles(world: World, bindings: readonly Binding[]): Need[] {
  const refused = new Set([...world.outcomes()].flatMap(({ need, outcome }) => (outcome.read || need.name !== null ? [] : [need.kind])));
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

/** One unknown for all namespaces that were refused, named, and one for those that were not tried any more. */
function unreadNamespaces(world: World, everywhere: Need, affects: string): Unknown[] {
  const known = knownNamespaces(world);
  const unread = known.filter((each) => !world.isRead(list('rolebindings', each)));
  const whole = unreadable(world, everywhere, affects);
  if (!world.isRead(list('namespaces'))) {
    const read = known.filter((each) => !unread.includes(each));
    return [{ ...whole, what: `rolebindings in ${read.length > 0 ? `namespaces other than ${read.join(', ')}` : 'any namespace'}` }];
  }
  return [...Map.groupBy(unread, (each) => notTried(world, each) ?? whole.why)].map(([why, namespaces]) => ({
    ...whole,
    what: `rolebindings in namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`,
    why,
  }));
}

/** Why the RoleBindings of a namespace were not even asked for; null where they were. */
function notTried(world: World, namespace: string): string | null {
  const outcome = world.ownOutcome(list('rolebindings', namespace));
  return outcome?.read === false && outcome.failure.kind === 'notTried' ? outcome.failure.message : null;
}
