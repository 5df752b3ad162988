import {
  type CelError,
  CelUnknown,
  Duration,
  Extension,
  failure,
  listOf,
  MapLike,
  Optional,
  Struct,
  Timestamp,
  TypeName,
  Uint,
  Undecided,
  type Value,
} from './values.ts';

/**
 * Whether two values are equal. Values of different types are not, except for numbers. Takes time linear in their size.
 * Throws Undecided where they contain something unknown. Mirrors cel-go common/types Equal.
 */
export function equal(a: Value, b: Value, spend: (cost: number) => void): boolean {
  spend(1);
  const byValue = numbers(a, b);
  if (byValue !== undefined) return byValue === 0;
  for (const each of [a, b]) if (each instanceof CelUnknown) throw new Undecided(each);
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  if (a instanceof Struct || b instanceof Struct)
    return a instanceof Struct && b instanceof Struct && a.type === b.type && equalMaps(a, b, spend);
  if (a instanceof MapLike) return b instanceof MapLike && equalMaps(a, b, spend);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeName) return b instanceof TypeName && a.name === b.name;
  if (a instanceof Extension) return b instanceof Extension && a.type === b.type && a.key === b.key;
  if (a instanceof Optional) return b instanceof Optional && equalOptionals(a, b, spend);
  const left = listOf(a);
  const right = left && listOf(b);
  if (!left || !right || left.length !== right.length) return false;
  return left.every((each, index) => equal(each, right[index] ?? null, spend));
}

/** Compares two values: negative, zero or positive, or an error where they have no order. */
export function compare(a: Value, b: Value): number | CelError {
  const byValue = numbers(a, b);
  if (byValue !== undefined) return Number.isNaN(byValue) ? failure('NaN values cannot be ordered') : byValue;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return sign(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return sign(a.nanos, b.nanos);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  return failure('no such overload');
}

/** The value of a number of any type; undefined for any other value. */
function numeric(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Uint ? value.value : undefined;
}

/** An integer compared with a double counts as a double, as in cel-go, even where that loses digits. */
function numbers(a: Value, b: Value): number | undefined {
  const left = numeric(a);
  const right = left === undefined ? undefined : numeric(b);
  if (left === undefined || right === undefined) return undefined;
  if (typeof left !== typeof right) return order(Number(left), Number(right));
  return order(left, right);
}

function order(left: bigint | number, right: bigint | number): number {
  return left < right ? -1 : left > right ? 1 : left >= right ? 0 : Number.NaN;
}

function equalMaps(a: MapLike, b: MapLike, spend: (cost: number) => void): boolean {
  const keys = a.keys();
  if (keys.length !== b.keys().length) return false;
  return keys.every((key) => {
    const left = a.get(key);
    const right = b.get(key);
    return left !== undefined && right !== undefined && equal(left, right, spend);
  });
}

function equalOptionals(a: Optional, b: Optional, spend: (cost: number) => void): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equal(a.value, b.value, spend);
}

/** Compares texts by code point, as Go compares UTF-8. JavaScript's own order differs beyond the basic plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates rank above all other units, since they stand for the highest code points. */
const rank = (unit: number): number => (unit >= 0xd8_00 && unit <= 0xdf_ff ? unit + 0x1_00_00 : unit);

const sign = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0) return a.length - b.length;
  return (a[at] ?? 0) - (b[at] ?? -1);
}
