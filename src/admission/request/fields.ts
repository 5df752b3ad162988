import { Malformed, type Raw } from '../../world/raw.ts';

/** The boolean at `field`, or null where it is absent. Throws Malformed for anything else. */
export function flag(raw: Raw, field: string): boolean | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  throw new Malformed(`${field} is not true or false`);
}

/** The whole number at `field`, or null where it is absent. Throws Malformed for anything else. */
export function integer(raw: Raw, field: string): number | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Malformed(`${field} is not a whole number`);
}
