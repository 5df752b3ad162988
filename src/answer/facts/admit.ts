/** What `admit` adds to a finding: one for each pod. */
export interface AdmitFacts {
  /** What refuses the pod, or may. */
  violations?: Violation[];
  /** The object itself is accepted, and only its pods are refused, when a controller makes them. */
  refusedLater?: boolean;
  /** The file and line in which the object is written: `web.yaml:12`. */
  from?: string;
}

export interface Violation {
  /** The id of the check of Pod Security, or the name of the policy or rule. */
  check: string;
  /** `host namespaces`. */
  reason: string;
  /** `hostPID=true`. */
  detail: string;
}
