import { compare, equal } from './compare.ts';
import { MAX_INT, MAX_UINT } from './syntax/lexer.ts';
import {
  CelError,
  CelUnknown,
  Duration,
  failure,
  listOf,
  MapLike,
  Timestamp,
  typeOf,
  Uint,
  type Value,
} from './values.ts';

export type Spend = (cost: number) => void;
type Operator = (a: Value, b: Value, spend: Spend) => Value;

/**
 * An operator of two operands that are neither errors nor unknown; undefined for an unknown symbol. Mirrors cel-go
 * common/types.
 */
export function operator(symbol: string): Operator | undefined {
  const run = OPERATORS.get(symbol);
  const types = TAKES.get(symbol) ?? [];
  if (!run || types.length === 0) return run;
  // cel-go names the operator only where the type of the left operand lacks it.
  return (a, b, spend) => (types.includes(typeOf(a)) ? run(a, b, spend) : failure(`no such overload: ${symbol}`));
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['_==_', (a, b, spend) => equal(a, b, spend)],
  ['_!=_', (a, b, spend) => !equal(a, b, spend)],
  ['_<_', ordered((order) => order < 0)],
  ['_<=_', ordered((order) => order <= 0)],
  ['_>_', ordered((order) => order > 0)],
  ['_>=_', ordered((order) => order >= 0)],
  ['_in_', isIn],
  ['_+_', add],
  ['_-_', subtract],
  [
    '_*_',
    arithmetic(
      (a, b) => a * b,
      (a, b) => a * b,
    ),
  ],
  [
    '_/_',
    divided(
      'division by zero',
      (a, b) => a / b,
      (a, b) => a / b,
    ),
  ],
  ['_%_', divided('modulus by zero', (a, b) => a % b, null)],
]);

const TIMES = ['google.protobuf.Timestamp', 'google.protobuf.Duration'];
const NUMBERS = ['int', 'uint', 'double'];
/** The types that have an order. */
export const COMPARABLE = [...NUMBERS, ...TIMES, 'bool', 'string', 'bytes'];
const TAKES: ReadonlyMap<string, readonly string[]> = new Map([
  ...['_<_', '_<=_', '_>_', '_>=_'].map((symbol) => [symbol, COMPARABLE] as const),
  ['_+_', [...NUMBERS, ...TIMES, 'string', 'bytes', 'list']],
  ['_-_', [...NUMBERS, ...TIMES]],
  ['_*_', NUMBERS],
  ['_/_', NUMBERS],
  ['_%_', ['int', 'uint']],
]);

/** `-x`. */
export function negate(value: Value): Value {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  return value instanceof Duration ? new Duration(-value.nanos) : failure('no such overload');
}

export const int = (value: bigint): Value =>
  value > MAX_INT || value < -MAX_INT - 1n ? failure('integer overflow') : value;
export const uint = (value: bigint): Value =>
  value > MAX_UINT || value < 0n ? failure('unsigned integer overflow') : new Uint(value);

function ordered(decide: (order: number) => boolean): Operator {
  return (a, b) => {
    const order = compare(a, b);
    return order instanceof CelError ? order : decide(order);
  };
}

function isIn(element: Value, container: Value, spend: Spend): Value {
  if (container instanceof MapLike) {
    const found = container.get(element);
    return found instanceof CelUnknown ? found : found !== undefined;
  }
  const items = listOf(container);
  return items ? items.some((each) => equal(element, each, spend)) : failure('no such overload');
}

function add(a: Value, b: Value, spend: Spend): Value {
  if (typeof a === 'string' && typeof b === 'string') return joined(a, b, spend);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b]);
  const left = listOf(a);
  const right = left && listOf(b);
  if (left && right) {
    spend(left.length + right.length);
    return [...left, ...right];
  }
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos + b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return new Timestamp(a.nanos + b.nanos, a.offset);
  if (a instanceof Duration && b instanceof Timestamp) return new Timestamp(a.nanos + b.nanos, b.offset);
  return SUM(a, b, spend);
}

function joined(a: string, b: string, spend: Spend): string {
  spend(1 + (a.length + b.length) / 10);
  return a + b;
}

function subtract(a: Value, b: Value, spend: Spend): Value {
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return new Timestamp(a.nanos - b.nanos, a.offset);
  if (a instanceof Timestamp && b instanceof Timestamp) return new Duration(a.nanos - b.nanos);
  return DIFFERENCE(a, b, spend);
}

function arithmetic(
  ints: (a: bigint, b: bigint) => bigint,
  doubles: ((a: number, b: number) => number) | null,
): Operator {
  return (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(ints(a, b));
    if (a instanceof Uint && b instanceof Uint) return uint(ints(a.value, b.value));
    if (doubles && typeof a === 'number' && typeof b === 'number') return doubles(a, b);
    return failure('no such overload');
  };
}

function divided(
  byZero: string,
  ints: (a: bigint, b: bigint) => bigint,
  doubles: ((a: number, b: number) => number) | null,
): Operator {
  const divide = arithmetic(ints, doubles);
  return (a, b, spend) => (b === 0n || (b instanceof Uint && b.value === 0n) ? failure(byZero) : divide(a, b, spend));
}

const SUM = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
const DIFFERENCE = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);
