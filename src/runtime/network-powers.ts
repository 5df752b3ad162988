import { oncePerObject } from '../world/once.ts';
import { arithmeticOf } from './capabilities/index.ts';
import type { Contained, Settings } from './container.ts';
import type { Surroundings } from './environment.ts';
import { type Power, powerOf } from './power.ts';

/**
 * The capability for raw and packet sockets: the kernel requires nothing else, in the user namespace that owns the
 * network (net/core, packet(7)).
 */
export const RAW = 'NET_RAW';
/**
 * The capability with which, even without a raw socket, a container can take a neighbour's address, which the kernel's
 * own ARP then announces.
 */
export const ADMIN = 'NET_ADMIN';

/** The network powers of a container, as far as they do not depend on the single pod; equal ones are one object. */
export interface NetworkPowers {
  raw: Power;
  /** Null where it gives no more than raw sockets do. */
  admin: Power | null;
  /** Entries of `drop` that are meant to drop NET_RAW or all capabilities, and drop nothing. */
  ineffectiveDrops: readonly string[];
}

/**
 * Whether processes of a container can open raw sockets, and whether they can impersonate others without them. Pure.
 */
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

/** Entries of `drop` that have no effect under some possible runtime. */
function ineffectiveDrops(settings: Settings, { environments }: Surroundings): string[] {
  if (settings.drop.length === 0) return [];
  const names = environments
    .filter(({ os }) => os === 'linux')
    .flatMap(({ runtime }) => arithmeticOf(runtime).count(settings).ineffectiveDrops)
    .filter((name) => /NET_RAW|ALL/i.test(name));
  return [...new Set(names)];
}
