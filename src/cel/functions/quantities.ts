import { Extension, failure, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/**
 * Kubernetes quantities: `500m`, `1.5Gi`, `1e3`. Mirrors apimachinery pkg/api/resource and apiserver
 * pkg/cel/library/quantity.go with their quirks: what is kept as a big decimal there, such as 1.5Gi, is no integer, and
 * a lone suffix is zero.
 */
export const quantityFunctions: Functions = {
  quantity: ([text]) => (typeof text === 'string' ? (parseQuantity(text) ?? failure(BAD)) : undefined),
  isQuantity: ([text]) => (typeof text === 'string' ? parseQuantity(text) !== undefined : undefined),
  // A function alone: the server has no such method.
  sign: ([q]) => (q instanceof Quantity ? BigInt(q.nanos > 0n ? 1 : q.nanos < 0n ? -1 : 0) : undefined),
};

export const quantityMethods: Functions = {
  isInteger: ([q]) => (q instanceof Quantity ? asInteger(q) !== undefined : undefined),
  asInteger: ([q]) =>
    q instanceof Quantity ? (asInteger(q) ?? failure('cannot convert value to integer')) : undefined,
  asApproximateFloat: ([q]) => (q instanceof Quantity ? Number(q.nanos) / 1e9 : undefined),
  add: ([q, other]) => combine(q, other, (a, b) => a + b),
  sub: ([q, other]) => combine(q, other, (a, b) => a - b),
  isGreaterThan: ([q, other]) =>
    q instanceof Quantity && other instanceof Quantity ? q.nanos > other.nanos : undefined,
  isLessThan: ([q, other]) => (q instanceof Quantity && other instanceof Quantity ? q.nanos < other.nanos : undefined),
  compareTo: ([q, other]) => {
    if (!(q instanceof Quantity) || !(other instanceof Quantity)) return undefined;
    return BigInt(q.nanos > other.nanos ? 1 : q.nanos < other.nanos ? -1 : 0);
  },
};

class Quantity extends Extension {
  readonly type = 'kubernetes.Quantity';
  /** Billionths: nothing finer is kept. */
  readonly nanos: bigint;
  /** The power of ten that it is kept in multiples of; null where the server keeps it as a big decimal. */
  readonly scale: number | null;

  constructor(nanos: bigint, scale: number | null) {
    super();
    this.nanos = nanos;
    this.scale = scale;
  }

  get key(): string {
    return String(this.nanos);
  }
}

function parseQuantity(text: string): Quantity | undefined {
  if (text === '' || text.length > 200) return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, places = '', fraction = '', suffix, exponent] = match;
  const whole = places.replace(/^0+/, '');
  const power = exponent !== undefined ? Number(exponent) : suffix === undefined ? 0 : (DECIMAL.get(suffix) ?? 0);
  const binary = suffix === undefined ? 0 : (BINARY.get(suffix) ?? 0);
  const digits = BigInt(`0${whole}${fraction}`) << BigInt(binary);
  const scale = scaleOf(digits, { places: whole.length || 1, fraction: fraction.length, power, binary });
  if (scale === null && whole === '' && fraction === '') return undefined;
  const nanos = inNanos(digits, power - fraction.length);
  const capped = binary > 0 && nanos > MAX_INT * NANO ? MAX_INT * NANO : nanos;
  return new Quantity(sign === '-' ? -capped : capped, scale);
}

/** Null where the server takes no 64 bit integer for it. */
function scaleOf(
  digits: bigint,
  { places, fraction, power, binary }: { places: number; fraction: number; power: number; binary: number },
): number | null {
  const isPrecise =
    binary > 0 ? fraction === 0 && 14 - places - Math.trunc((binary * 3) / 10) >= 0 : places + fraction <= 18;
  const scale = (binary > 0 ? 0 : power) - fraction;
  return isPrecise && scale >= -9 && digits <= MAX_INT ? scale : null;
}

/** What is finer than a billionth is rounded up. */
function inNanos(digits: bigint, power: number): bigint {
  if (power >= -9) return digits * 10n ** BigInt(power + 9);
  const divisor = 10n ** BigInt(-9 - power);
  return (digits + divisor - 1n) / divisor;
}

function asInteger({ nanos, scale }: Quantity): bigint | undefined {
  if (scale === null || scale < 0) return undefined;
  const value = nanos / NANO;
  return value <= MAX_INT && value >= -MAX_INT - 1n ? value : undefined;
}

function combine(
  q: Value | undefined,
  other: Value | undefined,
  run: (a: bigint, b: bigint) => bigint,
): Value | undefined {
  if (!(q instanceof Quantity)) return undefined;
  const by = typeof other === 'bigint' ? new Quantity(other * NANO, 0) : other;
  if (!(by instanceof Quantity)) return undefined;
  const nanos = run(q.nanos, by.nanos);
  if (q.nanos === 0n || by.nanos === 0n) return new Quantity(nanos, q.nanos === 0n ? by.scale : q.scale);
  const scale = q.scale === null || by.scale === null ? null : Math.min(q.scale, by.scale);
  return new Quantity(nanos, scale);
}

const BAD = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NANO = 1_000_000_000n;
const MAX_INT = 2n ** 63n - 1n;
const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, 3 * (index + 1)] as const),
]);
const BINARY: ReadonlyMap<string, number> = new Map(
  ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 10 * (index + 1)] as const),
);
