import type { Subject } from '../../world/objects.ts';
import type { ObjectsTarget } from '../targets.ts';

/** Who is asked about: subjects as such, pods that stand for their accounts, or everybody where neither is named. */
export interface PrivilegedTarget {
  subjects: readonly Subject[];
  /** Null where no pods are named. */
  pods: ObjectsTarget | null;
  /** Of everybody: in which namespace; null for any (`-A`). */
  namespace: string | null;
  /**
   * What `-n` says, where somebody said it: it has to be there, even where subjects are asked about in all namespaces.
   */
  given?: string | null;
}

export const isEverybodyAsked = ({ subjects, pods }: PrivilegedTarget): boolean =>
  subjects.length === 0 && pods === null;
