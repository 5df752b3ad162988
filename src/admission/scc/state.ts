import type { Raw } from '../../world/raw.ts';
import type { ContainerList } from '../request/pod-containers.ts';

/** A pod while it is fitted to an SCC. `security` and `annotations` are its own copies. */
export interface PodState {
  original: Raw;
  spec: Raw;
  security: Raw;
  annotations: Record<string, string>;
}

export interface ContainerState {
  list: ContainerList;
  name: string;
  raw: Raw;
  pod: PodState;
  security: Raw;
}

/** The effective setting of a container: its own value, or else the pod's. */
export const effective = ({ security, pod }: ContainerState, field: string): unknown =>
  security[field] ?? pod.security[field];
