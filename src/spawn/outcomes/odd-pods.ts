import type { Unknown } from '../../answer/unknown.ts';
import type { Pod } from '../../world/objects.ts';

/**
 * An unknown for each pod of which it cannot be told what it can do: its spec has not the shape that the API gives it,
 * or was not read as a whole.
 */
export const oddPods = (pods: readonly Pod[], affects: string): Unknown[] =>
  pods.map(({ namespace, name, whole }): Unknown => {
    const why = whole === null ? 'it was not read as a whole' : 'its spec has not the shape that the API gives it';
    return { kind: 'unreadable', what: `pod ${namespace}/${name}`, why, affects };
  });
