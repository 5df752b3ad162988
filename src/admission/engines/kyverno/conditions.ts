import { isDeepStrictEqual } from 'node:util';
import { holdsLeftOut } from '../../../world/kept/left-out.ts';
import { numberOf } from '../../../world/once.ts';
import { parseQuantity } from '../../../world/quantity.ts';
import { children, isRaw, Malformed, type Raw, requiredText } from '../../../world/raw.ts';
import { askAlone } from '../../request/reading/alone.ts';
import { leftOut, NotUnderstood, RuleError } from './outcome.ts';
import { allHold, anyHolds } from './partly.ts';
import { parseDuration } from './pattern/duration.ts';
import { matchesValue, operatorOf } from './pattern/value.ts';
import { type Context, MADE, substitute } from './variables.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * Whether preconditions or deny conditions hold: all of `all` and one of `any`, where a plain list counts as `all`.
 * Absent conditions hold. Throws NotUnderstood where the conditions that are understood do not decide. Mirrors kyverno
 * pkg/engine/variables/evaluate.go.
 */
export function conditionsHold(conditions: unknown, context: Context): boolean {
  if (conditions === undefined || conditions === null) return true;
  const holds = (condition: Raw): boolean => holdsAlone(condition, context) ?? conditionHolds(condition, context);
  if (Array.isArray(conditions)) {
    if (!conditions.every(isRaw)) throw new Malformed('conditions is not a list of objects');
    return allHold(conditions, (each) =>
      'any' in each || 'all' in each ? conditionsHold(each, context) : holds(each),
    );
  }
  if (!isRaw(conditions)) throw new Malformed('conditions is not an object');
  const any = children(conditions, 'any');
  const parts = [() => any.length === 0 || anyHolds(any, holds), () => allHold(children(conditions, 'all'), holds)];
  return allHold(parts, (part) => part());
}

/**
 * Whether a condition holds that only looks at the user and the namespace of the request; undefined for any other
 * condition, and where the evaluation ends in an error.
 */
function holdsAlone(condition: Raw, context: Context): boolean | undefined {
  const made = context[MADE];
  if (!made) return undefined;
  const { request, again, scope } = made;
  const told = askAlone(request, `condition ${numberOf(condition)}${scope}`, (alone) => tell(condition, again(alone)));
  return told === HOLDS || (told === FAILS ? false : undefined);
}

function tell(condition: Raw, context: Context): string {
  try {
    return conditionHolds(condition, context) ? HOLDS : FAILS;
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof RuleError || error instanceof Malformed) return 'an error';
    throw error;
  }
}

const HOLDS = 'holds';
const FAILS = 'does not hold';

function conditionHolds(condition: Raw, context: Context): boolean {
  const operator = requiredText(condition, 'operator').toLowerCase();
  const compare = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!compare) throw new NotUnderstood(`operator ${operator}`);
  const [key, value] = [condition.key, condition.value].map((each) => substitute(each ?? null, context));
  if (holdsLeftOut([key, value])) throw leftOut(typeof condition.key === 'string' ? condition.key : 'a condition');
  return compare(key, value);
}

type Compare = (key: unknown, value: unknown) => boolean;

/** The operators by their names in lower case, as Kyverno compares them. */
const OPERATORS: Readonly<Record<string, Compare>> = {
  equals: isEqual,
  equal: isEqual,
  notequals: isDifferent,
  notequal: isDifferent,
  in: (key, value) => isIn(key, value, 'all', true),
  anyin: (key, value) => isIn(key, value, 'any', true),
  allin: (key, value) => isIn(key, value, 'all', true),
  notin: (key, value) => isIn(key, value, 'all', false),
  anynotin: (key, value) => isIn(key, value, 'any', false),
  allnotin: (key, value) => isIn(key, value, 'all', false),
  greaterthan: (key, value) => isOrdered(key, value, (order) => order > 0),
  greaterthanorequals: (key, value) => isOrdered(key, value, (order) => order >= 0),
  lessthan: (key, value) => isOrdered(key, value, (order) => order < 0),
  lessthanorequals: (key, value) => isOrdered(key, value, (order) => order <= 0),
};

