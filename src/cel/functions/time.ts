import { trimLetters } from '../../answer/ends.ts';
import { Duration, failure, Timestamp, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';

/**
 * The methods of timestamps and durations. A time zone is UTC, an offset such as `+02:00`, or a name that the machine
 * knows.
 */
export const timeMethods: Functions = {
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part(
    (date) =>
      (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0)) /
      DAY,
  ),
  getHours: part((date) => date.getUTCHours(), 3_600_000_000_000n),
  getMinutes: part((date) => date.getUTCMinutes(), 60_000_000_000n),
  getSeconds: part((date) => date.getUTCSeconds(), 1_000_000_000n),
  getMilliseconds: part((date) => date.getUTCMilliseconds(), 1_000_000n),
};

/** Reads RFC 3339; undefined for any other text. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const milliseconds = match ? Date.parse(`${text.slice(0, 19)}${match[8]}`) : Number.NaN;
  if (!match || Number.isNaN(milliseconds)) return undefined;
  const nanos = BigInt(milliseconds) * 1_000_000n + BigInt((match[7] ?? '').padEnd(9, '0').slice(0, 9));
  return new Timestamp(nanos, match[8] === 'Z' ? 0 : (offsetOf(match[8] ?? '', 0) ?? 0) / 60_000);
}

/** Reads `1h30m` and `-1.5s` as Go's time.ParseDuration does; undefined for any other text. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (text === '0' || text === '+0' || text === '-0') return new Duration(0n);
  if (!match || text.length > 100) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of (match[2] ?? '').matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy,
  )) {
    const scale = UNITS.get(unit) ?? 0n;
    nanos +=
      BigInt(whole === '' ? 0 : whole) * scale +
      (BigInt(fraction === '' ? 0 : fraction) * scale) / 10n ** BigInt(fraction.length);
  }
  return nanos >= 2n ** 63n ? undefined : new Duration(match[1] === '-' ? -nanos : nanos);
}

export function formatTimestamp({ nanos: instant, offset }: Timestamp): string {
  const nanos = instant + BigInt(offset) * 60_000_000_000n;
  const second = nanos / 1_000_000_000n - (nanos % 1_000_000_000n < 0n ? 1n : 0n);
  const fraction = trimLetters(String(nanos - second * 1_000_000_000n).padStart(9, '0'), '0');
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}${formatOffset(offset)}`;
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const two = (number: number) => String(number).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
}

/** The seconds, as CEL converts a duration to a string. */
export function formatDuration({ nanos }: Duration): string {
  const [sign, size] = nanos < 0n ? ['-', -nanos] : ['', nanos];
  const fraction = trimLetters(String(size % 1_000_000_000n).padStart(9, '0'), '0');
  return `${sign}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
}

/**
 * A part of a timestamp or duration. `unit` is the number of nanoseconds in one, of which a duration returns the whole
 * number; without it a duration has no such part.
 */
function part(ofDate: (date: Date) => number, unit?: bigint): CelFunction {
  return ([value, zone]) => {
    if (value instanceof Duration && zone === undefined && unit !== undefined) return value.nanos / unit;
    if (!(value instanceof Timestamp) || (zone !== undefined && typeof zone !== 'string')) return undefined;
    return inZone(value, zone ?? 'UTC', ofDate);
  };
}

function inZone({ nanos }: Timestamp, zone: string, ofDate: (date: Date) => number): Value {
  const milliseconds = Number(nanos / 1_000_000n - (nanos % 1_000_000n < 0n ? 1n : 0n));
  const offset = zone === 'UTC' || zone === '' ? 0 : offsetOf(zone, milliseconds);
  if (offset === undefined) return failure(`unknown time zone ${zone}`);
  return BigInt(ofDate(new Date(milliseconds + offset)));
}

function offsetOf(zone: string, at: number): number | undefined {
  const match = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (match) return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
  try {
    const text = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).format(at);
    const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch {
    return undefined;
  }
}

const DAY = 86_400_000;
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
