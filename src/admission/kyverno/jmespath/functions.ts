import { isRaw } from '../../../world/reduce/raw.ts';

/** Functions of JMESPath and of Kyverno that policies on pods use. Undefined: the arguments are of another type. */
export const FUNCTIONS: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  keys: (of) => (isRaw(of) ? Object.keys(of) : undefined),
  values: (of) => (isRaw(of) ? Object.values(of) : undefined),
  length: (of) =>
    typeof of === 'string' ? [...of].length : Array.isArray(of) ? of.length : isRaw(of) ? Object.keys(of).length : undefined,
  contains: (where, what) =>
    typeof where === 'string' ? typeof what === 'string' && where.includes(what) : Array.isArray(where) ? where.includes(what) : undefined,
  starts_with: (text, start) => (typeof text === 'string' && typeof start === 'string' ? text.startsWith(start) : undefined),
  ends_with: (text, end) => (typeof text === 'string' && typeof end === 'string' ? text.endsWith(end) : undefined),
  to_string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  to_lower: (text) => (typeof text === 'string' ? text.toLowerCase() : undefined),
  to_upper: (text) => (typeof text === 'string' ? text.toUpperCase() : undefined),
  not_null: (...values) => values.find((value) => value !== null) ?? null,
  type: (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
};
