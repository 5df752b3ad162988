import { type Arithmetic, type Asked, EMPTY, type Sets, upper, without } from './arithmetic.ts';
import { CAPABILITIES, isCapability } from './names.ts';

/**
 * containerd puts `CAP_` before every name, so that `CAP_NET_RAW` becomes an unknown name and is ignored. `drop` is
 * applied last. Source: containerd internal/cri/opts/spec_opts.go WithCapabilities, pkg/oci/spec.go defaultUnixCaps
 * (the same since 1.5).
 */
export const containerd = (): Arithmetic => ({ defaults: DEFAULTS, count });

function count({ privileged, add, drop }: Asked): Sets {
  const common = { ambient: EMPTY, inheritable: EMPTY, refusal: null };
  if (privileged)
    return { ...common, capabilities: new Set(CAPABILITIES), ineffectiveAdds: [], ineffectiveDrops: drop };
  const all = (names: readonly string[]): boolean => names.some((name) => upper(name) === 'ALL');
  const start = all(drop) ? EMPTY : all(add) ? new Set(CAPABILITIES) : DEFAULTS;
  const added = start.union(new Set(add.map(upper).filter(isCapability)));
  return {
    ...common,
    capabilities: without(added, drop.map(upper)),
    ineffectiveAdds: add.filter(isNothing),
    ineffectiveDrops: drop.filter(isNothing),
  };
}

const isNothing = (name: string): boolean => upper(name) !== 'ALL' && !isCapability(upper(name));

const DEFAULTS: ReadonlySet<string> = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP'],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
]);
