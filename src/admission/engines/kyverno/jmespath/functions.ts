import { BadPattern } from '../../../../regex/bad-pattern.ts';
import { compiled, type Regex } from '../../../../regex/regex.ts';
import { isRaw } from '../../../../world/raw.ts';
import { matchesWildcard } from '../wildcard.ts';

/**
 * The functions of JMESPath and of Kyverno that policies on pods use. They return undefined for arguments of another
 * type.
 */
export const FUNCTIONS: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  keys: (of) => (isRaw(of) ? Object.keys(of) : undefined),
  values: (of) => (isRaw(of) ? Object.values(of) : undefined),
  length: (of) =>
    typeof of === 'string'
      ? [...of].length
      : Array.isArray(of)
        ? of.length
        : isRaw(of)
          ? Object.keys(of).length
          : undefined,
  contains: (where, what) =>
    typeof where === 'string'
      ? typeof what === 'string' && where.includes(what)
      : Array.isArray(where)
        ? where.includes(what)
        : undefined,
  starts_with: (text, start) =>
    typeof text === 'string' && typeof start === 'string' ? text.startsWith(start) : undefined,
  ends_with: (text, end) => (typeof text === 'string' && typeof end === 'string' ? text.endsWith(end) : undefined),
  to_string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  to_lower: (text) => (typeof text === 'string' ? text.toLowerCase() : undefined),
  to_upper: (text) => (typeof text === 'string' ? text.toUpperCase() : undefined),
  split: (text, separator) =>
    typeof text === 'string' && typeof separator === 'string'
      ? text.split(separator === '' ? /(?:)/u : separator)
      : undefined,
  join: (glue, parts) =>
    typeof glue === 'string' && Array.isArray(parts) && parts.every((each) => typeof each === 'string')
      ? parts.join(glue)
      : undefined,
  trim_prefix: (text, prefix) =>
    typeof text === 'string' && typeof prefix === 'string'
      ? text.startsWith(prefix)
        ? text.slice(prefix.length)
        : text
      : undefined,
  replace_all: (text, old, by) =>
    typeof text === 'string' && typeof old === 'string' && old !== '' && typeof by === 'string'
      ? text.replaceAll(old, () => by)
      : undefined,
  regex_match: (pattern, text) => withRegex(pattern, text, (regex, subject) => regex.isIn(subject)),
  regex_replace_all: (pattern, text, by) => withReplacement(pattern, text, by, 'replaceAll'),
  regex_replace_all_literal: (pattern, text, by) => withReplacement(pattern, text, by, 'replaceAllLiteral'),
  pattern_match: (pattern, text) => {
    const subject = printed(text);
    return typeof pattern === 'string' && subject !== undefined ? matchesWildcard(pattern, subject) : undefined;
  },
  not_null: (...values) => values.find((value) => value !== null) ?? null,
  type: (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value),
};

/** Undefined also for a pattern that Go does not compile: Kyverno's rule then ends in an error. */
function withRegex<T>(pattern: unknown, text: unknown, use: (regex: Regex, text: string) => T): T | undefined {
  const subject = printed(text);
  if (typeof pattern !== 'string' || subject === undefined) return undefined;
  const regex = compiled(pattern);
  return regex instanceof BadPattern ? undefined : use(regex, subject);
}

function withReplacement(
  pattern: unknown,
  text: unknown,
  by: unknown,
  how: 'replaceAll' | 'replaceAllLiteral',
): string | undefined {
  const replacement = printed(by);
  return replacement === undefined
    ? undefined
    : withRegex(pattern, text, (regex, subject) => regex[how](subject, replacement));
}

/** The text of a value. Numbers and booleans count as the text that they are written as. */
const printed = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
