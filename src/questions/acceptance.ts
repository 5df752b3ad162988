import { isBootstrap } from '../rbac/bootstrap.ts';
import type { Grant } from '../rbac/rbac.ts';
import type { Role } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';

/** Whether upstream itself made the grant: binding and role equal, in content, what the API server creates at its start. */
export const isUpstreamGrant = ({ binding, role }: Grant): boolean => isUpstream(role) && isBootstrap(binding);

/** A role is behind many grants, and its digest costs. */
const isUpstream = oncePerObject((role: Role): boolean => isBootstrap(role));
