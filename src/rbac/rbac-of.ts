import type { World } from '../world/world.ts';
import { Rbac } from './rbac.ts';

/** The RBAC index of the current state of a world. It is kept as long as only objects of other kinds are read. */
export function rbacOf(world: World): Rbac {
  const known = KNOWN.get(world);
  const revision = world.revisionOf(RBAC_KINDS);
  if (known?.revision === revision) return known.rbac;
  // A fork has the roles and bindings of its original, unless it was made to change them.
  const rbac = revision === 0 && world.base ? rbacOf(world.base) : new Rbac(world);
  KNOWN.set(world, { revision, rbac });
  return rbac;
}

const KNOWN = new WeakMap<World, { revision: number; rbac: Rbac }>();
const RBAC_KINDS = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] as const;
