import type { Process, Sandbox } from './process.ts';

export const own: Sandbox = { ownUserNamespace: false, hostNetwork: false };
export const hostNetwork: Sandbox = { ...own, hostNetwork: true };
/** containerd 2, CRI-O: the pod's network belongs to it. */
export const userNamespace: Sandbox = { ...own, ownUserNamespace: true };
/** Behind a feature gate: the network belongs to the machine. */
export const both: Sandbox = { ownUserNamespace: true, hostNetwork: true };

/** As a runtime starts it: it has what bounds it, until exec takes that from all but root. */
export function as(
  uid: number,
  names: readonly string[],
  more: Partial<Process['capabilities']> & { noNewPrivileges?: boolean } = {},
): Process {
  const { noNewPrivileges = false, ...sets } = more;
  const all = [...names];
  return {
    ...{ uid, noNewPrivileges },
    capabilities: { bounding: all, effective: all, permitted: all, inheritable: [], ambient: [], ...sets },
  };
}

/** Of containerd and docker. */
export const DEFAULTS = [
  ...[
    'CHOWN',
    'DAC_OVERRIDE',
    'FSETID',
    'FOWNER',
    'MKNOD',
    'NET_RAW',
    'SETGID',
    'SETUID',
    'SETFCAP',
    'SETPCAP',
    'NET_BIND_SERVICE',
  ],
  ...['SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
];
/** Of CRI-O. */
export const FEWER = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'KILL',
];
