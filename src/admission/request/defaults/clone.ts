import { isRaw, Malformed, type Raw } from '../../../world/raw.ts';

/**
 * A copy of an object that may be changed, as the server decodes and prints it: what is null or an empty list is not
 * there.
 */
export function clone(raw: Raw): Raw {
  return copy(raw, 0) as Raw;
}

function copy(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) throw new Malformed('the object is nested too deeply');
  if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1));
  if (!isRaw(value)) return value;
  const result: Raw = {};
  for (const key in value) {
    const each = value[key];
    if (each === null || each === undefined || (Array.isArray(each) && each.length === 0 && !KEPT.has(key))) continue;
    // A field that changes what the object is instead of being in it: no field of the API's.
    if (key !== '__proto__') result[key] = typeof each === 'object' ? copy(each, depth + 1) : each;
  }
  return result;
}

/**
 * Takes out what has the value that stands for absent: false, 0 and the empty string of fields that cannot say more.
 */
export function omitZero(raw: Raw, fields: readonly string[]): void {
  for (const field of fields) if (raw[field] === false || raw[field] === 0 || raw[field] === '') delete raw[field];
}

/** Sets fields that are not there, or have the value that stands for absent. */
export function fill(raw: Raw, defaults: Readonly<Raw>): void {
  for (const field in defaults)
    if (raw[field] === undefined || raw[field] === '' || raw[field] === 0) raw[field] = defaults[field];
}

/** Sets fields that are not there: 0, false and the empty string are said. */
export function fillAbsent(raw: Raw, defaults: Readonly<Raw>): void {
  for (const field in defaults) if (raw[field] === undefined) raw[field] = defaults[field];
}

/** Lists that the API prints even where they are empty. */
const KEPT: ReadonlySet<string> = new Set(['containers', 'sources']);
const DEEPEST = 500;
