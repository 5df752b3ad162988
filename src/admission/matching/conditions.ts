import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { type Expression, expression } from '../../cel/expression.ts';
import { CelError, CelUnknown } from '../../cel/values.ts';
import { children, type Raw, requiredText } from '../../world/raw.ts';
import type { Inputs } from './inputs.ts';

export interface Condition {
  name: string;
  expression: Expression;
}

/** The matchConditions of a policy or a webhook. Throws Malformed. */
export function matchConditions(raw: Raw): Condition[] {
  return children(raw, 'matchConditions').map((each) => ({
    name: requiredText(each, 'name'),
    expression: expression(requiredText(each, 'expression')),
  }));
}

/** `errors` means that at least one condition failed and none is false, so that the failurePolicy decides. */
export type ConditionsMatch =
  | { value: 'yes' | 'no'; rests: readonly string[] }
  | { value: 'depends'; unknowns: readonly Unknown[]; rests: readonly string[] }
  | { value: 'errors'; message: string; rests: readonly string[] };

/**
 * Whether the conditions match. One that is false is enough to skip, whatever the others are. Conditions have no
 * namespaceObject. Mirrors apiserver webhook/matchconditions/matcher.go.
 */
export function checkConditions(conditions: readonly Condition[], inputs: Inputs): ConditionsMatch {
  const rests = new Set<string>();
  const errors: string[] = [];
  const unknowns: Unknown[] = [];
  for (const condition of conditions) {
    const { value, reads } = inputs.evaluate(condition.expression, { withoutNamespace: true });
    for (const path of reads) rests.add(path);
    if (value === false) return { value: 'no', rests: reads };
    if (value instanceof CelError) errors.push(resultedIn(condition.expression, value));
    if (value instanceof CelUnknown) pushAll(unknowns, value.unknowns);
  }
  const found = [...rests];
  if (unknowns.length > 0) return { value: 'depends', unknowns, rests: found };
  if (errors.length === 0) return { value: 'yes', rests: found };
  const distinct = [...new Set(errors)];
  return {
    value: 'errors',
    message: distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]`,
    rests: found,
  };
}

/** The message of an expression that failed, in the server's words. */
export const resultedIn = ({ source }: Expression, { message }: CelError): string =>
  `expression '${source}' resulted in error: ${message}`;
