import { Malformed } from '../../../world/raw.ts';
import type { ApiResource } from '../../../world/resources.ts';
import type { ApiClient } from '../../transport/transport.ts';
import { aggregatedResources } from './aggregated.ts';
import type { Discovered } from './discovered.ts';
import { plainResources } from './plain.ts';

/**
 * The resources that the server has, read in two requests, or in one for each group and version where the server does
 * not aggregate its discovery. Each resource is listed once, in its preferred version or else the first that has it.
 * Null where a root is refused or malformed, or is no discovery document.
 */
export async function discover(client: ApiClient): Promise<Discovered | null> {
  const [core, groups] = await Promise.all([discoveredUnder(client, '/api'), discoveredUnder(client, '/apis')]);
  if (core === null || groups === null) return null;
  return {
    resources: distinct([...core.resources, ...groups.resources]),
    open: [...new Set([...core.open, ...groups.open])],
  };
}

async function discoveredUnder(client: ApiClient, root: string): Promise<Discovered | null> {
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

/** RBAC ignores versions, so that a subresource which any version has can be granted. */
function distinct(resources: readonly ApiResource[]): ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const each of resources) {
    const key = `${each.group}/${each.resource}`;
    const preferred = found.get(key);
    found.set(
      key,
      preferred ? { ...preferred, subresources: { ...each.subresources, ...preferred.subresources } } : each,
    );
  }
  return [...found.values()];
}

const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
