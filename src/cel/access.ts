import { CelUnknown, failure, isFailure, listOf, MapLike, NONE, Optional, Struct, Uint, type Value } from './values.ts';

/**
 * `of.field` and `of[key]`. The value in an optional is an optional again, and is none where it is missing. Mirrors
 * cel-go interpreter/attributes.go.
 */
export function access(of: Value, key: Value): Value {
  if (isFailure(of)) return of;
  if (of instanceof Optional) return optionalAccess(of, key);
  const found = look(of, key);
  if (found !== undefined) return found;
  return failure(listOf(of) ? `index out of bounds: ${printed(key)}` : `no such key: ${printed(key)}`);
}

/** `of.?field` and `of[?key]`. */
export function optionalAccess(of: Value, key: Value): Value {
  if (isFailure(of)) return of;
  const inner = of instanceof Optional ? of.value : of;
  const found = inner === undefined ? undefined : look(inner, key);
  if (found === undefined) return NONE;
  return isFailure(found) ? found : found instanceof Optional ? found : new Optional(found);
}

/** `has(of.field)`: a field that is null is present; a value that is no map has no fields. */
export function isPresent(of: Value, field: string): Value {
  if (isFailure(of)) return of;
  const inner = of instanceof Optional ? of.value : of;
  if (inner instanceof Struct) return inner.isSet(field);
  const found = inner instanceof MapLike ? inner.get(field) : undefined;
  return found instanceof CelUnknown && !found.isPresent ? found : found !== undefined;
}

/** The value at a key; undefined where there is none. */
function look(of: Value, key: Value): Value | undefined {
  if (of instanceof MapLike) return of.get(key);
  const items = listOf(of);
  if (!items) return undefined;
  const index = key instanceof Uint ? key.value : key;
  if (typeof index === 'number' && !Number.isInteger(index))
    return failure(`unsupported index value ${printed(key)} in list`);
  if (typeof index !== 'bigint' && typeof index !== 'number')
    return failure(`unsupported index type '${typeof key === 'string' ? 'string' : 'dyn'}' in list`);
  return index < 0 ? undefined : items[Number(index)];
}

const printed = (key: Value): string => (key instanceof Uint ? String(key.value) : String(key));
