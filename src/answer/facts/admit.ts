/** What `admit` adds to a finding: one for each pod. */
export interface AdmitFacts {
  /** What refuses the pod, or may. */
  violations?: Violation[];
  /** The object itself is accepted, and only its pods are refused, when a controller makes them. */
  refusedLater?: boolean;
  /** Where the object is written: `web.yaml:12`. */
  from?: string;
}

export interface Violation {
  /** Of Pod Security the id of the check; else the policy or rule. */
  check: string;
  /** `host namespaces`. */
  reason: string;
  /** `hostPID=true`. */
  detail: string;
}
