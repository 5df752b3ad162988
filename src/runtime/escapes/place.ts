import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { surroundingsOf } from '../surroundings.ts';
import type { Place } from './escape.ts';

/** Where the containers of a pod run, or may. */
export const placeOf = (pod: Pod, world: World): Place => ({
  ...surroundingsOf(pod, world),
  version: world.facts.version,
  osImage: (pod.node !== null && world.find('nodes', null, pod.node)?.osImage) || '',
});
