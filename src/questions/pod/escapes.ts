import type { PodEscape } from '../../answer/facts/pod.ts';
import { claimNeeds } from '../../runtime/escapes/claims.ts';
import { escapesOf } from '../../runtime/escapes/escapes-of.ts';
import { placeOf } from '../../runtime/escapes/place.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { Pod, Volume } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';

/**
 * What has to be read to know where a pod's containers run: its node, or those that it may come to; what its
 * RuntimeClass stands for, and what is behind its claims.
 */
export const escapeNeeds = ({ namespace, node, context: { runtimeClass }, volumes }: Pod, world: World): Need[] => [
  node === null ? list('nodes') : get('nodes', null, node),
  ...(runtimeClass === null ? [] : [get('runtimeclasses', null, runtimeClass)]),
  ...claimNeeds(namespace, claimsIn(volumes), world),
];

const claimsIn = (volumes: readonly Volume[]): string[] =>
  volumes.filter(({ source }) => source === 'persistentVolumeClaim').map(({ detail }) => detail);

/** What the containers of a pod can do to the node and to other pods, worst first. */
export const podEscapes = (pod: Pod, world: World): PodEscape[] =>
  escapesOf(pod, placeOf(pod, world)).map(({ id, container, gain, verdict, leaning, reason, unknowns }) => ({
    ...{ id, container, gain, verdict, leaning, reason },
    unknowns: [...unknowns],
  }));

/** What holds in almost every cluster and is shown by none, as far as something of this pod rests on it. */
export function escapeAssumptions({ context }: Pod, escapes: readonly PodEscape[]): string[] {
  return [
    ...(context.hostUsers
      ? []
      : [
          'hostUsers: false is honored by the kubelet of the node (gate UserNamespacesSupport, on by default since 1.33)',
        ]),
    ...(escapes.some(({ id, verdict }) => id.startsWith('hostpath-') && verdict !== 'no') &&
    context.seLinuxType === null
      ? ['SELinux, where the node has it, does not keep containers without a type of their own from what they mount']
      : []),
  ];
}
