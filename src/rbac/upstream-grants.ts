import type { Role } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import { isBootstrap } from './bootstrap.ts';
import type { Grant } from './rbac.ts';

/** Whether a grant is upstream's own: binding and role have the content that the API server creates when it starts. */
export const isUpstreamGrant = ({ binding, role }: Grant): boolean => isUpstream(role) && isBootstrap(binding);

/** Whether a role is upstream's own, computed once, since a role is behind many grants and its digest is expensive. */
export const isUpstream = oncePerObject((role: Role): boolean => isBootstrap(role));
