import { CAPABILITIES } from '../../src/runtime/capabilities/names.ts';
import type { Process } from './process.ts';

/** What test/kernel/probe prints about each of its copies. */
export type Report = Record<Copy, Seen | NotStarted>;
export type Copy = 'plain' | 'setuid' | 'fileCapability';

/** Of a process that ran. Results are '' where it worked, else the error. */
export interface Seen {
  sockets: Record<string, string>;
  /** Giving an interface another address, which NET_ADMIN is for. */
  takeAddress: string;
  /** Some of /proc/self/status. */
  status: Record<string, string>;
}

/** Of a copy that the kernel does not let start. */
export interface NotStarted {
  exec: string;
}

/**
 * Whether a copy opens raw and packet sockets. Throws where it opens some and not others, or fails for another reason
 * than a lack of rights.
 */
export function opensRawSockets(seen: Seen | NotStarted): boolean {
  const results = 'exec' in seen ? [seen.exec] : RAW.map((name) => seen.sockets[name] ?? 'not tried');
  // A kernel may be built without some of these families.
  const [first, ...others] = new Set(results.filter((result) => result !== 'EAFNOSUPPORT'));
  if (others.length > 0 || (first !== '' && first !== 'EPERM'))
    throw new Error(`neither open nor forbidden: ${JSON.stringify(seen)}`);
  return first === '';
}

/** Throws where a container's first process is not what was asked for: whatever it opens would then say nothing. */
export function checkProcess({ uid, noNewPrivileges, capabilities }: Process, seen: Seen | NotStarted): void {
  if ('exec' in seen) throw new Error('what runs is not started by itself');
  const { Uid, NoNewPrivs, CapInh, CapBnd, CapAmb } = seen.status;
  const is = [Uid?.split('\t')[0], NoNewPrivs, ...[CapInh, CapBnd, CapAmb].map(named)];
  const asked = [
    `${uid}`,
    noNewPrivileges ? '1' : '0',
    ...[capabilities.inheritable, capabilities.bounding, capabilities.ambient].map(known),
  ];
  if (`${is}` !== `${asked}`) throw new Error(`asked for ${asked.join(' | ')}, got ${is.join(' | ')}`);
}

/** Of a set as the kernel writes it, in hexadecimal. */
export function named(set = '0'): string {
  return CAPABILITIES.filter((_, bit) => (BigInt(`0x${set}`) >> BigInt(bit)) & 1n).join();
}

/** What is no capability is ignored by runc too. */
const known = (names: readonly string[]) => CAPABILITIES.filter((name) => names.includes(name)).join();

const RAW = ['AF_INET SOCK_RAW', 'AF_INET6 SOCK_RAW', 'AF_PACKET SOCK_RAW', 'AF_PACKET SOCK_DGRAM', 'AF_XDP SOCK_RAW'];
