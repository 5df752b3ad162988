import { no, yes } from '../../answer/verdict.ts';
import { apiServers, flagOf } from '../../world/api-servers.ts';
import { oncePerState } from '../../world/once.ts';
import { child, type Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import type { Admission, Layer } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { decodable } from '../request/undecodable.ts';
import { containersOf, contextOf } from '../request/validation/containers.ts';

/**
 * Whether kube-apiserver allows privileged containers: the flag `--allow-privileged`, which is false by default and
 * which kubeadm and similar installers set. With several servers one that allows them is enough, since nobody chooses
 * which one answers. `unknown` where no server shows its flags; true is assumed then.
 */
export const allowPrivileged = oncePerState((world): boolean | 'unknown' => {
  const servers = apiServers(world);
  return servers.length === 0 ? 'unknown' : servers.some((flags) => TRUE.has(flagOf(flags, FLAG) ?? 'false'));
});

const FLAG = 'allow-privileged';

/** The sentence about what is assumed where the flag cannot be seen. */
export const ALLOW_PRIVILEGED_ASSUMPTION =
  'kube-apiserver runs with --allow-privileged=true, as every installer sets it';

/**
 * Refuses privileged and HostProcess containers where the servers' flags forbid them. The server refuses them as
 * invalid, before admission.
 */
export const privilegedAllowed: Layer = {
  id: FLAG,
  admits: (request, world) => decodable(FLAG, () => refusePrivileged(request, world)),
};

function refusePrivileged({ object, operation, resource, subresource }: AdmissionRequest, world: World): Admission {
  const isPod =
    resource.group === '' &&
    resource.resource === 'pods' &&
    (subresource === '' || subresource === 'ephemeralcontainers');
  if (!isPod || object === null || operation === 'DELETE' || allowPrivileged(world) !== false) return yes();
  const spec = child(object, 'spec');
  const paths = containersOf(spec).flatMap(({ raw, path }) =>
    isPrivileged(contextOf(raw) ?? {}) ? [`${path}.securityContext.privileged`] : [],
  );
  if (paths.length === 0 && !isPrivileged(child(spec, 'securityContext'))) return yes();
  const containers = ['containers', 'initContainers', 'ephemeralContainers'];
  return no({
    ...{ layer: FLAG, by: null, check: FLAG, reason: 'privileged containers' },
    detail: `${paths.join(', ') || 'spec'}: Forbidden: disallowed by cluster policy`,
    rests: containers.map((list) => `spec.${list}[*].securityContext.privileged`),
  });
}

const isPrivileged = (context: Raw): boolean =>
  context.privileged === true || child(context, 'windowsOptions').hostProcess === true;

/** The texts that Go's strconv.ParseBool reads as true. */
const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
