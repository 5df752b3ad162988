import { no, yes } from '../answer/verdict.ts';
import { child, type Raw } from '../world/reduce/raw.ts';
import type { World } from '../world/world.ts';
import { apiServers, flagOf } from './api-server.ts';
import type { Layer } from './layer.ts';
import { containersOf, contextOf } from './validation/containers.ts';

/**
 * Whether kube-apiserver lets privileged containers be: `--allow-privileged`, which is false unless it is said, as kubeadm and its like do. Of several
 * servers one that lets them be is enough, since nobody chooses which one answers. `unknown` where no server shows its flags: then true is assumed.
 */
export function allowPrivileged(world: World): boolean | 'unknown' {
  const servers = apiServers(world);
  return servers.length === 0 ? 'unknown' : servers.some((flags) => TRUE.has(flagOf(flags, FLAG) ?? 'false'));
}

/** What is taken for granted where the flag cannot be seen. */
export const ALLOW_PRIVILEGED_ASSUMPTION = 'kube-apiserver runs with --allow-privileged=true, as every installer sets it';

/** Refuses privileged and HostProcess containers where the servers' flags do: as invalid, before admission. */
export const privilegedAllowed: Layer = {
  id: 'allow-privileged',
  namespaceClass: () => '',
  readsUser: () => false,
  admits: ({ object, operation, resource, subresource }, world) => {
    const isPod = resource.group === '' && resource.resource === 'pods' && (subresource === '' || subresource === 'ephemeralcontainers');
    if (!isPod || object === null || operation === 'DELETE' || allowPrivileged(world) !== false) return yes();
    const bad = containersOf(child(object, 'spec')).filter(({ raw }) => isPrivileged(contextOf(raw) ?? {}));
    const pod = isPrivileged(child(child(object, 'spec'), 'securityContext'));
    if (bad.length === 0 && !pod) return yes();
    return no({
      ...{ layer: 'allow-privileged', by: null, check: FLAG, reason: 'privileged containers are disallowed by cluster policy' },
      detail: `${bad.map(({ path }) => `${path}.securityContext.privileged`).join(', ') || 'spec'}: Forbidden: disallowed by cluster policy`,
      rests: ['containers', 'initContainers', 'ephemeralContainers'].map((field) => `spec.${field}[*].securityContext.privileged`),
    });
  },
};

const isPrivileged = (context: Raw): boolean => context.privileged === true || child(context, 'windowsOptions').hostProcess === true;

const FLAG = 'allow-privileged';
/** What Go reads as true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
