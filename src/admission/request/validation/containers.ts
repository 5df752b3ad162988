import { child, children, type Raw, text } from '../../../world/raw.ts';
import { CONTAINER_LISTS } from '../../pod-security/pod.ts';

/** A container and its place in the pod. */
export interface Placed {
  raw: Raw;
  /** The path, such as `spec.initContainers[0]`. */
  path: string;
  list: (typeof CONTAINER_LISTS)[number];
  name: string;
}

/** The containers of a pod, of every kind: init containers, regular ones, ephemeral ones. */
export function containersOf(spec: Raw): Placed[] {
  return CONTAINER_LISTS.flatMap((list) =>
    children(spec, list).map((raw, index) => ({
      raw,
      path: `spec.${list}[${index}]`,
      list,
      name: text(raw, 'name') ?? '',
    })),
  );
}

/** The security context of a container; null where there is none. */
export const contextOf = (container: Raw): Raw | null =>
  container.securityContext ? child(container, 'securityContext') : null;
