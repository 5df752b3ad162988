import type { PodNeighbour } from '../../answer/facts/pod.ts';
import { STRENGTHS, type Strength } from '../../spawn/probes/probes.ts';
import { strengthOfPod } from '../../spawn/probes/strength.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { livingOn, neighboursOf } from '../raw-sockets/network.ts';

/** The strongest first, and last those whose spec was not read. */
const rankOf = ({ strength }: PodNeighbour): number =>
  strength === null ? STRENGTHS.length : STRENGTHS.indexOf(strength as Strength);

/** The other pods on the node of a pod, the strongest first: one that is root there has the tokens of all of them. */
export function sharing(pod: Pod, world: World): PodNeighbour[] | null {
  if (pod.node === null || neighboursOf(pod, world) === null) return null;
  return livingOn(pod.node, world)
    .filter(({ namespace, name }) => namespace !== pod.namespace || name !== pod.name)
    .map(
      (each): PodNeighbour => ({
        namespace: each.namespace ?? '',
        name: each.name,
        serviceAccount: each.serviceAccount,
        strength: strengthOfPod(each, world)?.sure ?? null,
      }),
    )
    .toSorted((a, b) => rankOf(a) - rankOf(b));
}
