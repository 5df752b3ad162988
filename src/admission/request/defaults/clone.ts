import { isRaw, Malformed, type Raw } from '../../../world/raw.ts';

/** A copy of an object that may be changed, as the server decodes and prints it: without nulls and empty lists. */
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
    // This key would set the object's prototype, and is no field of the API.
    if (key !== '__proto__') result[key] = typeof each === 'object' ? copy(each, depth + 1) : each;
  }
  return result;
}

/**
 * Removes fields whose value stands for absent: false, 0 and the empty string in fields for which these are the same.
 */
export function omitZero(raw: Raw, fields: readonly string[]): void {
  for (const field of fields) if (raw[field] === false || raw[field] === 0 || raw[field] === '') delete raw[field];
}

/** Sets fields that are missing, or whose value stands for absent. */
export function fill(raw: Raw, defaults: Readonly<Raw>): void {
  for (const field in defaults)
    if (raw[field] === undefined || raw[field] === '' || raw[field] === 0) raw[field] = defaults[field];
}

/** Sets fields that are missing. 0, false and the empty string are values. */
export function fillAbsent(raw: Raw, defaults: Readonly<Raw>): void {
  for (const field in defaults) if (raw[field] === undefined) raw[field] = defaults[field];
}

/** Lists that the API prints even where they are empty. */
const KEPT: ReadonlySet<string> = new Set(['containers', 'sources']);
const DEEPEST = 500;
