import { opening, sameKernel } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * Kernel parameters that the kubelet does not take for safe.
 * Condition: spec.securityContext.sysctls[]; the kubelet has to allow each of them by --allowed-unsafe-sysctls.
 * Source:    kubernetes pkg/kubelet/sysctl/safe_sysctls.go, in the newest version.
 */
export const sysctls: Escape = {
  id: 'unsafe-sysctl',
  title: 'unsafe sysctl',
  find: ({ pod }, place) => {
    const unsafe = pod.context.sysctls.filter((name) => !SAFE.has(name.replaceAll('/', '.')));
    return unsafe.length === 0 ? [] : [opening('help', `sets ${unsafe.join(', ')}`, sameKernel(place))];
  },
};

const SAFE: ReadonlySet<string> = new Set([
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range'],
  ...[
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_fin_timeout',
  ],
  ...['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
  ...['net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'],
]);
