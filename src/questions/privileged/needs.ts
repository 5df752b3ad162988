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

/** What every such question reads: all grants, the namespaces with their labels, and what admission is made of. */
export function firstNeeds(target: PrivilegedTarget, world: World): Need[] {
  const accounts = target.subjects.flatMap((subject) => subjectNeeds(subject, world));
  const place =
    !isEverybodyAsked(target) || target.namespace === null ? [] : askedNamespaceNeeds(target.namespace, world);
  return [...rbacNeeds(world, null), ...everyNamespace(world), ...admissionNeeds(world), ...place, ...accounts];
}

/** Where namespaces may not be listed, those that bindings are in: one by one, and not many. */
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
 * The namespaces that are known to be there: listed, or named by what is in them, and those that nobody could
 * understand.
 */
export function namespacesIn(world: World): string[] {
  const listed = world.list('namespaces').map(({ name }) => name);
  const misshapen = world.malformed('namespaces').flatMap(({ what }) => what.split(' ')[1] ?? []);
  if (world.isRead(list('namespaces')))
    return misshapen.length === 0 ? listed : [...new Set([...listed, ...misshapen])];
  const mentioned = world.list('rolebindings').flatMap(({ namespace }) => namespace ?? []);
  return [...new Set([...listed, ...misshapen, world.facts.namespace, ...mentioned])];
}

/** What of the cluster's workloads and pods has to be seen, once the rights of those who are asked about are known. */
export function laterNeeds(target: PrivilegedTarget, holders: readonly Holder[], scope: Scope): Need[] {
  const { world } = scope;
  if (!world.isRead(list('clusterroles')) && world.outcome(list('clusterroles')) === null) return [];
  const scopes = new Map<string, { kind: KindName; isWhole: boolean; namespaces: Set<string> | 'all' }>();
  // Of thousands who are asked about, the first few have most often said it all.
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
 * What is behind the claims of pods that are looked at whole, once it is seen that they have some. Of pods that could
 * not be read, whether there is any volume of a node that they could have a claim of.
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

/** Creating reaches the node wherever it does; only elsewhere does it matter what is there already. */
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

/** Of a workload that it is there, of a pod what it has. */
const isSeenWhole = ({ on }: PodWay): boolean => on !== 'workload';

/** The accounts of the namespaces in which one subject may create pods. */
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
