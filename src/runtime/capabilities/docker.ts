import { isOlder, type RuntimeVersion } from '../runtimes/runtime.ts';
import { type Arithmetic, type Asked, EMPTY, plain, refused, type Sets } from './arithmetic.ts';
import { CAPABILITIES } from './names.ts';

/**
 * docker, through dockershim or cri-dockerd, accepts names with and without `CAP_`, refuses unknown names even in a
 * privileged container, and applies `add` last. Until 20.10 its own list of capabilities was shorter than the kernel's.
 * Source: moby oci/caps/utils.go TweakCapabilities, defaults.go DefaultCapabilities; daemon/container.go
 * validateCapabilities.
 */
export function docker(version: RuntimeVersion | null): Arithmetic {
  const all = version !== null && isOlder(version, 23, 0) ? OLD : ALL;
  return { defaults: DEFAULTS, count: (asked) => count(asked, all) };
}

function count({ privileged, add, drop }: Asked, all: ReadonlySet<string>): Sets {
  const common = { ambient: EMPTY, inheritable: EMPTY, refusal: null, ineffectiveAdds: [] };
  const unknown = [...add, ...drop].find((name) => plain(name) !== 'ALL' && !all.has(plain(name)));
  if (unknown !== undefined) return refused(`docker refuses the capability "${unknown}", which it does not know`);
  if (privileged) return { ...common, capabilities: all, ineffectiveDrops: drop };
  const adds = new Set(add.map(plain));
  const drops = new Set(drop.map(plain));
  const capabilities = adds.has('ALL')
    ? all.difference(drops)
    : drops.has('ALL')
      ? adds
      : DEFAULTS.difference(drops).union(adds);
  return { ...common, capabilities, ineffectiveDrops: drop.filter((name) => capabilities.has(plain(name))) };
}

const ALL: ReadonlySet<string> = new Set(CAPABILITIES);
const OLD: ReadonlySet<string> = ALL.difference(new Set(['PERFMON', 'BPF', 'CHECKPOINT_RESTORE']));
const DEFAULTS: ReadonlySet<string> = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP'],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
]);
