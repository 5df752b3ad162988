import type { World } from '../world/world.ts';
import { Rbac } from './rbac.ts';

/** The RBAC index over a world as it is now: the same, as long as only what is of other kinds is read. */
export function rbacOf(world: World): Rbac {
  const known = KNOWN.get(world);
  const revision = world.revisionOf(RBAC_KINDS);
  if (known?.revision === revision) return known.rbac;
  // A fork has the roles and bindings of what it was forked from, unless it was made to change them.
  const rbac = revision === 0 && world.base ? rbacOf(world.base) : new Rbac(world);
  KNOWN.set(world, { revision, rbac });
  return rbac;
}

const KNOWN = new WeakMap<World, { revision: number; rbac: Rbac }>();
const RBAC_KINDS = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] as const;
