import { type Check, inContainers } from '../check.ts';
import { containersNamed, pluralize, sorted } from '../words.ts';

/**
 * Baseline: containers must not use ports of the node. With hostNetwork the API sets hostPort to containerPort. Ports
 * are listed in the order of their digits. Mirrors pod-security-admission policy/check_hostPorts.go.
 */
export const hostPorts: Check = {
  id: 'hostPorts',
  level: 'baseline',
  fields: inContainers('ports[*].hostPort'),
  versions: [
    {
      since: '1.0',
      run: ({ containers }) => {
        const bad = containers.filter((each) => each.hostPorts.length > 0);
        if (bad.length === 0) return null;
        const ports = sorted(bad.flatMap((each) => each.hostPorts.map(String)));
        const uses = `${pluralize('uses', 'use', bad.length)} ${pluralize('hostPort', 'hostPorts', ports.length)}`;
        return {
          reason: 'hostPort',
          detail: `${containersNamed(bad.map(({ name }) => name))} ${uses} ${ports.join(', ')}`,
        };
      },
    },
  ],
};
