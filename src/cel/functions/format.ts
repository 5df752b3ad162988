import { compareStrings } from '../compare.ts';
import type { Spend } from '../operators.ts';
import {
  CelUnknown,
  Duration,
  listOf,
  MapLike,
  Timestamp,
  TypeName,
  typeOf,
  Uint,
  Undecided,
  type Value,
} from '../values.ts';
import { BadArgument, guarded } from './function.ts';
import { goDouble } from './numbers.ts';
import { formatDuration, formatTimestamp } from './time.ts';

/**
 * `"%s is %d".format([a, b])`. `%e` and locales are not implemented, since policies do not use them. Mirrors cel-go
 * ext/formatting.go.
 */
export function format(text: string, args: readonly Value[], spend: Spend): Value {
  spend(text.length / 10);
  return guarded(() => {
    let next = 0;
    const result = text.replace(
      /%(?:%|(?:\.(\d+))?([\s\S])|$)/g,
      (clause, precision: string | undefined, verb: string | undefined) => {
        if (clause === '%%') return '%';
        if (verb === undefined) throw new BadArgument('unexpected end of string');
        if (next >= args.length) throw new BadArgument(`index ${next} out of range`);
        const formatted = formatOne(verb, args[next++] ?? null, precision === undefined ? 6 : Number(precision));
        spend(formatted.length / 10);
        return formatted;
      },
    );
    return result;
  });
}

function formatOne(verb: string, value: Value, precision: number): string {
  const number = value instanceof Uint ? value.value : value;
  switch (verb) {
    case 's':
      return formatText(value);
    case 'd':
      if (typeof number === 'bigint') return String(number);
      if (typeof number === 'number' && Number.isFinite(number)) return String(number);
      throw bad('integers', 'decimal clause', value);
    case 'f':
      if (typeof number === 'number' || typeof number === 'bigint')
        return Number(number).toFixed(Math.min(precision, 100));
      throw bad('doubles', 'fixed-point clause', value);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (typeof number === 'bigint') return number.toString(2);
      throw bad('integers and bools', 'binary clause', value);
    case 'o':
      if (typeof number === 'bigint') return number.toString(8);
      throw bad('integers', 'octal clause', value);
    case 'x':
    case 'X': {
      const hex = hexOf(number);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      throw new BadArgument(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function hexOf(value: Value): string {
  if (typeof value === 'bigint') return value.toString(16);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes instanceof Uint8Array) return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  throw bad('integers, byte buffers, and strings', 'hex clause', value);
}

/**
 * A value as `%s` prints it. Throws Undecided where it contains something unknown, and BadArgument where it cannot be
 * printed.
 */
export function formatText(value: Value): string {
  if (value instanceof CelUnknown) throw new Undecided(value);
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return goDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof TypeName) return value.name;
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  const items = listOf(value);
  if (items) return `[${items.map(formatLiteral).join(', ')}]`;
  if (!(value instanceof MapLike))
    throw bad(
      'strings, bools, integers, doubles, maps, lists, types, durations, and timestamps',
      'string clause',
      value,
    );
  const entries = value.keys().map((key) => [formatLiteral(key), formatLiteral(value.get(key) ?? null)] as const);
  entries.sort(([a], [b]) => compareStrings(a, b));
  return `{${entries.map(([key, each]) => `${key}:${each}`).join(', ')}}`;
}

/** A value inside a list or a map, as a CEL literal. */
function formatLiteral(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(formatText(value))}`;
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : `"${goDouble(value)}"`;
  if (value instanceof Timestamp) return `timestamp("${formatTimestamp(value)}")`;
  return value instanceof Duration ? `duration("${formatDuration(value)}")` : formatText(value);
}

const bad = (what: string, clause: string, value: Value): BadArgument =>
  new BadArgument(`error during formatting: ${clause} can only be used on ${what}, was given ${typeOf(value)}`);
