import { type Arithmetic, type Asked, EMPTY, plain, refused, type Sets } from './arithmetic.ts';
import { CAPABILITIES, isCapability } from './names.ts';

/**
 * docker, by dockershim or cri-dockerd: names with and without `CAP_`, one that nobody knows is refused, and what is added goes last.
 * Source: moby oci/caps/utils.go TweakCapabilities, defaults.go DefaultCapabilities.
 */
export const docker = (): Arithmetic => ({ defaults: DEFAULTS, count });

function count({ privileged, add, drop }: Asked): Sets {
  const common = { ambient: EMPTY, inheritable: EMPTY, refusal: null, ineffectiveAdds: [] };
  if (privileged) return { ...common, capabilities: new Set(CAPABILITIES), ineffectiveDrops: drop };
  const unknown = [...add, ...drop].find((name) => plain(name) !== 'ALL' && !isCapability(plain(name)));
  if (unknown !== undefined) return refused(`docker refuses the capability "${unknown}", which it does not know`);
  const adds = new Set(add.map(plain));
  const drops = new Set(drop.map(plain));
  const capabilities = adds.has('ALL')
    ? new Set(CAPABILITIES).difference(drops)
    : drops.has('ALL')
      ? adds
      : DEFAULTS.difference(drops).union(adds);
  return { ...common, capabilities, ineffectiveDrops: drop.filter((name) => capabilities.has(plain(name))) };
}

const DEFAULTS: ReadonlySet<string> = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP'],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
]);
