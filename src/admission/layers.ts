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

/** The layers that decide about a write. The plainest refusals, which an attacker cannot influence, come first. */
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

/** The decision about a write: whether it is admitted, and what is then stored. */
export interface WriteDecision {
  admission: Admission;
  /**
   * The request after every mutation that is evaluated. There is one result where it is known, and otherwise one for
   * each possibility.
   */
  results: readonly [Outcome, ...Outcome[]];
  /** The unknowns that decide between several results. */
  between: readonly Unknown[];
}

/**
 * Whether a write is admitted, which every layer has to do. A refusal by one layer is a refusal, whatever the others do
 * not know.
 */
export const admits = (request: AdmissionRequest, world: World): Admission => decideWrite(request, world).admission;

/**
 * The same decision, with the object that the write stores. Mutation comes first, and the layers look at its result.
 * Pure.
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

/** The verdict where all outcomes agree; otherwise it depends on the unknowns that decide between them. */
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
