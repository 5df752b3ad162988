import type { Wanted } from '../../../spawn/rights/holder.ts';
import type { Kind } from '../../../world/kinds.ts';
import { knownResources } from '../../../world/known-resources.ts';
import { oncePerObject, oncePerState } from '../../../world/once.ts';
import type { World } from '../../../world/world.ts';
import { type Deputy, nameOf, type ResourceName, VERBS } from './deputy.ts';

/** The rights to write the resource of a row: to create one, and to change one that is there. */
export const writesOf = oncePerObject(
  ({ group, resource, clusterScoped, verbs = VERBS }: Deputy): { create: Wanted | null; change: Wanted | null } => {
    const of = { group, resource, subresource: '', ...(clusterScoped ? { clusterScoped } : {}) };
    const changes = verbs.filter((verb) => verb !== 'create');
    return {
      create: verbs.includes('create') ? { ...of, verbs: ['create'] } : null,
      change: changes.length > 0 ? { ...of, verbs: changes } : null,
    };
  },
);

/** The right to create one more resource, always the same object. */
export const creating = oncePerObject(
  ({ group, resource, clusterScoped }: ResourceName & { clusterScoped?: true }): Wanted => ({
    ...{ verbs: ['create'], group, resource, subresource: '' },
    ...(clusterScoped ? { clusterScoped } : {}),
  }),
);

/** Where the API has a custom resource; null where the server is not known to have it. */
export const apiOf = (resource: ResourceName, world: World): Kind | null => apisIn(world).get(nameOf(resource)) ?? null;

const apisIn = oncePerState(
  (world: World): ReadonlyMap<string, Kind> =>
    new Map(
      knownResources(world).map(({ group, version, resource, kind, namespaced }) => [
        nameOf({ group, resource }),
        { group, version, resource, kind, namespaced, pageSize: 500 },
      ]),
    ),
);
