import { children, isRaw, Malformed, type Raw, requiredText } from '../../../world/raw.ts';
import { conditionsHold } from './conditions.ts';
import { withElement, withVariables } from './context.ts';
import { fail, failure, NotUnderstood, type Outcome, PASS, RuleError, skip } from './outcome.ts';
import { partly } from './partly.ts';
import { matchPattern } from './pattern/match-pattern.ts';
import { Whatever } from './pattern/value.ts';
import { type Context, query, substitute } from './variables.ts';

/**
 * The outcome of the patterns, deny conditions and loops of a `validate`. `subject` is the value that patterns are
 * compared with. Throws NotUnderstood. Mirrors kyverno pkg/engine/handlers/validation/validate_resource.go.
 */
export function validate(rule: Raw, subject: unknown, context: Context, nesting = 0): Outcome {
  try {
    if (isRaw(rule.deny))
      return conditionsHold(rule.deny.conditions, context) ? fail('a deny condition holds', restsOf(rule.deny)) : PASS;
    if (rule.pattern !== undefined && rule.pattern !== null) return holdAgainst(rule.pattern, subject, context);
    if (rule.anyPattern !== undefined && rule.anyPattern !== null) return anyPattern(rule.anyPattern, subject, context);
    if (Array.isArray(rule.foreach)) return foreach(children(rule, 'foreach'), context, nesting);
  } catch (error) {
    if (error instanceof RuleError) return failure(error.message);
    throw error;
  }
  throw new NotUnderstood('neither pattern nor conditions');
}

/**
 * A pattern with a leaf that is not understood still decides if the outcome is the same whatever that leaf matches.
 */
function holdAgainst(written: unknown, subject: unknown, context: Context): Outcome {
  const pattern = partly(() => substitute(written, context));
  if (!(pattern instanceof NotUnderstood)) return matchPattern(subject, pattern);
  const [any, none] = [true, false].map((matches) =>
    matchPattern(subject, substitute(written, context, new Whatever(matches))),
  );
  if (any && none && (any.status === none.status || (isHarmless(any) && isHarmless(none)))) return any;
  throw pattern;
}

const isHarmless = ({ status }: Outcome): boolean => status === 'pass' || status === 'skip';

function anyPattern(patterns: unknown, subject: unknown, context: Context): Outcome {
  if (!Array.isArray(patterns)) throw new Malformed('anyPattern is not a list');
  const all = patterns.map((each) => partly(() => holdAgainst(each, subject, context)));
  const outcomes = all.filter((each): each is Outcome => !(each instanceof NotUnderstood));
  const open = all.find((each) => each instanceof NotUnderstood);
  const passed = outcomes.find(({ status }) => status === 'pass');
  if (open && !passed) throw open;
  const failed = outcomes.filter(({ status }) => status !== 'skip');
  if (passed) return passed;
  if (failed.length > 0)
    return fail(failed.map(({ message }) => message).join('; '), [...new Set(failed.flatMap(({ rests }) => rests))]);
  return outcomes[0] ?? PASS;
}

/**
 * Evaluates each element of each list. The first that does not pass decides; so does one that fails where others are
 * not understood.
 */
function foreach(loops: readonly Raw[], context: Context, nesting: number): Outcome {
  if (nesting > 3) throw new NotUnderstood('loops within loops within loops');
  let applied = 0;
  let open: NotUnderstood | null = null;
  for (const loop of loops) {
    const elements = partly(() => elementsOf(requiredText(loop, 'list'), context));
    if (elements instanceof NotUnderstood) {
      open ??= elements;
      continue;
    }
    for (const [index, element] of elements.entries()) {
      if (element === null) continue;
      const inner = withElement(context, element, index, nesting);
      const outcome = partly(() => evaluateElement(loop, element, inner, nesting));
      if (outcome instanceof NotUnderstood) open ??= outcome;
      else if (outcome.status === 'fail' || (outcome.status === 'error' && !open)) return outcome;
      else if (outcome.status === 'pass') applied += 1;
    }
  }
  if (open) throw open;
  return applied > 0 ? PASS : skip('no element applies');
}

function evaluateElement(loop: Raw, element: unknown, outer: Context, nesting: number): Outcome {
  const context = withVariables(loop, outer);
  const hasPattern = [loop.pattern, loop.anyPattern].some((each) => each !== undefined && each !== null);
  if (hasPattern && (!isRaw(element) || loop.elementScope === false))
    throw new NotUnderstood('a pattern of a foreach that is not about its element');
  try {
    return whereHeld(loop.preconditions, context, () => validate(loop, element, context, nesting + 1));
  } catch (error) {
    if (error instanceof RuleError) return skip(error.message);
    throw error;
  }
}

/**
 * The outcome of `evaluate` where preconditions hold. Preconditions that are not understood only matter if something is
 * refused. Throws the RuleError of conditions.
 */
export function whereHeld(preconditions: unknown, context: Context, evaluate: () => Outcome): Outcome {
  const held = partly(() => conditionsHold(preconditions, context));
  if (held === false) return skip('preconditions do not hold');
  const outcome = evaluate();
  if (held instanceof NotUnderstood && !isHarmless(outcome)) throw held;
  return outcome;
}

/** A missing list has no elements. */
function elementsOf(expression: string, context: Context): readonly unknown[] {
  try {
    const value = query(expression.trim(), context);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    if (error instanceof RuleError) return [];
    throw error;
  }
}

/** The fields of the object that conditions name, as far as they can be determined. */
function restsOf(deny: Raw): string[] {
  const named = [
    ...JSON.stringify(deny.conditions ?? null).matchAll(/request\.object\.((?:spec|metadata)[\w.[\]*]*)/g),
  ];
  return [...new Set(named.map(([, path = '']) => path.replaceAll('[]', '[*]').replace(/[.[]$/, '')))];
}
