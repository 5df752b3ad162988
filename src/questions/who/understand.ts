import { usageError } from '../../answer/user-error.ts';
import type { World } from '../../world/world.ts';
import type { WhoTarget } from '../targets.ts';
import { type Resolved, resolve } from './resolve.ts';

/** What is asked about: a URL, or a resource as the cluster knows it. */
export type Asked = { url: string } | { resolved: Resolved };

/** Throws UserErrors in kubectl's words. */
export function understand(target: WhoTarget, world: World): Asked {
  const { resource } = target;
  if (resource !== null) return { resolved: resolve({ ...target, resource }, world) };
  // A query is no part of the path that is authorized.
  const [url = '/'] = (target.url ?? '/').split('?');
  if (RESOURCE_PATH.test(url))
    throw usageError(`error: ${url} is the path of a resource, which no rule on URLs allows: name the resource`);
  return { url };
}

/**
 * Mirrors apiserver pkg/endpoints/request/requestinfo.go: what is below a group and version is a resource, whatever it
 * is called.
 */
const RESOURCE_PATH = /^\/+(api\/[^/]+|apis\/[^/]+\/[^/]+)\/+[^/]/;
