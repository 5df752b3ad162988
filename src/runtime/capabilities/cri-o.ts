import { isOlder, type RuntimeVersion } from '../runtimes/runtime.ts';
import { type Arithmetic, type Asked, EMPTY, plain, refused, type Sets, without } from './arithmetic.ts';
import { CAPABILITIES, isCapability } from './names.ts';

/**
 * CRI-O accepts names with and without `CAP_`, refuses unknown names, and applies `drop` last. Until 1.21 dropping ALL
 * did not drop the defaults. A privileged container keeps its capabilities whatever its user is. Source: cri-o
 * internal/factory/container/container.go SpecSetupCapabilities and SpecSetPrivileges; until 1.21
 * server/container_create.go; the defaults are in internal/config/capabilities, without NET_RAW since 1.18. The
 * inheritable set was removed about 1.24, depending on patch release and setting: no verdict depends on it.
 */
export function crio(version: RuntimeVersion | null): Arithmetic {
  const before = (minor: number): boolean => version !== null && isOlder(version, 1, minor);
  const defaults = before(18) ? OLD_DEFAULTS : DEFAULTS;
  return {
    defaults,
    count(asked) {
      const sets = asked.privileged ? privileged(asked) : counted(asked, defaults, before(22));
      return before(24) && sets.refusal === null ? { ...sets, inheritable: sets.capabilities } : sets;
    },
  };
}

function privileged({ drop }: Asked): Sets {
  const all = new Set(CAPABILITIES);
  return {
    capabilities: all,
    ambient: all,
    inheritable: all,
    refusal: null,
    ineffectiveAdds: [],
    ineffectiveDrops: drop,
  };
}

function counted({ add, drop }: Asked, defaults: ReadonlySet<string>, keepsDefaults: boolean): Sets {
  const unknown = [...add, ...drop].find((name) => plain(name) !== 'ALL' && !isCapability(plain(name)));
  if (unknown !== undefined) return refused(`CRI-O refuses the capability "${unknown}", which it does not know`);
  const adds = new Set(add.map(plain));
  const drops = new Set(drop.map(plain));
  const all = new Set(CAPABILITIES);
  const start = drops.has('ALL') ? (keepsDefaults ? defaults : EMPTY) : adds.has('ALL') ? all : defaults;
  const capabilities = without(start.union(without(adds, ['ALL'])), drops);
  return {
    ...{ capabilities, ambient: EMPTY, inheritable: EMPTY, refusal: null, ineffectiveAdds: [] },
    ineffectiveDrops: keepsDefaults ? drop.filter((name) => plain(name) === 'ALL') : [],
  };
}

const DEFAULTS: ReadonlySet<string> = new Set([
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'SETGID', 'SETUID', 'SETPCAP', 'NET_BIND_SERVICE', 'KILL'],
]);
const OLD_DEFAULTS: ReadonlySet<string> = new Set([...DEFAULTS, 'NET_RAW', 'SYS_CHROOT']);
