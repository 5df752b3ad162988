import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { Attacker } from '../../escalation/attacker.ts';
import { deputyNeedsOfAll } from '../../escalation/techniques/deputies/needs.ts';
import { holdersOfAny } from '../../spawn/rights/everybody.ts';
import { list, type Need, whole } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { admissionNeeds } from '../admission-needs.ts';
import { laterNeeds } from '../privileged/needs.ts';
import { spawnScope } from './closure.ts';
import { unseenDefinitions } from './needs.ts';

/** What the ways of everybody are made of, besides their rights: what there is to become, and what admission says. */
export function wideNeeds(world: World): Need[] {
  const first = [
    whole(list('pods')),
    list('serviceaccounts'),
    list('namespaces'),
    list('nodes'),
    list('secrets'),
    ...admissionNeeds(world),
  ];
  if (world.outcome(list('clusterrolebindings')) === null) return first;
  const scope = spawnScope(world);
  pushAll(first, deputyNeedsOfAll(new Attacker(scope)));
  // What follows tries pods against admission, which takes long: once it is known, and what was found serves the answer.
  if (first.some((need) => world.isUntried(need))) return first;
  return [...first, ...laterNeeds({ subjects: [], pods: null, namespace: null }, holdersOfAny(scope.rbac), scope)];
}

/** What could not be read of it, whoever is asked about. */
export const wideUnknowns = (world: World): Unknown[] => [
  ...unseen(world, list('serviceaccounts'), 'which accounts there are'),
  ...unseen(world, list('nodes'), 'which nodes there are, and which run the control plane'),
  ...unseen(world, whole(list('pods')), 'which pods there are to enter'),
  ...unseenDefinitions(world),
];
