import { opening, sameKernel } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * Profiles that are off. None is a way out alone: each is one obstacle less for what is. Condition: seccomp Unconfined,
 * or none, which is the same unless the kubelet says --seccomp-default; AppArmor Unconfined; SELinux type spc_t. A
 *            privileged container is without them anyhow.
 */
export const PROFILES: readonly Escape[] = [
  {
    id: 'seccomp-unconfined',
    title: 'seccomp Unconfined',
    find: ({ settings: { seccomp, privileged } }, place) => {
      if (privileged || (seccomp !== null && seccomp.type !== 'Unconfined')) return [];
      const words = seccomp ? 'seccomp Unconfined' : 'no seccomp profile (unless the kubelet says --seccomp-default)';
      return [opening('help', `${words}: all system calls`, sameKernel(place))];
    },
  },
  {
    id: 'apparmor-unconfined',
    title: 'AppArmor Unconfined',
    find: ({ settings: { appArmor, privileged } }, place) =>
      appArmor?.type === 'Unconfined' && !privileged
        ? [opening('help', 'AppArmor Unconfined: mounting and tracing are not denied', sameKernel(place))]
        : [],
  },
  {
    id: 'selinux-spc',
    title: 'SELinux type spc_t',
    find: ({ settings: { seLinuxType, privileged } }, place) =>
      seLinuxType === 'spc_t' && !privileged
        ? [opening('help', 'SELinux type spc_t: all files of the node are labelled for it', sameKernel(place))]
        : [],
  },
];
