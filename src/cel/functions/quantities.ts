import { MAX_INT, NANO, type Quantity, readQuantity } from '../../world/quantity.ts';
import { Extension, failure, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/**
 * The functions of Kubernetes quantities: `500m`, `1.5Gi`, `1e3`. Mirrors apiserver pkg/cel/library/quantity.go with
 * its quirk: a quantity that is kept as a big decimal there, such as 1.5Gi, is no integer.
 */
export const quantityFunctions: Functions = {
  quantity: ([text]) => (typeof text === 'string' ? quantity(text) : undefined),
  isQuantity: ([text]) => (typeof text === 'string' ? readQuantity(text) !== null : undefined),
  // `sign` is only a function: the server has no such method.
  sign: ([q]) => (q instanceof CelQuantity ? BigInt(q.nanos > 0n ? 1 : q.nanos < 0n ? -1 : 0) : undefined),
};

export const quantityMethods: Functions = {
  isInteger: ([q]) => (q instanceof CelQuantity ? asInteger(q) !== undefined : undefined),
  asInteger: ([q]) =>
    q instanceof CelQuantity ? (asInteger(q) ?? failure('cannot convert value to integer')) : undefined,
  asApproximateFloat: ([q]) => (q instanceof CelQuantity ? Number(q.nanos) / 1e9 : undefined),
  add: ([q, other]) => combine(q, other, (a, b) => a + b),
  sub: ([q, other]) => combine(q, other, (a, b) => a - b),
  isGreaterThan: ([q, other]) =>
    q instanceof CelQuantity && other instanceof CelQuantity ? q.nanos > other.nanos : undefined,
  isLessThan: ([q, other]) =>
    q instanceof CelQuantity && other instanceof CelQuantity ? q.nanos < other.nanos : undefined,
  compareTo: ([q, other]) => {
    if (!(q instanceof CelQuantity) || !(other instanceof CelQuantity)) return undefined;
    return BigInt(q.nanos > other.nanos ? 1 : q.nanos < other.nanos ? -1 : 0);
  },
};

/** A quantity as a value of CEL. */
class CelQuantity extends Extension implements Quantity {
  readonly type = 'kubernetes.Quantity';
  readonly nanos: bigint;
  readonly scale: number | null;

  constructor({ nanos, scale }: Quantity) {
    super();
    this.nanos = nanos;
    this.scale = scale;
  }

  get key(): string {
    return String(this.nanos);
  }
}

function quantity(text: string): Value {
  const read = readQuantity(text);
  return read === null ? failure(BAD) : new CelQuantity(read);
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
  if (!(q instanceof CelQuantity)) return undefined;
  const by = typeof other === 'bigint' ? new CelQuantity({ nanos: other * NANO, scale: 0 }) : other;
  if (!(by instanceof CelQuantity)) return undefined;
  const nanos = run(q.nanos, by.nanos);
  if (q.nanos === 0n || by.nanos === 0n) return new CelQuantity({ nanos, scale: q.nanos === 0n ? by.scale : q.scale });
  const scale = q.scale === null || by.scale === null ? null : Math.min(q.scale, by.scale);
  return new CelQuantity({ nanos, scale });
}

const BAD = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
