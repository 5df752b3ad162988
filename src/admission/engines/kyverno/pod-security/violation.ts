/** A check of Pod Security that a pod does not pass. */
export interface PodSecurityViolation {
  /** Id of the check: `hostNamespaces`. */
  check: string;
  reason: string;
  detail: string;
  rests: readonly string[];
}
