import type { Node, Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { surroundingsOf } from '../surroundings.ts';
import { behindClaims } from './claims.ts';
import type { Place } from './escape.ts';

/** Where the containers of a pod run or may run. */
export function placeOf(pod: Pod, world: World): Place {
  const node = pod.node === null ? undefined : world.find('nodes', null, pod.node);
  return {
    ...surroundingsOf(pod, world),
    version: world.facts.version,
    behind: behindClaims(pod.namespace, world),
    osImage: node?.osImage ?? '',
    isControlPlane: node !== undefined && isControlPlane(node),
  };
}

/** Whether a node runs the control plane, by its labels. */
export const isControlPlane = ({ labels }: Node): boolean => CONTROL_PLANE.some((label) => labels[label] !== undefined);

/** The labels that kubeadm and similar tools give to nodes of the control plane. */
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
