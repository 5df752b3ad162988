import type { Process, Sandbox } from './process.ts';

/** `linux.seccomp` of the OCI runtime spec, which is what a Localhost profile becomes. */
export interface Seccomp {
  defaultAction: string;
  architectures?: string[];
  syscalls?: {
    names: string[];
    action: string;
    args?: { index: number; value: number; valueTwo?: number; op: string }[];
  }[];
}

/** The user of the machine that is root in a container with a user namespace of its own; otherwise root is root. */
export const ownerOf = ({ ownUserNamespace }: Sandbox): number => (ownUserNamespace ? FIRST_UID : 0);

/**
 * config.json of a container that runs the probe: nothing but what decides, and what runc can't do without. With a user
 * namespace of its own its network is made within that, as containerd 2 and CRI-O do; with the host's it stays in the
 * network that runc is started in.
 */
export function configOf({ uid, noNewPrivileges, capabilities }: Process, sandbox: Sandbox, seccomp?: Seccomp): object {
  const kinds = [
    'pid',
    'ipc',
    'uts',
    'mount',
    ...(sandbox.ownUserNamespace ? ['user'] : []),
    ...(sandbox.hostNetwork ? [] : ['network']),
  ];
  const prefixed = Object.entries(capabilities).map(([set, names]) => [set, names.map((name) => `CAP_${name}`)]);
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid: uid },
      args: ['/probe', 'all'],
      cwd: '/',
      noNewPrivileges,
      capabilities: Object.fromEntries(prefixed),
    },
    root: { path: 'rootfs', readonly: true },
    mounts: [{ destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] }],
    linux: {
      namespaces: kinds.map((type) => ({ type })),
      ...(sandbox.ownUserNamespace && { uidMappings: MAPPINGS, gidMappings: MAPPINGS }),
      ...(seccomp && { seccomp }),
    },
  };
}

const FIRST_UID = 100_000;
const MAPPINGS = [{ containerID: 0, hostID: FIRST_UID, size: 65_536 }];
