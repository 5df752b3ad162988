import { type Check, inSecurityContexts } from '../check.ts';
import { settersNamed } from '../words.ts';

/**
 * Baseline: no HostProcess container, which runs on the Windows node itself.
 * Mirrors pod-security-admission policy/check_windowsHostProcess.go.
 */
export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  fields: inSecurityContexts('windowsOptions.hostProcess'),
  versions: [
    {
      since: '1.0',
      run: ({ hostProcess, containers }) => {
        const bad = containers.filter((each) => each.hostProcess).map(({ name }) => name);
        return !hostProcess && bad.length === 0
          ? null
          : {
              reason: 'hostProcess',
              detail: `${settersNamed(hostProcess, bad)} must not set securityContext.windowsOptions.hostProcess=true`,
            };
      },
    },
  ],
};
