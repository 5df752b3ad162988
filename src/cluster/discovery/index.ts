import { Malformed } from '../../world/reduce/raw.ts';
import type { ApiResource } from '../../world/resources.ts';
import type { ApiClient } from '../transport.ts';
import { aggregatedResources } from './aggregated.ts';
import { plainResources } from './plain.ts';

/**
 * Which resources the server has: in two requests, or in one for each group and version where it does not aggregate its discovery. Each
 * comes once, in its preferred version, else in the first that has it. What an API behind the aggregation layer does not tell is left out.
 * Null where a root is refused or malformed.
 */
export async function discover(client: ApiClient): Promise<ApiResource[] | null> {
  const roots = await Promise.all([resourcesUnder(client, '/api'), resourcesUnder(client, '/apis')]);
  return roots.every((root) => root !== null) ? distinct(roots.flat()) : null;
}

async function resourcesUnder(client: ApiClient, root: string): Promise<ApiResource[] | null> {
  const document = await client.get(root, { accept: ACCEPT });
  if (!document.ok) return null;
  try {
    if (document.value.kind === 'APIGroupDiscoveryList') return aggregatedResources(document.value);
    return await plainResources(client, root, document.value);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}

/** RBAC ignores versions: a subresource that any of them has can be granted. */
function distinct(resources: readonly ApiResource[]): ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const each of resources) {
    const key = `${each.group}/${each.resource}`;
    const preferred = found.get(key);
    found.set(key, preferred ? { ...preferred, subresources: { ...each.subresources, ...preferred.subresources } } : each);
  }
  return [...found.values()];
}

const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
