import { child, children, type Raw, text } from '../../world/raw.ts';

export type ContainerList = 'initContainers' | 'containers' | 'ephemeralContainers';

/** A container of a raw pod, and its place in the pod. */
export interface PodContainer {
  list: ContainerList;
  name: string;
  raw: Raw;
}

/** The containers of a pod in the given lists. Throws Malformed where a list is no list. */
export const containersOf = (pod: Raw, lists: readonly ContainerList[] = ALL): PodContainer[] =>
  lists.flatMap((list) =>
    children(child(pod, 'spec'), list).map((raw) => ({ list, name: text(raw, 'name') ?? '', raw })),
  );

const ALL: readonly ContainerList[] = ['initContainers', 'containers', 'ephemeralContainers'];
