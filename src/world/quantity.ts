/** A quantity, and how exactly the API server keeps it. */
export interface Quantity {
  /** The value in billionths, the finest unit of the API. */
  nanos: bigint;
  /** The power of ten in multiples of which the server keeps a 64-bit integer; null where it keeps a big decimal. */
  scale: number | null;
}

/**
 * Parses a resource quantity (`100m`, `1.5Gi`, `1e3`); null for text that is no quantity. Mirrors ParseQuantity in
 * apimachinery pkg/api/resource/quantity.go: a value finer than a billionth is rounded away from zero, a suffix without
 * a number is 0 unless the number is kept as a big decimal, and a big decimal of a binary suffix stops at the largest
 * 64-bit integer. Differs from it in one point: exponents of more than two digits and text of more than 200 characters
 * are refused, since their value could fill the memory.
 */
export function readQuantity(text: string): Quantity | null {
  if (text === '' || text.length > LONGEST) return null;
  const match = QUANTITY.exec(text);
  if (!match) return null;
  const [, sign, places = '', fraction = '', suffix, exponent] = match;
  const whole = places.replace(/^0+/, '');
  const power = exponent !== undefined ? Number(exponent) : suffix === undefined ? 0 : (DECIMAL.get(suffix) ?? 0);
  const binary = suffix === undefined ? 0 : (BINARY.get(suffix) ?? 0);
  const digits = BigInt(`0${whole}${fraction}`) << BigInt(binary);
  const scale = scaleOf(digits, { places: whole.length || 1, fraction: fraction.length, power, binary });
  if (scale === null && places === '' && fraction === '') return null;
  const nanos = inNanos(digits, power - fraction.length);
  const capped = binary > 0 && nanos > MAX_INT * NANO ? MAX_INT * NANO : nanos;
  return { nanos: sign === '-' ? -capped : capped, scale };
}

/** The value of a quantity in billionths; null for text that is no quantity. */
export const parseQuantity = (text: string): bigint | null => readQuantity(text)?.nanos ?? null;

/** The quantity at a field of a resource list, which YAML may have read as a number; null where there is none. */
export const quantityOf = (value: unknown): bigint | null =>
  typeof value === 'string' ? parseQuantity(value) : typeof value === 'number' ? parseQuantity(String(value)) : null;

/**
 * A value in billionths as the API writes it: with the largest suffix that leaves no fraction, among the powers of 1024
 * or among those of 1000.
 */
export function formatQuantity(value: bigint, isBinary: boolean): string {
  const units = isBinary
    ? [...BINARY].map(([name, power]) => [name, NANO << BigInt(power)] as const)
    : [...DECIMAL].map(([name, power]) => [name, 10n ** BigInt(power + 9)] as const);
  const inOrder = [...units, ['', NANO] as const].sort(([, a], [, b]) => (a < b ? 1 : -1));
  const [name, unit] = inOrder.find(([, each]) => value % each === 0n) ?? ['', 1n];
  return value === 0n ? '0' : `${value / unit}${name}`;
}

/** The power of ten in multiples of which the server keeps the quantity as a 64-bit integer; null where it does not. */
function scaleOf(
  digits: bigint,
  { places, fraction, power, binary }: { places: number; fraction: number; power: number; binary: number },
): number | null {
  const isPrecise =
    binary > 0 ? fraction === 0 && 14 - places - Math.trunc((binary * 3) / 10) >= 0 : places + fraction <= 18;
  const scale = (binary > 0 ? 0 : power) - fraction;
  return isPrecise && scale >= -9 && digits <= MAX_INT ? scale : null;
}

/** `digits` times ten to the power of `power`, in billionths, rounded up. */
function inNanos(digits: bigint, power: number): bigint {
  if (power >= -9) return digits * 10n ** BigInt(power + 9);
  const divisor = 10n ** BigInt(-9 - power);
  return (digits + divisor - 1n) / divisor;
}

/** Billionths in one. */
export const NANO = 1_000_000_000n;
/** The largest 64-bit integer. */
export const MAX_INT = 2n ** 63n - 1n;

const LONGEST = 200;
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

/** Suffixes that stand for a power of ten, with its exponent. */
const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, 3 * (index + 1)] as const),
]);
/** Suffixes that stand for a power of two, with its exponent. */
const BINARY: ReadonlyMap<string, number> = new Map(
  ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 10 * (index + 1)] as const),
);
