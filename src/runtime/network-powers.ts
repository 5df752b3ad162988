import { oncePerObject } from '../world/once.ts';
import { arithmeticOf } from './capabilities/index.ts';
import type { Contained, Settings } from './container.ts';
import type { Surroundings } from './environment.ts';
import { type Power, powerOf } from './power.ts';

/**
 * What raw and packet sockets ask for: the kernel looks at nothing else, in the user namespace that owns the network
 * (net/core, packet(7)).
 */
export const RAW = 'NET_RAW';
/** Without a raw socket it still takes the address of a neighbour, and the kernel's own ARP tells everybody. */
export const ADMIN = 'NET_ADMIN';

/** What of a container's network powers does not hang on the single pod: equal ones are one object. */
export interface NetworkPowers {
  raw: Power;
  /** Null where it gives no more than raw sockets do. */
  admin: Power | null;
  /** What is written to drop NET_RAW, or all, and drops nothing. */
  ineffectiveDrops: readonly string[];
}

/** Whether processes of a container open raw sockets, and whether they can pretend to be others without. Pure. */
export const networkPowers = ({ settings }: Contained, surroundings: Surroundings): NetworkPowers => {
  const known = POWERS(surroundings);
  const key = JSON.stringify(settings);
  const powers = known.get(key) ?? computed(settings, surroundings);
  known.set(key, powers);
  return powers;
};

const POWERS = oncePerObject((_: Surroundings) => new Map<string, NetworkPowers>());

function computed(settings: Settings, surroundings: Surroundings): NetworkPowers {
  const raw = powerOf(RAW, settings, surroundings);
  const admin = powerOf(ADMIN, settings, surroundings);
  return {
    raw,
    admin: admin.reach !== 'no' && raw.reach === 'no' ? admin : null,
    ineffectiveDrops: ineffectiveDrops(settings, surroundings),
  };
}

/** Names that look like protection and are not, under some runtime that it may be. */
function ineffectiveDrops(settings: Settings, { environments }: Surroundings): string[] {
  if (settings.drop.length === 0) return [];
  const names = environments
    .filter(({ os }) => os === 'linux')
    .flatMap(({ runtime }) => arithmeticOf(runtime).count(settings).ineffectiveDrops)
    .filter((name) => /NET_RAW|ALL/i.test(name));
  return [...new Set(names)];
}
