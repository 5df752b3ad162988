import { type Check, inContainers, type Run } from '../check.ts';
import { hasOwnUsers } from '../relaxations.ts';
import { containersNamed, joinQuote, sorted } from '../words.ts';

/** Mirrors pod-security-admission policy/check_procMount_baseline.go. */
const always: Run = ({ containers }) => {
  const bad = containers.filter(({ procMount }) => procMount !== null && procMount !== 'Default');
  if (bad.length === 0) return null;
  const types = joinQuote(sorted(bad.map(({ procMount }) => procMount ?? '')));
  return {
    reason: 'procMount',
    detail: `${containersNamed(bad.map(({ name }) => name))} must not set securityContext.procMount to ${types}`,
  };
};

/** Baseline: /proc stays masked. Since policy 1.35 a pod with its own user namespace may see all of it. */
export const procMount: Check = {
  id: 'procMount',
  level: 'baseline',
  fields: [...inContainers('securityContext.procMount'), 'spec.hostUsers'],
  versions: [
    { since: '1.0', run: always },
    { since: '1.35', run: (pod) => (hasOwnUsers(pod) ? null : always(pod)) },
  ],
};

/**
 * Restricted: what baseline relaxed in 1.35 stays forbidden. Mirrors pod-security-admission
 * policy/check_procMount_restricted.go.
 */
export const procMountRestricted: Check = {
  id: 'procMount_restricted',
  level: 'restricted',
  overrides: ['procMount'],
  fields: inContainers('securityContext.procMount'),
  versions: [{ since: '1.35', run: always }],
};
