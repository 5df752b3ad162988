import { type Expression, expression } from '../../cel/expression.ts';
import type { Manifest } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { child, children, Malformed, type Raw, requiredText, text } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import { type Condition, matchConditions } from '../matching/conditions.ts';
import { type Criteria, matchResources } from '../matching/criteria.ts';

/** A ValidatingAdmissionPolicy or MutatingAdmissionPolicy, compiled. */
export interface Policy {
  name: string;
  criteria: Criteria;
  conditions: readonly Condition[];
  variables: ReadonlyMap<string, Expression>;
  validations: readonly Validation[];
  annotations: readonly Expression[];
  /** The mutations of a MutatingAdmissionPolicy, in order. */
  mutations: readonly Mutation[];
  /** Whether reinvocationPolicy is IfNeeded. */
  isReinvoked: boolean;
  paramKind: ParamKind | null;
  /** What happens where an expression cannot be evaluated. */
  failurePolicy: 'Fail' | 'Ignore';
}

export interface Validation {
  expression: Expression;
  message: string;
  messageExpression: Expression | null;
}

export interface Mutation {
  type: 'JSONPatch' | 'ApplyConfiguration';
  expression: Expression;
}

export interface ParamKind {
  apiVersion: string;
  kind: string;
}

/** The policy of a manifest, compiled once; a Malformed for a manifest that does not have the API's shape. */
export const policyOf = oncePerObject((manifest: Manifest): Policy | Malformed => understood(() => compile(manifest)));

/** Every expression that is evaluated for a policy. */
export function expressionsOf({
  conditions,
  variables,
  validations,
  annotations,
  mutations,
}: Policy): readonly Expression[] {
  return [
    ...conditions.map((each) => each.expression),
    ...variables.values(),
    ...validations.flatMap((each) => [each.expression, ...(each.messageExpression ? [each.messageExpression] : [])]),
    ...annotations,
    ...mutations.map((each) => each.expression),
  ];
}

function compile({ name, raw }: Manifest): Policy {
  const spec = child(raw, 'spec');
  const paramKind = spec.paramKind === undefined || spec.paramKind === null ? null : child(spec, 'paramKind');
  return {
    name,
    criteria: matchResources(child(spec, 'matchConstraints')),
    conditions: matchConditions(spec),
    variables: new Map(
      children(spec, 'variables').map((each) => [
        requiredText(each, 'name'),
        expression(requiredText(each, 'expression')),
      ]),
    ),
    validations: children(spec, 'validations').map(validation),
    annotations: children(spec, 'auditAnnotations').map((each) => expression(requiredText(each, 'valueExpression'))),
    mutations: children(spec, 'mutations').map(mutation),
    isReinvoked: text(spec, 'reinvocationPolicy') === 'IfNeeded',
    paramKind: paramKind && {
      apiVersion: requiredText(paramKind, 'apiVersion'),
      kind: requiredText(paramKind, 'kind'),
    },
    failurePolicy: text(spec, 'failurePolicy') === 'Ignore' ? 'Ignore' : 'Fail',
  };
}

function mutation(raw: Raw): Mutation {
  const type = requiredText(raw, 'patchType');
  if (type === 'JSONPatch')
    return { type, expression: expression(requiredText(child(raw, 'jsonPatch'), 'expression')) };
  if (type === 'ApplyConfiguration')
    return { type, expression: expression(requiredText(child(raw, 'applyConfiguration'), 'expression')) };
  throw new Malformed(`patchType ${type} is not known`);
}

function validation(raw: Raw): Validation {
  const messageExpression = text(raw, 'messageExpression') ?? '';
  return {
    expression: expression(requiredText(raw, 'expression')),
    message: text(raw, 'message') ?? '',
    messageExpression: messageExpression === '' ? null : expression(messageExpression),
  };
}
