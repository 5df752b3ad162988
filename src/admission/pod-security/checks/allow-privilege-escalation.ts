import { type Check, inContainers, type Run } from '../check.ts';
import { isWindows } from '../relaxations.ts';
import { containersNamed } from '../words.ts';

/** Mirrors pod-security-admission policy/check_allowPrivilegeEscalation.go. */
const since8: Run = ({ containers }) => {
  const bad = containers
    .filter(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false)
    .map(({ name }) => name);
  if (bad.length === 0) return null;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersNamed(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

/**
 * Restricted: every container has to set allowPrivilegeEscalation to false, so that setuid programs gain nothing.
 * Leaving it out is not enough.
 */
export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  fields: [...inContainers('securityContext.allowPrivilegeEscalation'), 'spec.os.name'],
  versions: [
    { since: '1.8', run: since8 },
    { since: '1.25', run: (pod) => (isWindows(pod) ? null : since8(pod)) },
  ],
};
