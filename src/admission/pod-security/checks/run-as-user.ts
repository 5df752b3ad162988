import { type Check, inSecurityContexts, type Run } from '../check.ts';
import { hasOwnUsers } from '../relaxations.ts';
import { settersNamed } from '../words.ts';

/** Mirrors pod-security-admission policy/check_runAsUser.go: the detail says runAsUser without its path. */
const always: Run = (pod) => {
  const bad = pod.containers.filter(({ runAsUser }) => runAsUser === 0).map(({ name }) => name);
  const setters = settersNamed(pod.runAsUser === 0, bad);
  return setters === '' ? null : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
};

/** Restricted: runAsUser must not be 0. It is relaxed in the same cases as runAsNonRoot. */
export const runAsUser: Check = {
  id: 'runAsUser',
  level: 'restricted',
  fields: [...inSecurityContexts('runAsUser'), 'spec.hostUsers'],
  versions: [
    { since: '1.23', run: always },
    { since: '1.35', run: (pod) => (hasOwnUsers(pod) ? null : always(pod)) },
  ],
};
