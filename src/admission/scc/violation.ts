/** Why a pod does not fit an SCC. */
export interface Violation {
  /** The field of the SCC that refuses. */
  check: string;
  detail: string;
  /** The fields of the pod, spelled as in `Refusal.rests`. */
  rests: string;
}
