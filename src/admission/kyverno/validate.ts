import { children, isRaw, Malformed, type Raw, requiredText } from '../../world/reduce/raw.ts';
import { conditionsHold } from './conditions.ts';
import { fail, failure, NotUnderstood, type Outcome, PASS, RuleError, skip } from './outcome.ts';
import { matchPattern } from './pattern/match-pattern.ts';
import { type Context, query, substitute } from './variables.ts';

/**
 * What the patterns, deny conditions and loops of a `validate` come to. `subject`: what patterns are held against. Throws NotUnderstood.
 * Mirrors kyverno pkg/engine/handlers/validation/validate_resource.go.
 */
export function validate(rule: Raw, subject: unknown, context: Context, nesting = 0): Outcome {
  try {
    if (isRaw(rule.deny)) return conditionsHold(rule.deny.conditions, context) ? fail('a deny condition holds', restsOf(rule.deny)) : PASS;
    if (rule.pattern !== undefined && rule.pattern !== null) return matchPattern(subject, substitute(rule.pattern, context));
    if (rule.anyPattern !== undefined && rule.anyPattern !== null) return anyPattern(subject, substitute(rule.anyPattern, context));
    if (Array.isArray(rule.foreach)) return foreach(children(rule, 'foreach'), context, nesting);
  } catch (error) {
    if (error instanceof RuleError) return failure(error.message);
    throw error;
  }
  throw new NotUnderstood('neither pattern nor conditions');
}

function anyPattern(subject: unknown, patterns: unknown): Outcome {
  if (!Array.isArray(patterns)) throw new Malformed('anyPattern is not a list');
  const outcomes = patterns.map((each) => matchPattern(subject, each));
  const passed = outcomes.find(({ status }) => status === 'pass');
  const failed = outcomes.filter(({ status }) => status !== 'skip');
  if (passed) return passed;
  if (failed.length > 0) return fail(failed.map(({ message }) => message).join('; '), [...new Set(failed.flatMap(({ rests }) => rests))]);
  return outcomes[0] ?? PASS;
}

/** Each element of each list; the first that does not pass decides. */
function foreach(loops: readonly Raw[], context: Context, nesting: number): Outcome {
  if (nesting > 3) throw new NotUnderstood('loops within loops within loops');
  let applied = 0;
  for (const loop of loops) {
    const elements = elementsOf(requiredText(loop, 'list'), context);
    for (const [index, element] of elements.entries()) {
      if (element === null) continue;
      const outcome = evaluateElement(loop, element, { ...context, element, elementIndex: index, [`element${nesting}`]: element }, nesting);
      if (outcome.status === 'skip') continue;
      if (outcome.status !== 'pass') return outcome;
      applied += 1;
    }
  }
  return applied > 0 ? PASS : skip('no element applies');
}

function evaluateElement(loop: Raw, element: unknown, context: Context, nesting: number): Outcome {
  if (Array.isArray(loop.context) && loop.context.length > 0) throw new NotUnderstood('context of a foreach');
  const hasPattern = [loop.pattern, loop.anyPattern].some((each) => each !== undefined && each !== null);
  if (hasPattern && (!isRaw(element) || loop.elementScope === false))
    throw new NotUnderstood('a pattern of a foreach that is not about its element');
  try {
    if (!conditionsHold(loop.preconditions, context)) return skip('preconditions do not hold');
  } catch (error) {
    if (error instanceof RuleError) return skip(error.message);
    throw error;
  }
  return validate(loop, element, context, nesting + 1);
}

/** A list that is not there has no elements. */
function elementsOf(expression: string, context: Context): readonly unknown[] {
  try {
    const value = query(expression.trim(), context);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    if (error instanceof RuleError) return [];
    throw error;
  }
}

/** The fields of the object that conditions name, as far as they can be told. */
function restsOf(deny: Raw): string[] {
  const named = [...JSON.stringify(deny.conditions ?? null).matchAll(/request\.object\.((?:spec|metadata)[\w.[\]*]*)/g)];
  return [...new Set(named.map(([, path = '']) => path.replaceAll('[]', '[*]').replace(/[.[]$/, '')))];
}
