import { type Check, inSecurityContexts, type Run } from '../check.ts';
import { isWindows } from '../relaxations.ts';
import { containersNamed } from '../words.ts';
import { unconfined } from './seccomp-profile-baseline.ts';

/** Mirrors pod-security-admission policy/check_seccompProfile_restricted.go. */
const since19: Run = (pod) => {
  const switchedOff = unconfined(pod);
  if (switchedOff || pod.seccomp !== null) return switchedOff;
  const bare = pod.containers.filter(({ seccomp }) => seccomp === null).map(({ name }) => name);
  if (bare.length === 0) return null;
  const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason: 'seccompProfile', detail: `pod or ${containersNamed(bare)} ${must}` };
};

/** Restricted: seccomp has to be switched on, for the pod or for each container. Overrides the baseline check. */
export const seccompProfileRestricted: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  overrides: ['seccompProfile_baseline'],
  fields: [...inSecurityContexts('seccompProfile.type'), 'spec.os.name'],
  versions: [
    { since: '1.19', run: since19 },
    { since: '1.25', run: (pod) => (isWindows(pod) ? null : since19(pod)) },
  ],
};
