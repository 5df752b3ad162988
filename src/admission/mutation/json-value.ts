import { opaque } from '../../cel/evaluation.ts';
import { formatDuration, formatTimestamp } from '../../cel/functions/time.ts';
import {
  BuiltMap,
  type CelError,
  type CelUnknown,
  Duration,
  failure,
  isFailure,
  listOf,
  MapLike,
  mapKey,
  Struct,
  Timestamp,
  Uint,
  type Value,
} from '../../cel/values.ts';
import type { Raw } from '../../world/raw.ts';

/**
 * A value of CEL as JSON, for a JSON Patch; a CelError for a value that has no JSON. An unknown for values whose
 * conversion by the server is not modelled: maps and lists within lists of an `Object{…}`. Mirrors cel-go
 * ConvertToNative to structpb.Value and apiserver pkg/cel/mutation/dynamic.
 */
export function jsonOf(value: Value): { json: unknown } | CelError | CelUnknown {
  try {
    return { json: convert(value, false) };
  } catch (error) {
    if (error instanceof Unconverted) return error.value;
    throw error;
  }
}

/**
 * The apply configuration that an `Object{…}` stands for. A CelError where the names of its types do not fit their
 * place.
 */
export function objectOf(value: Struct): { json: Raw } | CelError | CelUnknown {
  const wrong = mismatch(value);
  if (wrong !== null) return failure(`type mismatch: ${wrong}`);
  const found = jsonOf(value);
  return 'json' in found ? { json: found.json as Raw } : found;
}

/**
 * The error for the first object whose type is not named after the fields that lead to it; null where there is none.
 */
export function mismatch(
  value: Value,
  path: readonly string[] = value instanceof Struct ? [value.type] : [],
): string | null {
  if (value instanceof Struct) {
    const expected = path.join('.');
    if (value.type !== expected)
      return `unexpected type name "${value.type}", expected "${expected}", which matches field name path from root Object type`;
    return first(
      [...value.fields].map(
        ([field, inner]) =>
          () =>
            mismatch(inner, [...path, field]),
      ),
    );
  }
  if (value instanceof BuiltMap) return first(value.keys().map((key) => () => mismatch(value.get(key) ?? null, path)));
  if (Array.isArray(value)) return first(value.map((each) => () => mismatch(each, path)));
  return null;
}

function first(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}

class Unconverted extends Error {
  readonly value: CelError | CelUnknown;
  constructor(value: CelError | CelUnknown) {
    super('no JSON');
    this.value = value;
  }
}

/** `isInObject` says that the value is part of an `Object{…}`, where the server converts differently. */
function convert(value: Value, isInObject: boolean): unknown {
  if (isFailure(value)) throw new Unconverted(value);
  if (value === null) return isInObject ? refuse('null in an Object') : null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return integer(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse('a number that is not finite');
  if (value instanceof Uint) return integer(value.value);
  if (value instanceof Struct)
    return Object.fromEntries([...value.fields].map(([field, inner]) => [field, convert(inner, true)] as const));
  const items = listOf(value);
  if (items) return list(items, Array.isArray(value), isInObject);
  if (value instanceof MapLike) return map(value, isInObject);
  if (isInObject) return refuse('such a value in an Object');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  throw new Unconverted(failure('JSONPath valueExpression evaluated to a type that could not marshal to JSON'));
}

/**
 * For a list within an Object the server is given the elements unconverted, so that only scalars and objects are
 * converted correctly.
 */
function list(items: readonly Value[], isBuilt: boolean, isInObject: boolean): unknown[] {
  if (isInObject && isBuilt && items.some((each) => each instanceof BuiltMap || Array.isArray(each)))
    return refuse('a list or map in a list of an Object');
  return items.map((each) => convert(each, isInObject && isBuilt));
}

function map(value: MapLike, isInObject: boolean): Raw {
  const isBuilt = value instanceof BuiltMap;
  const entries = value.keys().map((key): [string, unknown] => {
    const inner = value.get(key) ?? null;
    if (isInObject && isBuilt && (typeof key !== 'string' || inner instanceof BuiltMap || Array.isArray(inner)))
      return refuse('a list or map in a map of an Object');
    const name = typeof key === 'string' ? key : (mapKey(key) ?? '').slice(1);
    return [name, convert(inner, isInObject && isBuilt)];
  });
  return Object.fromEntries(entries);
}

/** A number where a JSON number holds the value exactly, and a text otherwise. */
const integer = (value: bigint): number | string =>
  value >= -MAX_SAFE && value <= MAX_SAFE ? Number(value) : value.toString();

function refuse(what: string): never {
  throw new Unconverted(opaque(what, 'what the server makes of it is not known here'));
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
