import type { KindName, StaticKind } from '../world/kinds.ts';
import { WORKLOADS } from '../world/kinds.ts';
import { get, list, type Need } from '../world/needs.ts';
import type { Change } from './change.ts';

/**
 * What has to be read to know what a change leads to, besides what a question reads: the objects that it deletes and
 * those that it replaces, and what controllers have made or will make of them. Pure.
 */
export function changeNeeds({ removals, additions }: Change): Need[] {
  const touched = [...removals, ...additions];
  const isTouched = (kind: KindName): boolean => touched.some((each) => each.kind === kind);
  const replaced = additions.filter(({ kind }) => MERGED.has(kind));
  return [
    ...[...removals, ...replaced].map(({ kind, namespace, name }) => get(kind, namespace, name)),
    ...touched.flatMap(({ kind, namespace }) => (namespace === null ? [] : madeIn(kind, namespace))),
    ...additions.flatMap(({ kind, namespace }) => (namespace === null ? [] : placeNeeds(kind, namespace))),
    // The controllers of roles and of DaemonSets look at all of them.
    ...(isTouched('clusterroles') ? [list('clusterroles')] : []),
    ...(additions.some(({ kind }) => kind === 'daemonsets') ? [list('nodes')] : []),
  ];
}

/** The kinds of which an object is not only replaced: its labels, its roleRef or its pods matter. */
const MERGED: ReadonlySet<KindName> = new Set([
  ...(['namespaces', 'pods', 'rolebindings', 'clusterrolebindings'] as const),
  ...WORKLOADS,
]);

/** What the controllers of workloads have made in a namespace. */
function madeIn(kind: KindName, namespace: string): Need[] {
  if (!isWorkload(kind)) return [];
  const between: readonly StaticKind[] = kind === 'deployments' ? ['replicasets'] : kind === 'cronjobs' ? ['jobs'] : [];
  return [...between, 'pods' as const].map((each) => list(each, namespace));
}

/** The namespace of an object, and the accounts whose tokens it mounts or holds. */
const placeNeeds = (kind: KindName, namespace: string): Need[] => [
  get('namespaces', null, namespace),
  ...(isWorkload(kind) || kind === 'pods' || kind === 'secrets' ? [list('serviceaccounts', namespace)] : []),
];

const isWorkload = (kind: KindName): boolean => WORKLOADS.some((each) => each === kind);
