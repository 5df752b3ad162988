import { keyOfFloat } from './float-key.ts';

/** The value of a scalar, and, for keys of maps, whether it was a float or an integer beyond int64. */
export interface Scalar {
  value: string | number | boolean | null;
  /** All digits of an integer, of which a number keeps 53 bits. */
  digits?: string;
  type: 'string' | 'int' | 'uint' | 'float' | 'bool' | 'null';
}

/**
 * Thrown for a scalar whose tag does not fit, or that JSON cannot represent. The reason has `%` in the place of its
 * text.
 */
export class BadScalar extends Error {}

/**
 * The value that Go's parser gives a scalar. `tag` is short (`!!int`), and empty where there is none. Throws BadScalar.
 * Mirrors go.yaml.in/yaml/v2 resolve.go: the booleans and octals of YAML 1.1, but no base 60; dates stay strings.
 */
export function resolveScalar(tag: string, text: string): Scalar {
  if (tag === '!!binary') return string(decodeBase64(text));
  if (tag === '!!str' || !RESOLVABLE.has(tag)) return string(text);
  const found = tag === '!!timestamp' && isTimestamp(text) ? string(text) : untagged(text);
  if (tag === '' || tag === TAGS[found.type] || (tag === '!!timestamp' && isTimestamp(text))) return found;
  if (tag === '!!float' && found.type === 'int') return { ...found, type: 'float' };
  throw new BadScalar(`cannot decode ${TAGS[found.type]} \`%\` as a ${tag}`);
}

/**
 * The key of a map in JSON. Throws BadScalar for keys that sigs.k8s.io/yaml refuses: null, and integers beyond int64.
 */
export function keyOf({ value, type, digits }: Scalar): string {
  if (type === 'null' || type === 'uint') throw new BadScalar('unsupported map key');
  return type === 'float' ? keyOfFloat(Number(value)) : (digits ?? String(value));
}

function untagged(text: string): Scalar {
  const known = KNOWN.get(text);
  if (known) return known;
  const first = text[0] ?? '';
  if (first === '.') return DOTTED.test(text) ? float(text.replaceAll('_', ''), text) : string(text);
  if (!/[-+0-9]/.test(first) || isTimestamp(text)) return string(text);
  const plain = text.replaceAll('_', '');
  return integer(plain) ?? (FLOAT.test(plain) ? float(plain, text) : string(text));
}

/**
 * Parses an integer like Go's strconv.ParseInt and ParseUint with base 0: the prefix decides, and a leading 0 means
 * octal. Null for other text, and beyond 64 bits.
 */
function integer(text: string): Scalar | null {
  const match = INTEGER.exec(text);
  if (!match) return null;
  const [, sign = '', hex, octal, binary, decimal] = match;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : octal !== undefined
        ? `0o${octal}`
        : binary !== undefined
          ? `0b${binary}`
          : (decimal ?? '');
  const size = BigInt(digits);
  const value = sign === '-' ? -size : size;
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return { value: Number(value), type: 'int', digits: String(value) };
  return sign === '' && value < 2n ** 64n ? { value: Number(value), type: 'uint' } : null;
}

/** A number that does not fit a double is a text. */
function float(plain: string, text = plain): Scalar {
  const value = Number(plain);
  return Number.isFinite(value) ? { value, type: 'float' } : string(text);
}

const string = (value: string): Scalar => ({ value, type: 'string' });

/** Decodes base64 like Go's encoding/base64: line breaks are skipped, and anything else has to be valid. */
function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain))
    throw new BadScalar('!!binary value contains invalid base64 data');
  return Buffer.from(plain, 'base64').toString();
}

/** Whether a text is a timestamp: `2001-12-14`, `2001-12-14T21:59:43.1Z`, `2001-12-14 21:59:43`. */
function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  const last = new Date(Date.UTC(2000 + ((year ?? 0) % 400), month ?? 0, 0)).getUTCDate();
  const isDay = (month ?? 0) >= 1 && (month ?? 0) <= 12 && (day ?? 0) >= 1 && (day ?? 0) <= last;
  return isDay && (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
}

const KNOWN: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (text) => [text, { value: true, type: 'bool' }] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (text) => [text, { value: false, type: 'bool' }] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, { value: null, type: 'null' }] as const),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, { value: Number.NaN, type: 'float' }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (text) => [text, { value: Infinity, type: 'float' }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, { value: -Infinity, type: 'float' }] as const),
]);
const TAGS = {
  string: '!!str',
  int: '!!int',
  uint: '!!int',
  float: '!!float',
  bool: '!!bool',
  null: '!!null',
} as const;
const RESOLVABLE: ReadonlySet<string> = new Set(['', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const DOTTED = /^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d{2}:\d{2})| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/;
