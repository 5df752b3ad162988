import { admissionNeeds } from '../../../questions/admission-needs.ts';
import { rbacNeeds } from '../../../questions/holders/rbac-needs.ts';
import { ALL_KINDS, type KindName } from '../../../world/kinds.ts';
import { kindOfNeed, list, type Need, needKey } from '../../../world/needs.ts';
import type { World } from '../../../world/world.ts';

/**
 * The needs of a snapshot that were not tried yet: all objects of every kind, including those of policy engines and of
 * parameters, and, where the whole cluster was refused, single namespaces and roles by name. The caller's own namespace
 * comes first, since the number of refused requests is limited.
 */
export function snapshotNeeds(world: World): Need[] {
  const kinds: readonly KindName[] = ALL_KINDS;
  const refused = kinds.filter((kind) => kindOfNeed({ kind }).namespaced && world.outcome(list(kind))?.read === false);
  const inside = (namespace: string): Need[] => refused.map((kind) => list(kind, namespace));
  const needs = [
    ...kinds.map((kind) => list(kind)),
    ...inside(world.facts.namespace),
    ...rbacNeeds(world, null),
    // Parts of lists that are read completely are left out, since their objects would be written twice.
    ...admissionNeeds(world).filter(({ labelSelector }) => labelSelector === null),
    ...world.list('namespaces').flatMap(({ name }) => inside(name)),
  ];
  const distinct = new Map(needs.map((need) => [needKey(need), need]));
  return [...distinct.values()].filter((need) => world.isUntried(need));
}
