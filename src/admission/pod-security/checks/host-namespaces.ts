import type { Check } from '../check.ts';

/**
 * Baseline: pods must not share the host's namespaces.
 * Allowed: absent or false. Each is a window into the node; hostNetwork also steps around NetworkPolicy.
 * Mirrors pod-security-admission policy/check_hostNamespaces.go.
 */
export const hostNamespaces: Check = {
  id: 'hostNamespaces',
  level: 'baseline',
  fields: ['spec.hostNetwork', 'spec.hostPID', 'spec.hostIPC'],
  versions: [
    {
      since: '1.0',
      run: (pod) => {
        const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => pod[field]);
        return shared.length === 0
          ? null
          : { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
      },
    },
  ],
};
