import type { Answer, Finding } from '../answer/answer.ts';
import { joinAnd } from '../answer/words.ts';
import { bootstrapKey } from '../rbac/bootstrap-digest.ts';
import type { Applied } from '../world/applied.ts';
import type { Binding, Role } from '../world/objects.ts';
import type { World } from '../world/world.ts';

/**
 * What an answer about manifests takes for granted of the cluster that they are applied to, as sentences: only what
 * this answer rests on. None if all was read from a server. `isAboutEveryNamespace`: an answer whose scope is the
 * cluster rests on all its namespaces. Pure.
 */
export function manifestAssumptions(
  answer: Answer,
  { facts: { applied } }: World,
  isAboutEveryNamespace: boolean,
): string[] {
  if (!applied) return [];
  const places = placesIn(answer);
  return [
    ...upstream(answer, applied),
    ...aggregation(answer, applied),
    ...namespaces(isAboutEveryNamespace && answer.scope.namespace === null, places, applied),
    ...home(places, applied),
    ...pods(answer, applied),
    ...(applied.open.size > 0
      ? ['the cluster holds nothing else of the kinds that the manifests have (of no other kind is anything known)']
      : []),
    ...(applied.isLaidOver ? ['objects without a uid are applied to the cluster from which the others were read'] : []),
  ];
}

function upstream(answer: Answer, { upstream: added, version }: Applied): string[] {
  if (!keysIn(answer).some((key) => added.has(key))) return [];
  const hint = version.isSaid ? '' : ' (--server-version names another)';
  return [`upstream's roles, bindings and controller accounts exist, as Kubernetes ${version.text} makes them${hint}`];
}

function aggregation(answer: Answer, { aggregated }: Applied): string[] {
  const names = [...new Set(keysIn(answer).filter((key) => aggregated.has(key)))].map((key) =>
    key.slice(key.lastIndexOf('/') + 1),
  );
  return names.length === 0
    ? []
    : [`the controller that aggregates ClusterRoles has filled ${few(names, 'ClusterRole')}`];
}

function namespaces(isAll: boolean, places: ReadonlySet<string>, { namespaces: added }: Applied): string[] {
  const names = [...added].filter((name) => isAll || places.has(name)).sort();
  if (names.length === 0) return [];
  const [exist, are] = names.length === 1 ? ['exists', 'its'] : ['exist', 'their'];
  return [
    `${few(names, 'namespace')} ${exist} with no label but ${are} name: no manifest describes ${names.length === 1 ? 'it' : 'them'}`,
  ];
}

function home(places: ReadonlySet<string>, { home: found }: Applied): string[] {
  if (found === null || !places.has(found.namespace)) return [];
  const why = {
    said: ' (-n)',
    only: ', the only namespace that the manifests name (-n names another)',
    default: ' (-n names another)',
  }[found.from];
  return [`objects that say no namespace are in ${found.namespace}${why}`];
}

function pods({ target, findings, pods: judged = [] }: Answer, { made, defaulted }: Applied): string[] {
  const objects = [...(target?.kind === 'Pod' ? [target] : []), ...judged, ...findings.flatMap(podOf)];
  const keys = [...new Set(objects.map(({ namespace, name }) => `${namespace}/${name}`))];
  const stand = keys.flatMap((key) => made.get(key) ?? []);
  const isFilled = stand.length > 0 || keys.some((key) => defaulted.has(key));
  const workloads = [...new Set(stand.map(({ workload }) => workload))];
  const total = stand.reduce((sum, each) => sum + each.count, 0);
  return [
    ...(stand.length > 0 ? [standing(workloads, total)] : []),
    ...(isFilled ? ["what pods leave open is the API server's default: account, token, ports of the node"] : []),
  ];
}

function standing(workloads: readonly string[], total: number): string {
  const [have, their] = workloads.length === 1 ? ['has', 'its controller'] : ['have', 'their controllers'];
  const [pods, are] = total === 1 ? ['pod', 'it is'] : [`${total} pods`, 'all are'];
  return `${few(workloads, 'workload')} ${have} the ${pods} that ${their} would make, and ${are} admitted`;
}

const podOf = ({ object }: Finding): Finding['object'][] =>
  object.kind === 'Pod' && object.name !== '' ? [object] : [];

/** Roles and bindings that the findings rest on, as bootstrapKey writes them. */
function keysIn({ findings, nearMisses }: Answer): string[] {
  const grants = [...findings, ...nearMisses].flatMap(({ evidence }) => evidence.flatMap((step) => step.grants));
  return grants.flatMap(({ binding, role }) =>
    [binding, role].map((each) => bootstrapKey({ ...each, kind: each.kind as Role['kind'] | Binding['kind'] })),
  );
}

function placesIn({ scope, target, findings, nearMisses }: Answer): Set<string> {
  const own = [scope.namespace, target?.namespace, target?.kind === 'Namespace' ? target.name : null];
  const found = [...findings, ...nearMisses]
    .filter(({ accepted }) => !accepted)
    .flatMap((each) => [each.scope.namespace, each.object.namespace, ...(each.spawn?.namespaces ?? [])]);
  return new Set([...own, ...found].filter((name): name is string => typeof name === 'string'));
}

const few = (names: readonly string[], word: string): string =>
  names.length > 3
    ? `${names.length} ${word}s`
    : word === 'workload'
      ? joinAnd(names)
      : `${word}${names.length === 1 ? '' : 's'} ${joinAnd(names)}`;
