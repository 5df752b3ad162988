import type { Admission, Refusal } from '../../admission/layer.ts';
import type { Changed } from '../../admission/mutation/mutated.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import { and, depends, noFor, yes } from '../../answer/verdict.ts';
import { child, type Raw } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import { type Chain, evaluateWrites, podsOf } from '../writes/chain.ts';
import { STRENGTHS } from './probes.ts';
import { strengthOf } from './strength.ts';

/**
 * Whether a pod that is admitted is as strong as the pod that was sent. A mutator may have taken the privilege away,
 * which counts as a refusal by the mutator. Pure.
 */
export function keeps(sent: Raw, chain: Chain): Admission {
  const pods = podsOf(chain).filter(({ by }) => by.length > 0);
  const lost = pods.filter(({ spec }) => isWeaker(spec, sent));
  const refusals = lost.flatMap(({ by }) => by.map(takesAway));
  if (lost.length === 0) return yes();
  if (lost.length === podsOf(chain).length) return noFor(refusals);
  return depends(
    chain.writes.flatMap(({ between }) => between),
    null,
    refusals,
  );
}

/** Whether the write of a pod is admitted, and the pod keeps its strength. */
export function admitsAsItIs(request: AdmissionRequest, world: World): Admission {
  const chain = evaluateWrites([request], world);
  return and(chain.admission, keeps(child(request.object ?? {}, 'spec'), chain));
}

function isWeaker(changed: Raw, sent: Raw): boolean {
  return understoodOr(
    () => STRENGTHS.indexOf(strengthOf(changed)) > STRENGTHS.indexOf(strengthOf(sent)),
    () => false,
  );
}

const takesAway = ({ by, rests, exemptLabels }: Changed): Refusal => ({
  ...{ layer: 'mutating-policies', by, check: by.name },
  reason: 'it takes the privilege away',
  detail: `${by.kind} ${by.name} takes the privilege away from the pod`,
  rests,
  ...(exemptLabels ? { exemptLabels } : {}),
});
