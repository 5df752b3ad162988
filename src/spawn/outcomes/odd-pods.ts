import type { Unknown } from '../../answer/unknown.ts';
import type { Pod } from '../../world/objects.ts';

/**
 * An unknown for each pod whose strength is not known, because its spec was not read as a whole or has not the shape
 * that the API gives it.
 */
export const oddPods = (pods: readonly Pod[], affects: string): Unknown[] =>
  pods.map(({ namespace, name, whole }): Unknown => {
    const why = whole === null ? 'it was not read as a whole' : 'its spec has not the shape that the API gives it';
    return { kind: 'unreadable', what: `pod ${namespace}/${name}`, why, affects };
  });
