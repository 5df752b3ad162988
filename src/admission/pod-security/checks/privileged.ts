import { type Check, inContainers } from '../check.ts';
import { containersNamed } from '../words.ts';

/**
 * Baseline: no privileged container, which is root on the node in all but name.
 * Mirrors pod-security-admission policy/check_privileged.go.
 */
export const privileged: Check = {
  id: 'privileged',
  level: 'baseline',
  fields: inContainers('securityContext.privileged'),
  versions: [
    {
      since: '1.0',
      run: ({ containers }) => {
        const bad = containers.filter((each) => each.privileged).map(({ name }) => name);
        return bad.length === 0
          ? null
          : { reason: 'privileged', detail: `${containersNamed(bad)} must not set securityContext.privileged=true` };
      },
    },
  ],
};
