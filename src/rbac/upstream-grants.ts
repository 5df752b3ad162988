import type { Role } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import { isBootstrap } from './bootstrap.ts';
import type { Grant } from './rbac.ts';

/**
 * Whether upstream itself made the grant: binding and role equal, in content, what the API server creates at its start.
 */
export const isUpstreamGrant = ({ binding, role }: Grant): boolean => isUpstream(role) && isBootstrap(binding);

/** Whether a role is upstream's own. It is behind many grants, and its digest costs. */
export const isUpstream = oncePerObject((role: Role): boolean => isBootstrap(role));
