/** Why a pod does not fit an SCC. */
export interface Violation {
  /** The field of the SCC that refuses. */
  check: string;
  detail: string;
  /** Fields of the pod, as `Refusal.rests`. */
  rests: string;
}
