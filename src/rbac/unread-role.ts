import type { Unknown } from '../answer/unknown.ts';
import { get } from '../world/needs.ts';
import type { Binding } from '../world/objects.ts';
import { unreadable, type World } from '../world/world.ts';
import { rbacOf } from './rbac-of.ts';

/** The unknown that the role of a binding, or a part of what it aggregates, could not be read. */
export function unreadRole(binding: Binding, world: World): Unknown {
  const { kind, namespace, name, roleRef } = binding;
  const [roles, where] = roleRef.kind === 'Role' ? (['roles', namespace] as const) : (['clusterroles', null] as const);
  const affects = `what ${kind} ${name} grants`;
  if (isThere(binding, world))
    return {
      kind: 'unreadable',
      what: `${roleRef.kind} ${roleRef.name}`,
      why: 'it may aggregate a ClusterRole that could not be read',
      affects,
    };
  const unknown =
    world.malformedObject(roles, where, roleRef.name) ?? unreadable(world, get(roles, where, roleRef.name), affects);
  return { ...unknown, what: `${roleRef.kind} ${roleRef.name}`, affects };
}

/** Whether the role of a binding itself was read. */
export const isThere = (binding: Binding, world: World): boolean => typeof rbacOf(world).roleOf(binding) !== 'string';
