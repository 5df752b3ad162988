/** A check of Pod Security that a pod fails. */
export interface PodSecurityViolation {
  /** The id of the check, such as `hostNamespaces`. */
  check: string;
  reason: string;
  detail: string;
  rests: readonly string[];
}
