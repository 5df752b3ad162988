import { isStatic, type Kind, type KindName, type Kinds, type StaticKind, type StaticKinds } from '../kinds.ts';
import { kindOfNeed } from '../needs.ts';
import type { Raw } from '../raw.ts';
import { reduceManifest } from './manifest.ts';
import {
  reduceCustomResource,
  reduceNamespace,
  reduceNode,
  reduceRuntimeClass,
  reduceSecret,
  reduceService,
  reduceServiceAccount,
  reduceWorkload,
} from './others.ts';
import { reducePod } from './pod.ts';
import { reduceBinding, reduceRole } from './rbac.ts';
import { reduceClaim, reducePersistentVolume } from './volumes.ts';

/**
 * Reduces one raw object of a kind to its narrow type. Throws Malformed for an object that does not have the API's
 * shape.
 */
export function reduce<K extends KindName>(need: { kind: K; api?: Kind; whole?: true }, raw: Raw): Kinds[K] {
  const { kind } = need;
  if (kind === 'pods') return reducePod(raw, need.whole) as Kinds[K];
  return (isStatic(kind) ? REDUCE[kind](raw) : reduceManifest(raw, kindOfNeed(need))) as Kinds[K];
}

const REDUCE: { readonly [K in StaticKind]: (raw: Raw) => StaticKinds[K] } = {
  clusterroles: (raw) => reduceRole(raw, 'ClusterRole'),
  clusterrolebindings: (raw) => reduceBinding(raw, 'ClusterRoleBinding'),
  roles: (raw) => reduceRole(raw, 'Role'),
  rolebindings: (raw) => reduceBinding(raw, 'RoleBinding'),
  pods: (raw) => reducePod(raw),
  namespaces: reduceNamespace,
  nodes: reduceNode,
  runtimeclasses: reduceRuntimeClass,
  serviceaccounts: reduceServiceAccount,
  services: reduceService,
  secrets: reduceSecret,
  deployments: (raw) => reduceWorkload(raw, 'Deployment'),
  replicasets: (raw) => reduceWorkload(raw, 'ReplicaSet'),
  statefulsets: (raw) => reduceWorkload(raw, 'StatefulSet'),
  daemonsets: (raw) => reduceWorkload(raw, 'DaemonSet'),
  jobs: (raw) => reduceWorkload(raw, 'Job'),
  cronjobs: (raw) => reduceWorkload(raw, 'CronJob'),
  replicationcontrollers: (raw) => reduceWorkload(raw, 'ReplicationController'),
  customresourcedefinitions: reduceCustomResource,
  persistentvolumes: reducePersistentVolume,
  persistentvolumeclaims: reduceClaim,
};
