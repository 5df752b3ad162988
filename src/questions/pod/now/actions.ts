import type { PodAction } from '../../../answer/facts/pod.ts';
import type { WayToEnd } from '../../question.ts';
import { closeDoor } from './close-door.ts';
import { cordonNode } from './cordon-node.ts';
import { deletePod } from './delete-pod.ts';
import { deleteTokenSecrets } from './delete-token-secrets.ts';
import { endWay } from './end-way.ts';
import type { Scene } from './scene.ts';

/**
 * The three things to do first, for this pod: what ends the worst that it leads to, what outlives the pod, who is in by
 * the grant that was changed last, and what ends with the pod. None of them is said of a pod that gives no reason for it.
 */
export function firstActions(scene: Scene): PodAction[] {
  const way = wayToEnd(scene);
  const worst = way ? [{ sure: way.isSure, found: endWay(way, scene) }] : [];
  const taken = new Set(way?.isSure ? [way.change.key] : []);
  const all = [
    ...worst.flatMap(({ sure, found }) => (sure ? [found] : [])),
    ...cordonNode(scene),
    ...deleteTokenSecrets(scene),
    ...closeDoor(scene, taken),
    ...deletePod(scene),
    ...worst.flatMap(({ sure, found }) => (sure ? [] : [found])),
  ];
  return all.slice(0, MOST);
}

const MOST = 3;

/** Without indirect ways nobody looked where the pod leads to. */
const wayToEnd = ({ target: { namespace, name }, pod, context: { world, options } }: Scene): WayToEnd | null =>
  options.indirect?.ending({ namespace, name, account: pod.serviceAccount }, world, options) ?? null;
