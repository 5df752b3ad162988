import type { Unknown } from '../../answer/unknown.ts';
import type { Gain } from './escape.ts';
import type { Doubt } from './node-paths.ts';

/** A capability that counts outside the container. */
export interface NodeCapability {
  /** The id of the escape. */
  id: string;
  /** The name without `CAP_`. */
  capability: string;
  gain: Gain;
  words: string;
  /** The further condition: a namespace of the node, or (`own network`) a network that is not the node's. */
  needs?: 'hostPID' | 'hostNetwork' | 'own network';
  /** What the runtimes' AppArmor profile denies it; `partly` means that what remains is enough. */
  appArmor?: { denies: string; partly?: true };
  /** Further capabilities, of which one is needed. */
  with?: readonly string[];
  /** Whether the runtimes' seccomp profile blocks it. */
  seccomp?: true;
  /** Whether it is only reported where it is added, and not where a runtime gives it by default. */
  onlyAdded?: true;
  doubt?: Doubt;
}

/**
 * Whether adding a capability takes the node or its data, with or without hostPID. Decides by the name as it is
 * written.
 */
export function takesNodeBy(written: string, hostPID: boolean): boolean {
  const name = plainCapability(written);
  return name === 'ALL' || (hostPID ? WITH_PROCESSES : ALONE).has(name);
}

export const plainCapability = (written: string): string => written.toUpperCase().replace(/^CAP_/, '');

export const KERNEL_BUILD: Unknown = {
  kind: 'invisible',
  what: 'how the kernel of the node is built and locked down',
  why: 'it is not in the API',
  affects: 'what capabilities over the network can do',
};
const LOCKED_DOWN: Doubt = { leaning: 'yes', words: 'unless the kernel is locked down', unknown: KERNEL_BUILD };

const WIRING: Doubt = {
  leaning: null,
  words: 'where the network plugin lets it',
  unknown: {
    kind: 'invisible',
    what: 'how the network plugin wires pods',
    why: 'its mode is not in the API',
    affects: 'whether a pod passes for another',
  },
};

/**
 * The catalogue of capabilities. Sources: capabilities(7); for the further conditions moby
 * profiles/seccomp/default.json, which allows the system calls of each capability that is held (except kexec_load for
 * SYS_BOOT), and containerd contrib/apparmor/template.go.
 */
export const NODE_CAPABILITIES: readonly NodeCapability[] = [
  {
    id: 'cap-sys-admin',
    capability: 'SYS_ADMIN',
    ...{ gain: 'node root', words: 'mounts, BPF programs and namespaces of the node' },
    appArmor: { denies: 'mounting, and leaves BPF', partly: true },
  },
  {
    id: 'cap-sys-module',
    capability: 'SYS_MODULE',
    gain: 'node root',
    words: 'loads modules into the kernel of the node',
  },
  {
    id: 'cap-sys-ptrace',
    capability: 'SYS_PTRACE',
    ...{ gain: 'node root', words: 'with hostPID it takes over processes of the node', needs: 'hostPID' },
    appArmor: { denies: 'tracing processes of the node' },
  },
  // A file handle opens the node's disk, and files of root can also be written; no other capability is needed (tried on
  // Linux 6.18).
  {
    id: 'cap-dac-read-search',
    capability: 'DAC_READ_SEARCH',
    gain: 'node root',
    words: 'opens any file on the disk of the node by its handle',
  },
  {
    id: 'cap-sys-rawio',
    capability: 'SYS_RAWIO',
    ...{ gain: 'node root', words: 'I/O ports and memory of the node', doubt: LOCKED_DOWN },
  },
  {
    id: 'cap-sys-boot',
    capability: 'SYS_BOOT',
    ...{
      gain: 'node root',
      words: 'starts another kernel on the node',
      seccomp: true,
      doubt: { ...LOCKED_DOWN, leaning: null },
    },
  },
  {
    id: 'cap-bpf-perfmon',
    capability: 'BPF',
    ...{
      gain: 'node data',
      words: 'reads memory of the kernel and of all processes by BPF programs',
      with: ['PERFMON', 'SYS_ADMIN'],
    },
  },
  {
    id: 'cap-net-admin',
    capability: 'NET_ADMIN',
    ...{ gain: 'node network', words: 'rewrites routes and filters of the node', needs: 'hostNetwork' },
  },
  {
    id: 'cap-net-raw',
    capability: 'NET_RAW',
    ...{ gain: 'node network', words: 'reads and forges packets on the interfaces of the node', needs: 'hostNetwork' },
  },
  {
    id: 'cap-net-admin',
    capability: 'NET_ADMIN',
    ...{ gain: 'other pods', words: 'takes the address of another pod', needs: 'own network', doubt: WIRING },
  },
  {
    id: 'cap-net-raw',
    capability: 'NET_RAW',
    ...{
      gain: 'other pods',
      words: 'forges packets on the network of pods, as far as the network plugin lets them pass',
      needs: 'own network',
    },
  },
  {
    id: 'cap-sys-boot',
    capability: 'SYS_BOOT',
    ...{ gain: 'help', words: 'with hostPID it reboots the node', needs: 'hostPID' },
  },
  {
    id: 'cap-mknod',
    capability: 'MKNOD',
    ...{ gain: 'help', words: 'makes devices that a process of the node can open by /proc/PID/root', needs: 'hostPID' },
  },
  { id: 'cap-sys-time', capability: 'SYS_TIME', gain: 'help', words: 'sets the clock of the node' },
  { id: 'cap-syslog', capability: 'SYSLOG', gain: 'help', words: "reads the kernel's log and addresses" },
  { id: 'cap-mac-admin', capability: 'MAC_ADMIN', gain: 'help', words: 'changes the policy of AppArmor or SELinux' },
  { id: 'cap-mac-admin', capability: 'MAC_OVERRIDE', gain: 'help', words: 'ignores the policy of Smack' },
  { id: 'cap-audit-control', capability: 'AUDIT_CONTROL', gain: 'help', words: "turns off the node's audit" },
  { id: 'cap-bpf-perfmon', capability: 'PERFMON', gain: 'help', words: 'watches how processes of the node run' },
  {
    id: 'cap-checkpoint-restore',
    capability: 'CHECKPOINT_RESTORE',
    gain: 'help',
    words: 'chooses process numbers, and reads what is mapped',
  },
  { id: 'cap-setfcap', capability: 'SETFCAP', gain: 'help', words: 'gives capabilities to files', onlyAdded: true },
  {
    id: 'cap-sys-chroot',
    capability: 'SYS_CHROOT',
    gain: 'help',
    words: 'changes its root directory',
    onlyAdded: true,
  },
  { id: 'cap-dac-override', capability: 'DAC_OVERRIDE', gain: 'help', words: 'ignores file modes', onlyAdded: true },
];

const TAKING = NODE_CAPABILITIES.filter(
  ({ gain, seccomp }) => (gain === 'node root' || gain === 'node data') && !seccomp,
);
const WITH_PROCESSES: ReadonlySet<string> = new Set(TAKING.map(({ capability }) => capability));
const ALONE: ReadonlySet<string> = new Set(TAKING.filter(({ needs }) => !needs).map(({ capability }) => capability));
