import { int, uint } from '../operators.ts';
import { Duration, failure, listOf, MapLike, Timestamp, TypeName, typeOf, Uint, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';
import { Address, Network } from './network.ts';
import { goDouble } from './numbers.ts';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from './time.ts';

/** Conversions between types, `type`, `dyn` and `size`. Mirrors cel-go common/stdlib and common/types ConvertToType. */
export const conversions: Functions = {
  dyn: ([value]) => value,
  type: ([value]) => (value === undefined ? undefined : new TypeName(typeOf(value))),
  int: ([value]) => toInt(value),
  uint: ([value]) => toUint(value),
  double: ([value]) => toDouble(value),
  string: ([value]) => toText(value),
  bool: ([value]) => toBool(value),
  bytes: ([value]) =>
    typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : undefined,
  timestamp: ([value]) => {
    if (typeof value === 'string') return parseTimestamp(value) ?? mistyped('google.protobuf.Timestamp');
    return typeof value === 'bigint'
      ? new Timestamp(value * 1_000_000_000n)
      : value instanceof Timestamp
        ? value
        : undefined;
  },
  duration: ([value]) => {
    if (typeof value === 'string') return parseDuration(value) ?? mistyped('google.protobuf.Duration');
    return value instanceof Duration ? value : undefined;
  },
};

/** The size of a value; that of a string in code points. */
export const size: CelFunction = ([value]) => {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return BigInt([...value].length);
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (value instanceof MapLike) return BigInt(value.keys().length);
  const items = listOf(value);
  return items ? BigInt(items.length) : undefined;
};

function toInt(value: Value | undefined): Value | undefined {
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return int(value.value);
  if (typeof value === 'number')
    return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : failure('integer overflow');
  if (value instanceof Timestamp) return value.nanos / 1_000_000_000n;
  if (value instanceof Duration) return value.nanos;
  if (typeof value !== 'string') return undefined;
  return /^[+-]?\d{1,19}$/.test(value) ? int(BigInt(value.replace('+', ''))) : mistyped('int');
}

function toUint(value: Value | undefined): Value | undefined {
  if (value instanceof Uint) return value;
  if (typeof value === 'bigint') return uint(value);
  if (typeof value === 'number')
    return value >= 0 && value < 2 ** 64 ? uint(BigInt(Math.trunc(value))) : failure('unsigned integer overflow');
  if (typeof value !== 'string') return undefined;
  return /^\d{1,20}$/.test(value) ? uint(BigInt(value)) : mistyped('uint');
}

function toDouble(value: Value | undefined): Value | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (typeof value !== 'string') return undefined;
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : mistyped('double');
}

function toText(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return goDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Uint8Array) return decode(value);
  return value instanceof Address || value instanceof Network ? value.text : undefined;
}

function toBool(value: Value | undefined): Value | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(?:1|t|T|TRUE|true|True)$/.test(value)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(value) ? false : mistyped('bool');
}

function decode(bytes: Uint8Array): Value {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failure('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const mistyped = (type: string): Value => failure(`type conversion error from 'string' to '${type}'`);
