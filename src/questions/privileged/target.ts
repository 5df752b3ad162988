import type { Subject } from '../../world/objects.ts';
import type { ObjectsTarget } from '../targets.ts';

/** Who is asked about: named subjects, the service accounts of named pods, or everybody if neither is named. */
export interface PrivilegedTarget {
  subjects: readonly Subject[];
  /** Null where no pods are named. */
  pods: ObjectsTarget | null;
  /** The namespace in which everybody is asked about; null for all namespaces (`-A`). */
  namespace: string | null;
  /** The namespace of `-n`, if given: it has to exist, although subjects are asked about in all namespaces. */
  given?: string | null;
}

export const isEverybodyAsked = ({ subjects, pods }: PrivilegedTarget): boolean =>
  subjects.length === 0 && pods === null;
