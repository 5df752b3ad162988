import type { Unknown } from '../../answer/unknown.ts';
import { allOf, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import { CelError, CelUnknown } from '../../cel/values.ts';
import type { Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import type { Refusal } from '../layer.ts';
import { checkConditions, resultedIn } from '../matching/conditions.ts';
import { Inputs } from '../matching/inputs.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { Binding } from './binding.ts';
import type { Policy, Validation } from './policy.ts';

/** Makes the refusal of a policy by a binding, from the message and the fields of the object that it rests on. */
export type Refuse = (message: string, rests: readonly string[]) => Refusal;

/**
 * The verdict of a bound policy on a request that it matches, with one parameter (undefined where it has none). Mirrors
 * apiserver pkg/admission/plugin/policy/validating/validator.go: failurePolicy decides about a failed expression, and a
 * failed audit annotation refuses whatever the binding's actions are.
 */
export function decide(
  policy: Policy,
  binding: Binding,
  param: Raw | null,
  request: AdmissionRequest,
  world: World,
  refuse: Refuse,
): Verdict<Refusal> {
  const extras = { variables: policy.variables, ...(policy.paramKind ? { params: param } : {}) };
  const inputs = new Inputs(request, world, extras);
  const looks = checkConditions(policy.conditions, inputs);
  const fails = policy.failurePolicy === 'Fail';
  if (looks.value === 'no') return yes();
  if (looks.value === 'errors') return fails && binding.denies ? no(refuse(looks.message, looks.rests)) : yes();
  const verdict = allOf([
    ...(binding.denies ? policy.validations.map((each) => validate(each, inputs, fails, looks.rests, refuse)) : []),
    ...policy.annotations.map((each) => {
      const { value, reads } = inputs.evaluate(each);
      return value instanceof CelError && fails
        ? no(refuse(resultedIn(each, value), [...looks.rests, ...reads]))
        : yes<Refusal>();
    }),
  ]);
  return looks.value === 'depends' ? unless(looks.unknowns, verdict) : verdict;
}

/** A verdict that only counts if something unknown holds; otherwise the request is let through. */
export function unless(unknowns: readonly Unknown[], verdict: Verdict<Refusal>): Verdict<Refusal> {
  if (verdict.value === 'yes' || unknowns.length === 0) return verdict;
  return depends([...unknowns, ...verdict.unknowns], null, verdict.evidence);
}

function validate(
  validation: Validation,
  inputs: Inputs,
  fails: boolean,
  rests: readonly string[],
  refuse: Refuse,
): Verdict<Refusal> {
  const { value, reads } = inputs.evaluate(validation.expression);
  const paths = [...rests, ...reads];
  if (value === true) return yes();
  if (value instanceof CelError) return fails ? no(refuse(resultedIn(validation.expression, value), paths)) : yes();
  const refusal = refuse(messageOf(validation, inputs), paths);
  return value instanceof CelUnknown ? depends(value.unknowns, null, [refusal]) : no(refusal);
}

/** The message of a validation: from messageExpression, or else the message, or else the expression itself. */
function messageOf({ expression, message, messageExpression }: Validation, inputs: Inputs): string {
  const { value } = messageExpression
    ? inputs.evaluate(messageExpression, { withoutAuthorizer: true })
    : { value: null };
  const said = typeof value === 'string' ? value.trim() : '';
  if (said !== '' && !said.includes('\n') && new TextEncoder().encode(said).length <= MAX_MESSAGE) return said;
  return message.trim() || `failed expression: ${expression.source.trim()}`;
}

const MAX_MESSAGE = 5 * 1024;
