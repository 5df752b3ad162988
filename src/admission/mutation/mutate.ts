import type { World } from '../../world/world.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { changedByKyverno } from './kyverno.ts';
import type { Changer, Mutated } from './mutated.ts';
import { mutatedByPolicies } from './policies.ts';
import { changedByWebhooks } from './webhooks.ts';

/**
 * The result of all mutating admission before validation. MutatingAdmissionPolicies are evaluated; of every other
 * mutator the result says what it may change. Pure.
 */
export function mutate(request: AdmissionRequest, world: World): Mutated {
  const mutated = mutatedByPolicies(request, world);
  const changers: Changer[] = OTHERS.flatMap((changersOf) => changersOf(request, world));
  return changers.length === 0 ? mutated : { ...mutated, changers: [...mutated.changers, ...changers] };
}

type ChangersOf = (request: AdmissionRequest, world: World) => readonly Changer[];

/** Mutators that are not evaluated. */
const OTHERS: readonly ChangersOf[] = [changedByWebhooks, changedByKyverno];
