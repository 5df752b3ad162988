import { Extension, failure, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/** Kubernetes quantities: `500m`, `1.5Gi`, `1e3`. Mirrors apimachinery pkg/api/resource and apiserver pkg/cel/library/quantity.go. */
export const quantityFunctions: Functions = {
  quantity: ([text]) => (typeof text === 'string' ? (parseQuantity(text) ?? failure(BAD)) : undefined),
  isQuantity: ([text]) => (typeof text === 'string' ? parseQuantity(text) !== undefined : undefined),
};

export const quantityMethods: Functions = {
  sign: ([q]) => (q instanceof Quantity ? BigInt(q.nanos > 0n ? 1 : q.nanos < 0n ? -1 : 0) : undefined),
  isInteger: ([q]) => (q instanceof Quantity ? asInteger(q) !== undefined : undefined),
  asInteger: ([q]) => (q instanceof Quantity ? (asInteger(q) ?? failure('cannot convert value to integer')) : undefined),
  asApproximateFloat: ([q]) => (q instanceof Quantity ? Number(q.nanos) / 1e9 : undefined),
  add: ([q, other]) => combine(q, other, (a, b) => a + b),
  sub: ([q, other]) => combine(q, other, (a, b) => a - b),
  isGreaterThan: ([q, other]) => (q instanceof Quantity && other instanceof Quantity ? q.nanos > other.nanos : undefined),
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

  constructor(nanos: bigint) {
    super();
    this.nanos = nanos;
  }

  get key(): string {
    return String(this.nanos);
  }
}

function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match || text.length > 200) return undefined;
  const [, sign, whole = '', fraction = '', suffix, exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const scale = suffix === undefined ? 10n ** BigInt(Math.abs(Number(exponent ?? 0))) : (SUFFIXES.get(suffix) ?? 1n);
  const isSmall = exponent?.startsWith('-') || suffix === 'n' || suffix === 'u' || suffix === 'm';
  const digits = BigInt(`${whole}${fraction}`) * NANO * (isSmall ? 1n : scale);
  const divisor = 10n ** BigInt(fraction.length) * (isSmall ? scale : 1n);
  // What is finer than a billionth is rounded up.
  const size = (digits + divisor - 1n) / divisor;
  return new Quantity(sign === '-' ? -size : size);
}

function asInteger({ nanos }: Quantity): bigint | undefined {
  const value = nanos / NANO;
  return nanos % NANO === 0n && value < 2n ** 63n && value >= -(2n ** 63n) ? value : undefined;
}

function combine(q: Value | undefined, other: Value | undefined, run: (a: bigint, b: bigint) => bigint): Value | undefined {
  if (!(q instanceof Quantity)) return undefined;
  if (other instanceof Quantity) return new Quantity(run(q.nanos, other.nanos));
  return typeof other === 'bigint' ? new Quantity(run(q.nanos, other * NANO)) : undefined;
}

const BAD = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NANO = 1_000_000_000n;
const SUFFIXES: ReadonlyMap<string, bigint> = new Map([
  ['n', 10n ** 9n],
  ['u', 10n ** 6n],
  ['m', 1000n],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, 1000n ** BigInt(index + 1)] as const),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 1024n ** BigInt(index + 1)] as const),
]);
