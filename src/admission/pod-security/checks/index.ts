import type { Check } from '../check.ts';
import { allowPrivilegeEscalation } from './allow-privilege-escalation.ts';
import { appArmorProfile } from './app-armor-profile.ts';
import { capabilitiesBaseline } from './capabilities-baseline.ts';
import { capabilitiesRestricted } from './capabilities-restricted.ts';
import { hostNamespaces } from './host-namespaces.ts';
import { hostPathVolumes } from './host-path-volumes.ts';
import { hostPorts } from './host-ports.ts';
import { hostProbesAndHostLifecycle } from './host-probes.ts';
import { privileged } from './privileged.ts';
import { procMount, procMountRestricted } from './proc-mount.ts';
import { restrictedVolumes } from './restricted-volumes.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { runAsUser } from './run-as-user.ts';
import { seLinuxOptions } from './se-linux-options.ts';
import { seccompProfileBaseline } from './seccomp-profile-baseline.ts';
import { seccompProfileRestricted } from './seccomp-profile-restricted.ts';
import { sysctls } from './sysctls.ts';
import { windowsHostProcess } from './windows-host-process.ts';

/** All checks of the Pod Security Standards, in no particular order. */
export const CHECKS: readonly Check[] = [
  ...[
    hostNamespaces,
    privileged,
    capabilitiesBaseline,
    hostPathVolumes,
    hostPorts,
    appArmorProfile,
    seLinuxOptions,
    procMount,
  ],
  ...[seccompProfileBaseline, sysctls, windowsHostProcess, hostProbesAndHostLifecycle],
  ...[
    restrictedVolumes,
    runAsNonRoot,
    allowPrivilegeEscalation,
    seccompProfileRestricted,
    capabilitiesRestricted,
    runAsUser,
  ],
  procMountRestricted,
];
