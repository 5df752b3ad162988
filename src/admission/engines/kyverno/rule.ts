import { children, isRaw, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { conditionsHold } from './conditions.ts';
import { contextOf, withVariables } from './context.ts';
import { verifyImages } from './images.ts';
import { failure, NotUnderstood, type Outcome, RuleError, skip } from './outcome.ts';
import { type PodSecurity, validatePodSecurity } from './pod-security/rule.ts';
import type { Rule } from './policy.ts';
import { validate, whereHeld } from './validate.ts';
import type { Context } from './variables.ts';

/** Evaluates `validate.cel` of a rule; null where it cannot. */
type EvaluateRuleCel = (rule: Raw, request: AdmissionRequest) => Outcome | null;

export interface RuleTools {
  podSecurity?: PodSecurity;
  cel?: EvaluateRuleCel;
  /**
   * Whether the `matchConditions` of a webhook hold; a webhook whose conditions fail is not understood. Throws
   * Malformed.
   */
  isCalled?: (webhook: Raw, request: AdmissionRequest, world: World) => boolean | 'unknown';
}

/**
 * The outcome of a rule that applies to the request. `request.object` is the pod of a workload, or else the object
 * itself. `exclude` are the controls of Pod Security that exceptions exclude. Throws NotUnderstood where the outcome
 * depends on what is not known here: data that a rule loads from elsewhere, CEL, signatures, manifests and assertions.
 */
export function evaluateRule(
  rule: Rule,
  request: AdmissionRequest,
  tools: RuleTools,
  exclude: readonly Raw[] = [],
): Outcome {
  const { raw } = rule;
  const context = withVariables(raw, contextOf(request));
  try {
    return whereHeld(raw.preconditions, context, () => {
      const outcome = evaluateBody(rule, request, context, tools, exclude);
      const isRefused = outcome.status === 'fail' || outcome.status === 'error';
      return isRefused && children(raw, 'celPreconditions').length > 0 ? notUnderstood('celPreconditions') : outcome;
    });
  } catch (error) {
    if (error instanceof RuleError) return failure(error.message);
    throw error;
  }
}

/**
 * Whether the conditions hold that an exception or a policy has in addition to its rules. Throws NotUnderstood and
 * RuleError.
 */
export const requestMeets = (conditions: unknown, request: AdmissionRequest): boolean =>
  conditionsHold(conditions, contextOf(request));

function evaluateBody(
  { raw, validate: own }: Rule,
  request: AdmissionRequest,
  context: Context,
  tools: RuleTools,
  exclude: readonly Raw[],
): Outcome {
  if (!own) return request.operation === 'DELETE' ? skip('deleted') : verifyImages(raw, request.object ?? {});
  const foreign = ['manifests', 'assert'].find((field) => isRaw(own[field]));
  if (foreign) throw new NotUnderstood(`validate.${foreign}`);
  if (isRaw(own.podSecurity))
    return request.operation === 'DELETE'
      ? skip('deleted')
      : validatePodSecurity(own.podSecurity, request.object ?? {}, tools.podSecurity, exclude);
  if (isRaw(own.cel)) return tools.cel?.(raw, request) ?? notUnderstood('validate.cel');
  const isPattern = !isRaw(own.deny) && (own.pattern ?? own.anyPattern ?? null) !== null;
  if (isPattern && request.operation === 'DELETE') return skip('deleted');
  return validate(own, request.object ?? {}, context);
}

function notUnderstood(what: string): never {
  throw new NotUnderstood(what);
}