/**
 * Values of types that cannot be compared are not equal. A missing value is neither equal to anything nor different
 * from it.
 */
function isEqual(key: unknown, value: unknown): boolean {
  if (typeof key === 'string') return equalsText(key, value) ?? false;
  if (typeof key === 'number') return key === (typeof value === 'string' ? Number.parseFloat(value) : value);
  return key !== null && typeof key === typeof value && isDeepStrictEqual(key, value);
}

function isDifferent(key: unknown, value: unknown): boolean {
  if (key === null) return false;
  if (typeof key === 'string') return !(equalsText(key, value) ?? false);
  return !isEqual(key, value);
}

/**
 * Compares durations and quantities by value, and other text by wildcards in the value. Null where the value is not a
 * text.
 */
function equalsText(key: string, value: unknown): boolean | null {
  const times = durations(key, value);
  if (times) return times[0] === times[1];
  if (typeof value !== 'string') return null;
  const quantity = parseQuantity(key);
  return quantity === null ? matchesWildcard(value, key) : quantity === parseQuantity(value);
}

function durations(key: unknown, value: unknown): [number, number] | null {
  const [left, right] = [key, value].map((each) =>
    typeof each === 'string' && each !== '0' ? parseDuration(each) : null,
  );
  if ((left ?? null) === null && (right ?? null) === null) return null;
  const seconds = (each: unknown): number | null => (typeof each === 'number' ? each * 1e9 : null);
  const [mine, theirs] = [left ?? seconds(key), right ?? seconds(value)];
  return mine === null || theirs === null ? null : [mine, theirs];
}

/**
 * Whether any or all of the keys are among the values, or are not. A single text is one key. Keys of other types are
 * among no values.
 */
function isIn(key: unknown, value: unknown, which: 'any' | 'all', wanted: boolean): boolean {
  const isSingle = !Array.isArray(key);
  if (isSingle && !['string', 'number', 'boolean'].includes(typeof key)) return false;
  const keys = (isSingle ? [key] : key).map(printed);
  const has = membership(value, isSingle);
  if (!has) return false;
  const matches = (each: string): boolean => has(each) === wanted;
  return which === 'any' ? keys.some(matches) : keys.every(matches);
}

/**
 * The test of whether a key is in a value; null for a value that nothing can be in. Wildcards count on either side.
 */
function membership(value: unknown, isSingle: boolean): ((key: string) => boolean) | null {
  if (Array.isArray(value)) return among(value.map(printed));
  if (typeof value === 'string') {
    if (operatorOf(value) === '-') return (key) => matchesValue(key, value);
    if (isSingle) return (key) => matchesWildcard(value, key) || (jsonTexts(value) ?? [value]).includes(key);
    const listed = jsonTexts(value);
    return listed === null ? among([value]) : among(listed);
  }
  return null;
}

const among =
  (values: readonly string[]): ((key: string) => boolean) =>
  (key) =>
    values.some((each) => matchesWildcard(each, key) || matchesWildcard(key, each));

/** The texts of a JSON list; null for text that is not JSON. Kyverno reports an error for any other JSON. */
function jsonTexts(text: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new NotUnderstood(`list ${JSON.stringify(text)}`);
}

const printed = (value: unknown): string =>
  value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);

function isOrdered(key: unknown, value: unknown, holds: (order: number) => boolean): boolean {
  const times = durations(key, value);
  if (times) return holds(times[0] - times[1]);
  if (typeof key === 'string' && typeof value === 'string') {
    const [left, right] = [parseQuantity(key), parseQuantity(value)];
    if (left !== null && right !== null) return holds(left < right ? -1 : left > right ? 1 : 0);
    throw new NotUnderstood(`comparison of ${JSON.stringify(key)} and ${JSON.stringify(value)}`);
  }
  const [left, right] = [key, value].map((each) =>
    typeof each === 'number' ? each : typeof each === 'string' && each !== '' ? Number(each) : Number.NaN,
  );
  return left !== undefined && right !== undefined && !Number.isNaN(left - right) && holds(left - right);
}
