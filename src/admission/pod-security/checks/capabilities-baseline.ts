import { type Check, inContainers } from '../check.ts';
import { containersNamed, joinQuote, sorted } from '../words.ts';

/**
 * Baseline: only what a container runtime grants anyway may be added. Names are compared as written: `ALL` and
 * `CAP_CHOWN` are none of these. Mirrors pod-security-admission policy/check_capabilities_baseline.go.
 */
export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  fields: inContainers('securityContext.capabilities.add'),
  versions: [
    {
      since: '1.0',
      run: ({ containers }) => {
        const bad = containers.filter(({ add }) => add.some((each) => !DEFAULTS.has(each)));
        if (bad.length === 0) return null;
        const added = sorted(bad.flatMap(({ add }) => add.filter((each) => !DEFAULTS.has(each))));
        const named = containersNamed(bad.map(({ name }) => name));
        return {
          reason: 'non-default capabilities',
          detail: `${named} must not include ${joinQuote(added)} in securityContext.capabilities.add`,
        };
      },
    },
  ],
};

const DEFAULTS: ReadonlySet<string> = new Set([
  ...[
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
  ],
  ...['SETUID', 'SYS_CHROOT'],
]);
