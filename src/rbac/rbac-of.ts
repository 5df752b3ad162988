import type { World } from '../world/world.ts';
import { Rbac } from './rbac.ts';

/** The RBAC index over a world as it is now. */
export function rbacOf(world: World): Rbac {
  const known = KNOWN.get(world);
  if (known?.revision === world.revision) return known.rbac;
  const rbac = new Rbac(world);
  KNOWN.set(world, { revision: world.revision, rbac });
  return rbac;
}

const KNOWN = new WeakMap<World, { revision: number; rbac: Rbac }>();
