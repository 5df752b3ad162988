import { type ControlPlane, DEFAULT_CONTROLLERS } from '../../helpers/control-plane.ts';

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

/** A node is tainted until its kubelet reports, which none does here. */
export const makeReady = (plane: ControlPlane): Promise<unknown> =>
  plane.request('PATCH', '/api/v1/nodes/n1', { spec: { taints: null } }, MERGE);

/** How a change of single fields is sent. */
export const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
