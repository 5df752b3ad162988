import type { Check, Run } from '../check.ts';

/**
 * Mirrors pod-security-admission policy/check_sysctls.go: names are listed in the order of the pod, with repetitions.
 */
const allowing =
  (names: readonly string[]): Run =>
  ({ sysctls }) => {
    const bad = sysctls.filter((each) => !names.includes(each));
    return bad.length === 0 ? null : { reason: 'forbidden sysctls', detail: bad.join(', ') };
  };

const V0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const V27 = [...V0, 'net.ipv4.ip_local_reserved_ports'];
const V29 = [
  ...V27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const V32 = [...V29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const V37 = [...V32, 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'];

/**
 * Baseline: only kernel parameters that only affect the pod. A name that is spelled with slashes is not one of them.
 */
export const sysctls: Check = {
  id: 'sysctls',
  level: 'baseline',
  fields: ['spec.securityContext.sysctls[*].name'],
  versions: [
    { since: '1.0', run: allowing(V0) },
    { since: '1.27', run: allowing(V27) },
    { since: '1.29', run: allowing(V29) },
    { since: '1.32', run: allowing(V32) },
    { since: '1.37', run: allowing(V37) },
  ],
};
