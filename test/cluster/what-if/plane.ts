import { DEFAULT_CONTROLLERS } from '../../helpers/control-plane.ts';

/** The controllers that act on a change of the table. */
export const CONTROLLERS: readonly string[] = [
  ...DEFAULT_CONTROLLERS,
  ...['deployment', 'replicaset', 'statefulset', 'daemonset', 'job'].map((name) => `${name}-controller`),
  ...['garbage-collector-controller', 'resourcequota-controller'],
];

/** One node that takes all pods, and one that takes those which tolerate its taint. */
export const nodes = (): object[] => [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
  {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n2' } },
    spec: { taints: [{ key: 'own', value: 'use', effect: 'NoSchedule' }] },
  },
];
