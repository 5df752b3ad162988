import { rbacOf } from '../../rbac/rbac-of.ts';
import { allClaimNeeds } from '../../runtime/escapes/claims.ts';
import { changeScopes } from '../../spawn/outcomes/outcomes.ts';
import { type Holder, rightsTo } from '../../spawn/rights/holder.ts';
import type { PodWay } from '../../spawn/rights/ways.ts';
import type { Scope } from '../../spawn/scope.ts';
import type { KindName } from '../../world/kinds.ts';
import { get, list, type Need, whole } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { admissionNeeds } from '../admission-needs.ts';
import { namespaceNeeds as askedNamespaceNeeds } from '../existence.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import { isEverybodyAsked, type PrivilegedTarget } from './target.ts';

/**
 * What every such question reads: all grants, the namespaces with their labels, and everything that admission reads.
 */
export function firstNeeds(target: PrivilegedTarget, world: World): Need[] {
  const accounts = target.subjects.flatMap((subject) => subjectNeeds(subject, world));
  const place =
    !isEverybodyAsked(target) || target.namespace === null ? [] : askedNamespaceNeeds(target.namespace, world);
  return [...rbacNeeds(world, null), ...everyNamespace(world), ...admissionNeeds(world), ...place, ...accounts];
}

/** The list of namespaces. If it may not be read, also the namespaces of bindings, one by one, at most 20. */
function everyNamespace(world: World): Need[] {
  const all = list('namespaces');
  if (world.outcome(all)?.read !== false) return [all];
  return [
    all,
    ...namespacesIn(world)
      .slice(0, MOST_NAMESPACES)
      .map((name) => get('namespaces', null, name)),
  ];
}

/**
 * The namespaces that are known to exist: those listed, those of another shape than the API's, and, if they could not
 * be listed, those that bindings are in.
 */
export function namespacesIn(world: World): string[] {
  const listed = world.list('namespaces').map(({ name }) => name);
  const misshapen = world.malformed('namespaces').flatMap(({ what }) => what.split(' ')[1] ?? []);
  if (world.isRead(list('namespaces')))
    return misshapen.length === 0 ? listed : [...new Set([...listed, ...misshapen])];
  const mentioned = world.list('rolebindings').flatMap(({ namespace }) => namespace ?? []);
  return [...new Set([...listed, ...misshapen, world.facts.namespace, ...mentioned])];
}

/** The workloads, pods and accounts to read once the rights of those who are asked about are known. */
export function laterNeeds(target: PrivilegedTarget, holders: readonly Holder[], scope: Scope): Need[] {
  const { world } = scope;
  if (!world.isRead(list('clusterroles')) && world.outcome(list('clusterroles')) === null) return [];
  const scopes = new Map<string, { kind: KindName; isWhole: boolean; namespaces: Set<string> | 'all' }>();
  // There may be thousands of holders, and the first few usually need all that the others do.
  const isOpen = (kind: KindName, isWhole: boolean): boolean => scopes.get(`${kind}/${isWhole}`)?.namespaces !== 'all';
  for (const holder of holders) {
    for (const { kind, isWhole, namespaces } of looksAt(holder, scope, isOpen)) {
      const key = `${kind}/${isWhole}`;
      const known = scopes.get(key) ?? { kind, isWhole, namespaces: new Set<string>() };
      scopes.set(key, known);
      const wanted =
        known.namespaces === 'all' || namespaces === null ? 'all' : known.namespaces.union(new Set(namespaces));
      known.namespaces = wanted === 'all' || wanted.size > MOST_NAMESPACES ? 'all' : wanted;
    }
  }
  const reads = [...scopes.values()].flatMap(({ kind, isWhole, namespaces }) => {
    const needs = namespaces === 'all' ? [list(kind)] : [...namespaces].map((each) => list(kind, each));
    return isWhole ? needs.map(whole) : needs;
  });
  const seen = [...reads, ...reads.flatMap((need) => claimsOfPods(need, world))];
  return isEverybodyAsked(target) ? seen : [...seen, ...accountNeeds(holders, scope)];
}

/**
 * The claims and volumes to read for pods, once it is known that some pod has a claim. If pods could not be read, the
 * volumes are read, since one of these pods may have a claim of a node's directory.
 */
function claimsOfPods(need: Need, world: World): Need[] {
  const { kind, namespace } = need;
  if (kind !== 'pods') return [];
  const hasClaim = world
    .list('pods', namespace)
    .some(({ volumes }) => volumes.some(({ source }) => source === 'persistentVolumeClaim'));
  if (hasClaim) return allClaimNeeds(namespace);
  return world.outcome(need) !== null && unseen(world, need, '').length > 0 ? [list('persistentvolumes')] : [];
}

interface Look {
  kind: KindName;
  isWhole: boolean;
  namespaces: readonly string[] | null;
}

/**
 * What one holder's rights make necessary to read: existing objects where no new pod reaches the node, and all pods.
 */
function looksAt(holder: Holder, scope: Scope, isOpen: (kind: KindName, isWhole: boolean) => boolean): Look[] {
  const changes = changeScopes(holder, scope, (way) => isOpen(kindOf(way), isSeenWhole(way))).map(
    ({ way, namespaces }): Look => ({ kind: kindOf(way), isWhole: isSeenWhole(way), namespaces }),
  );
  const kubelets = rightsTo(
    { group: '', resource: 'nodes', subresource: 'proxy', verbs: ['create', 'get'], clusterScoped: true },
    holder,
  );
  return [...changes, ...(kubelets.length > 0 ? [{ kind: 'pods' as const, isWhole: true, namespaces: null }] : [])];
}

const kindOf = ({ maker }: PodWay): KindName => maker.resource as KindName;

/** Whether objects are read as a whole: pods are, while of a workload only its existence and selector count. */
const isSeenWhole = ({ on }: PodWay): boolean => on !== 'workload';

/** The service accounts of the namespaces in which the holders have a binding. */
function accountNeeds(holders: readonly Holder[], { world }: Scope): Need[] {
  const rbac = rbacOf(world);
  const rights = holders.flatMap((holder) =>
    holder.identity.groups.length === 0 ? [] : rbac.entriesOf(holder.identity).map(({ binding }) => binding.namespace),
  );
  const namespaces = new Set(rights);
  if (namespaces.has(null) || namespaces.size > MOST_NAMESPACES) return [list('serviceaccounts')];
  return [...namespaces].flatMap((namespace) => (namespace === null ? [] : [list('serviceaccounts', namespace)]));
}

const MOST_NAMESPACES = 20;
