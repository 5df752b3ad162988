/**
 * A resource quantity (`100m`, `1.5Gi`, `1e3`) in billionths, which is as fine as the API goes; null where it is none.
 * Mirrors apimachinery pkg/api/resource/quantity.go: finer values are rounded up, and a suffix without a number is 0.
 */
export function parseQuantity(text: string): bigint | null {
  const match = QUANTITY.exec(text);
  if (!match || text === '') return null;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  const scale = scaleOf(suffix);
  if (!scale) return null;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const [numerator, denominator] = [digits * scale[0] * NANO, scale[1] * 10n ** BigInt(fraction.length)];
  const value = (numerator + denominator - 1n) / denominator;
  return sign === '-' ? -value : value;
}

/** The quantity at a field of a resource list: a string, or the number that YAML makes of it. Null where it is none. */
export const quantityOf = (value: unknown): bigint | null =>
  typeof value === 'string' ? parseQuantity(value) : typeof value === 'number' ? parseQuantity(String(value)) : null;

/** A quantity as the API writes it: the largest suffix that leaves no fraction, of powers of 1024 or of 1000. */
export function formatQuantity(value: bigint, isBinary: boolean): string {
  const suffixes = [...SUFFIXES].filter(([name]) => name === '' || name.endsWith('i') === isBinary).reverse();
  const exact = suffixes.find(([, [numerator, denominator]]) => value % ((numerator * NANO) / denominator) === 0n);
  const [name, [numerator, denominator]] = exact ?? ['', [1n, NANO]];
  return value === 0n ? '0' : `${(value * denominator) / (numerator * NANO)}${name}`;
}

/** A suffix as a fraction; null for one that the API does not know, or that is too large to mean anything. */
function scaleOf(suffix: string): readonly [bigint, bigint] | null {
  const known = SUFFIXES.get(suffix);
  if (known) return known;
  const exponent = /^[eE]([+-]?\d{1,2})$/.exec(suffix)?.[1];
  if (exponent === undefined) return null;
  const power = 10n ** BigInt(Math.abs(Number(exponent)));
  return Number(exponent) < 0 ? [1n, power] : [power, 1n];
}

const NANO = 1_000_000_000n;
const QUANTITY = /^([+-]?)(\d{0,60})\.?(\d{0,60})([A-Za-z]{0,2}|[eE][+-]?\d{1,2})$/;

const SUFFIXES: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ...['n', 'u', 'm'].map((name, index): [string, [bigint, bigint]] => [name, [1n, 1000n ** BigInt(3 - index)]]),
  ['', [1n, 1n]],
  ...['k', 'M', 'G', 'T', 'P', 'E'].map((name, index): [string, [bigint, bigint]] => [
    name,
    [1000n ** BigInt(index + 1), 1n],
  ]),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((name, index): [string, [bigint, bigint]] => [
    name,
    [1024n ** BigInt(index + 1), 1n],
  ]),
]);
