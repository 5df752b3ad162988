import { child, children, isRaw, type Raw } from '../../world/reduce/raw.ts';
import { isNamespaced } from '../reading/ask.ts';
import { accessor } from '../reading/reader.ts';
import type { AdmissionRequest, UserInfo } from '../request.ts';
import { conditionsHold } from './conditions.ts';
import { failure, NotUnderstood, type Outcome, RuleError, skip } from './outcome.ts';
import { type PodSecurity, validatePodSecurity } from './pod-security.ts';
import type { Rule } from './policy.ts';
import { validate } from './validate.ts';
import type { Context } from './variables.ts';

/** Evaluates `validate.cel` of a rule; null where it cannot. */
export type EvaluateRuleCel = (rule: Raw, request: AdmissionRequest) => Outcome | null;

export interface RuleTools {
  podSecurity?: PodSecurity;
  cel?: EvaluateRuleCel;
}

/**
 * What a rule that is about the request comes to. `request.object` is the pod, or the object itself where it is none. Throws NotUnderstood for what is
 * not known here: what a rule loads from elsewhere, CEL, signatures, manifests and assertions.
 */
export function evaluateRule(rule: Rule, request: AdmissionRequest, tools: RuleTools): Outcome {
  const { raw, validate: own } = rule;
  if (!own) throw new NotUnderstood('verifyImages');
  if (children(raw, 'context').length > 0) throw new NotUnderstood('context of a rule');
  if (children(raw, 'celPreconditions').length > 0) throw new NotUnderstood('celPreconditions');
  const context = contextOf(request);
  try {
    if (!conditionsHold(raw.preconditions, context)) return skip('preconditions do not hold');
  } catch (error) {
    if (error instanceof RuleError) return failure(error.message);
    throw error;
  }
  const foreign = ['manifests', 'assert'].find((field) => isRaw(own[field]));
  if (foreign) throw new NotUnderstood(`validate.${foreign}`);
  if (isRaw(own.podSecurity))
    return request.operation === 'DELETE' ? skip('deleted') : validatePodSecurity(own.podSecurity, request.object ?? {}, tools.podSecurity);
  if (isRaw(own.cel)) return tools.cel?.(raw, request) ?? notUnderstood('validate.cel');
  const isPattern = !isRaw(own.deny) && (own.pattern ?? own.anyPattern ?? null) !== null;
  if (isPattern && request.operation === 'DELETE') return skip('deleted');
  return validate(own, request.object ?? {}, context);
}

function notUnderstood(what: string): never {
  throw new NotUnderstood(what);
}

/** What admission hands to the webhook; empty fields are left out, absent objects are null. Variables of a deletion read the object that goes. */
function contextOf(request: AdmissionRequest): Context {
  const { operation, kind, resource, subresource, name, object, oldObject, user } = request;
  const subject = operation === 'DELETE' ? oldObject : object;
  const { name: own } = child(subject ?? {}, 'metadata');
  const names = { name: name || own, subResource: subresource };
  const said = Object.fromEntries(Object.entries(names).filter(([, value]) => typeof value === 'string' && value !== ''));
  const userInfo = Object.defineProperties({}, { groups: accessor(() => user.groups), username: accessor(() => nameOf(user)) });
  const context = { operation, kind, resource, userInfo, object: subject, oldObject, ...said };
  return {
    request: isNamespaced(request)
      ? Object.defineProperty(
          context,
          'namespace',
          accessor(() => request.namespace),
        )
      : context,
  };
}

/** Nothing is known of a member of a group but its groups. */
const nameOf = ({ name }: UserInfo): string => name ?? notUnderstood('variable request.userInfo.username');
