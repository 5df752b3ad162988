import { admissionAssumptions } from '../admission-assumptions.ts';
import type { Question } from '../question.ts';
import type { ObjectsTarget } from '../targets.ts';
import { ephemeralGate } from './changes/ephemeral.ts';
import { changeNeeds } from './changes/update.ts';
import { type Guard, podQuestion } from './pod-access.ts';
import { EPHEMERAL_CONTAINERS } from './pod-subresources.ts';

/** An ephemeral container is an update of the pod: all of admission looks at it. */
export const ephemeralGuard: Guard = {
  needs: changeNeeds,
  gate: ephemeralGate,
  assumptions: (world) => admissionAssumptions(world),
};

/** Who can add an ephemeral container to pods. */
export const debug: Question<ObjectsTarget> = podQuestion(EPHEMERAL_CONTAINERS, ephemeralGuard);
