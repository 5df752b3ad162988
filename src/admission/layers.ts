import type { Unknown } from '../answer/unknown.ts';
import { allOf, depends, noFor, yes } from '../answer/verdict.ts';
import { isPluginOn } from '../world/api-servers.ts';
import type { World } from '../world/world.ts';
import { privilegedAllowed } from './built-in/allow-privileged.ts';
import { namespaceLifecycle } from './built-in/namespace-lifecycle.ts';
import { nodeRestriction } from './built-in/node-restriction.ts';
import { podSecurityPolicies } from './built-in/pod-security-policies.ts';
import { quota } from './built-in/quota/quota.ts';
import { gatekeeper } from './engines/gatekeeper/layer.ts';
import { kyverno } from './engines/kyverno/layer.ts';
import { isEnforced, kyvernoTools } from './engines/tools.ts';
import type { Admission, Layer, Refusal } from './layer.ts';
import { affected, matters } from './mutation/affected.ts';
import { invalidity } from './mutation/invalid.ts';
import { mutate } from './mutation/mutate.ts';
import type { Changer, Outcome } from './mutation/mutated.ts';
import { podSecurity } from './pod-security/layer.ts';
import { policies } from './policies/layer.ts';
import type { AdmissionRequest } from './request/request.ts';
import { scc } from './scc/layer.ts';
import { webhooks } from './webhooks/layer.ts';

/** Everything that decides over a write, the plainest refusals first: what an attacker cannot do anything about. */
const LAYERS: readonly Layer[] = [
  namespaceLifecycle,
  nodeRestriction((world) => isPluginOn(world, 'NodeRestriction') ?? true),
  privilegedAllowed,
  podSecurity,
  podSecurityPolicies,
  scc,
  policies,
  kyverno(kyvernoTools),
  gatekeeper(isEnforced),
  webhooks,
  quota,
];

/** What becomes of a write: whether it is admitted, and what is then stored. */
export interface WriteDecision {
  admission: Admission;
  /** The request as it may be once everything has changed it that is evaluated: one where that is known. */
  results: readonly [Outcome, ...Outcome[]];
  /** What decides between several results. */
  between: readonly Unknown[];
}

/**
 * Whether a write is admitted: every layer has to let it through. A refusal by one is a refusal, whatever the others do
 * not know.
 */
export const admits = (request: AdmissionRequest, world: World): Admission => decideWrite(request, world).admission;

/**
 * The same, with what the write becomes. All that mutates comes first, and the layers judge what it makes of the
 * object. Pure.
 */
export function decideWrite(request: AdmissionRequest, world: World): WriteDecision {
  const { outcomes, between, changers } = mutate(request, world);
  const admissions = outcomes.map((outcome) => admitsOutcome(outcome, changers, request, world));
  return { admission: agreed(admissions, between), results: outcomes, between };
}

function admitsOutcome(
  outcome: Outcome,
  changers: readonly Changer[],
  asked: AdmissionRequest,
  world: World,
): Admission {
  const { request, refusals } = outcome;
  const layers = LAYERS.map((layer) => affected(layer.admits(request, world), changers, world));
  const own = refusals.length > 0 ? affected(noFor(refusals), changers, world) : yes<Refusal>();
  const invalid = request === asked ? [] : invalidity(request, asked);
  const open = changers.filter((changer) => matters(changer, world)).map(({ unknown }) => unknown);
  return allOf([own, ...invalid, ...layers, ...(open.length > 0 ? [depends<Refusal>(open, 'yes')] : [])]);
}

/** What holds whichever outcome there is; else it depends on what decides between them. */
function agreed([first, ...others]: readonly Admission[], between: readonly Unknown[]): Admission {
  if (!first) throw new Error('a write without an outcome');
  if (others.every(({ value }) => value === first.value)) return first;
  const all = [first, ...others];
  return depends(
    [...between, ...all.flatMap(({ unknowns }) => unknowns)],
    null,
    all.flatMap(({ evidence }) => evidence),
  );
}
