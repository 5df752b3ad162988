/**
 * Reads the raw JSON of an object without trusting its shape. A wrong type throws a `Malformed` and is never guessed.
 */

export type Raw = Record<string, unknown>;

/** An object that does not have the shape that the API gives it. The message names the field. */
export class Malformed extends Error {}

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at `field`; an absent one is empty. */
export function child(raw: Raw, field: string): Raw {
  const value = raw[field];
  if (value === undefined || value === null) return {};
  if (isRaw(value)) return value;
  throw new Malformed(`${field} is not an object`);
}

/** The objects of the list at `field`; an absent list is empty. */
export function children(raw: Raw, field: string): Raw[] {
  const value = raw[field];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isRaw)) return value;
  throw new Malformed(`${field} is not a list of objects`);
}

/** The string at `field`, or null where it is absent. */
export function text(raw: Raw, field: string): string | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new Malformed(`${field} is not a string`);
}

/** The same as `text` for a required field. */
export function requiredText(raw: Raw, field: string): string {
  const value = text(raw, field);
  if (value === null) throw new Malformed(`${field} is missing`);
  return value;
}

/** The whole number at `field`, or null where it is absent. */
export function integer(raw: Raw, field: string): number | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Malformed(`${field} is not an integer`);
}

/** The same as `integer` for a required field. */
export function requiredInteger(raw: Raw, field: string): number {
  const value = integer(raw, field);
  if (value === null) throw new Malformed(`${field} is missing`);
  return value;
}

/** The boolean at `field`, or null where it is absent. */
export function flag(raw: Raw, field: string): boolean | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  throw new Malformed(`${field} is not a boolean`);
}

/**
 * The strings of the list at `field`; an absent list is empty. It is a copy, since a list that grew while it was parsed
 * has room for many more elements.
 */
export function texts(raw: Raw, field: string): readonly string[] {
  const value = raw[field];
  if (value === undefined || value === null) return NONE;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.slice();
  throw new Malformed(`${field} is not a list of strings`);
}

/** The string-to-string map at `field`; an absent one is empty. */
export function textMap(raw: Raw, field: string): Readonly<Record<string, string>> {
  const value = child(raw, field);
  if (Object.values(value).every((each) => typeof each === 'string')) return value as Record<string, string>;
  throw new Malformed(`${field} is not a map of strings`);
}

const NONE: readonly string[] = [];

/**
 * Throws Malformed for an object that is nested deeper than any real one, in which a recursive walk could overflow the
 * stack.
 */
export function checkDepth(raw: Raw): void {
  if (isDeeper(raw, DEEPEST)) throw new Malformed(`it is nested more than ${DEEPEST} levels deep`);
}

function isDeeper(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (left === 0) return true;
  for (const key in value) if (isDeeper((value as Raw)[key], left - 1)) return true;
  return false;
}

/** The deepest nesting that is read: a CustomResourceDefinition has 60 levels, a policy 30. */
export const DEEPEST = 500;
