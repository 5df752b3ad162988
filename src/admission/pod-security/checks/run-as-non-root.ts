import { type Check, inSecurityContexts, type Run } from '../check.ts';
import { hasOwnUsers } from '../relaxations.ts';
import { containersNamed, settersNamed } from '../words.ts';

/**
 * Mirrors pod-security-admission policy/check_runAsNonRoot.go: one explicit false anywhere is too many, even where
 * every container says true.
 */
const always: Run = (pod) => {
  const explicit = pod.containers.filter(({ runAsNonRoot }) => runAsNonRoot === false).map(({ name }) => name);
  const setters = settersNamed(pod.runAsNonRoot === false, explicit);
  if (setters !== '') return { reason: REASON, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (pod.runAsNonRoot === true) return null;
  const bare = pod.containers.filter(({ runAsNonRoot }) => runAsNonRoot === null).map(({ name }) => name);
  return bare.length === 0
    ? null
    : { reason: REASON, detail: `pod or ${containersNamed(bare)} must set securityContext.runAsNonRoot=true` };
};

/** Restricted: no container runs as root. Since policy 1.35 root is allowed in a pod with its own user namespace. */
export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  fields: [...inSecurityContexts('runAsNonRoot'), 'spec.hostUsers'],
  versions: [
    { since: '1.0', run: always },
    { since: '1.35', run: (pod) => (hasOwnUsers(pod) ? null : always(pod)) },
  ],
};

const REASON = 'runAsNonRoot != true';
