import { isBootstrap } from '../rbac/bootstrap.ts';
import type { Grant } from '../rbac/rbac.ts';
import type { Binding, Role } from '../world/objects.ts';

/** Whether upstream itself made the grant: binding and role equal, in content, what the API server creates at its start. */
export const isUpstreamGrant = ({ binding, role }: Grant): boolean => isUpstream(binding) && isUpstream(role);

function isUpstream(object: Role | Binding): boolean {
  const known = KNOWN.get(object) ?? isBootstrap(object);
  KNOWN.set(object, known);
  return known;
}

/** A role is behind many grants, and its digest costs. */
const KNOWN = new WeakMap<Role | Binding, boolean>();
