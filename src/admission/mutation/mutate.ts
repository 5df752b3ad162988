import type { World } from '../../world/world.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { changedByKyverno } from './kyverno.ts';
import type { Changer, Mutated } from './mutated.ts';
import { mutatedByPolicies } from './policies.ts';
import { changedByWebhooks } from './webhooks.ts';

/**
 * What everything that mutates makes of a request before the first validates it: MutatingAdmissionPolicies are
 * evaluated, of all others it is said what they may change. Pure.
 */
export function mutate(request: AdmissionRequest, world: World): Mutated {
  const mutated = mutatedByPolicies(request, world);
  const changers: Changer[] = OTHERS.flatMap((changersOf) => changersOf(request, world));
  return changers.length === 0 ? mutated : { ...mutated, changers: [...mutated.changers, ...changers] };
}

type ChangersOf = (request: AdmissionRequest, world: World) => readonly Changer[];

/** Whoever is not evaluated. */
const OTHERS: readonly ChangersOf[] = [changedByWebhooks, changedByKyverno];
