import { blockVolume } from './block-volume.ts';
import { CAPABILITIES } from './capability.ts';
import type { Escape } from './escape.ts';
import { gitRepo } from './git-repo.ts';
import { HOST_NAMESPACES } from './host-namespaces.ts';
import { claimedVolume, HOST_PATHS } from './host-path.ts';
import { hostPorts } from './host-ports.ts';
import { privileged, privilegedHostPid } from './privileged.ts';
import { probeHosts } from './probe-hosts.ts';
import { procMount } from './proc-mount.ts';
import { PROFILES } from './profiles.ts';
import { secrets } from './secrets.ts';
import { sharedProcesses } from './shared-processes.ts';
import { sysctls } from './sysctls.ts';
import { VOLUMES } from './volumes.ts';
import { windowsHostProcess } from './windows-host-process.ts';

/**
 * All ways out of a container that its spec shows. The rights of its token and the position of its node are other
 * questions.
 */
export const ESCAPES: readonly Escape[] = [
  ...[privilegedHostPid, privileged, windowsHostProcess],
  ...HOST_PATHS,
  ...HOST_NAMESPACES,
  ...CAPABILITIES,
  ...[procMount, gitRepo, blockVolume, claimedVolume, sharedProcesses],
  ...[...VOLUMES, ...PROFILES, secrets, hostPorts, probeHosts, sysctls],
];
