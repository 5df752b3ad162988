/** The OCI process, as far as the security context decides it: capability sets without the CAP_ prefix. */
export interface Process {
  uid: number;
  noNewPrivileges: boolean;
  capabilities: Record<CapabilitySet, readonly string[]>;
}

type CapabilitySet = 'bounding' | 'effective' | 'permitted' | 'inheritable' | 'ambient';

/** And of the sandbox. */
export interface Sandbox {
  /** hostUsers: false */
  ownUserNamespace: boolean;
  hostNetwork: boolean;
}
