import { isRaw, type Raw } from '../../../world/raw.ts';
import { Broken } from './broken.ts';
import { type Field, integer, type Schema, schema, text } from './schema.ts';
import { stringAt } from './strings.ts';

/**
 * Decodes the message at these bytes into what its JSON would be, for the fields in `schema`. Throws Broken where the
 * bytes are no such message; all lengths have to be exact. Nothing is read twice and schemas are finite, so that it
 * takes one pass for any bytes. The wire format: protobuf.dev/programming-guides/encoding.
 */
export function decodeMessage(schema: Schema, bytes: Buffer, start = 0, end = bytes.length): Raw {
  const raw = new Walker(bytes, start).message(schema, end);
  for (const field of schema) if (field?.isAlways) raw[field.name] ??= [];
  return raw;
}

/** The number at `start` (base 128, low bits first), and where it ends. Throws Broken for a number without an end. */
export function varintAt(bytes: Buffer, start: number): { value: number; end: number } {
  const walker = new Walker(bytes, start);
  return { value: walker.varint(), end: walker.at };
}

class Walker {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  message(schema: Schema, end: number, raw: Raw = {}): Raw {
    while (this.at < end) {
      const tag = this.varint();
      if (tag < 8 || tag > LARGEST_TAG) throw new Broken('a field without a number');
      const field = schema[tag >>> 3];
      switch (tag & 7) {
        case VARINT:
          this.#number(raw, field);
          break;
        case LENGTH_DELIMITED:
          this.#delimited(raw, field, end);
          break;
        case FIXED_64:
          this.#skip(field, 8);
          break;
        case FIXED_32:
          this.#skip(field, 4);
          break;
        default:
          throw new Broken('a field of no known wire type');
      }
    }
    if (this.at !== end) throw new Broken('a field that ends after its message');
    return raw;
  }

  /** Reads a number, which is exact up to 2^53. */
  varint(): number {
    const byte = this.#byte();
    return byte < 0x80 ? byte : this.#rest(byte - 0x80);
  }

  #rest(first: number): number {
    let value = first;
    let weight = 0x80;
    for (let length = 2; length <= LONGEST_VARINT; length += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 0x80;
    }
    throw new Broken('a number without end');
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Broken('cut short');
    this.at += 1;
    return byte;
  }

  #number(raw: Raw, field: Field | undefined): void {
    const start = this.at;
    const value = this.varint();
    if (!field) return;
    const signed = value < LEAST_NEGATIVE ? value : this.#negative(start);
    if (field.type === 'boolean') raw[field.name] = value !== 0;
    else if (field.type === 'integer' && Number.isSafeInteger(signed)) raw[field.name] = signed;
    else throw new Broken(`${field.name} is no such number`);
  }

  /** Negative numbers are written as their complement of 2^64, which a double cannot represent exactly. */
  #negative(start: number): number {
    let value = 0n;
    for (let at = start; at < this.at; at += 1)
      value |= BigInt((this.#bytes[at] ?? 0) & 0x7f) << BigInt(7 * (at - start));
    return Number(BigInt.asIntN(64, value));
  }

  #skip(field: Field | undefined, length: number): void {
    if (field) throw new Broken(`${field.name} is of another type`);
    this.at += length;
  }

  #delimited(raw: Raw, field: Field | undefined, limit: number): void {
    const length = this.varint();
    const end = this.at + length;
    if (end > limit) throw new Broken('a field that ends after its message');
    if (field) this.#value(raw, field, end);
    this.at = end;
  }

  #value(raw: Raw, { name, type, schema }: Field, end: number): void {
    switch (type) {
      case 'text':
        raw[name] = this.#text(end);
        break;
      case 'optionalText':
        if (end > this.at) raw[name] = this.#text(end);
        break;
      case 'texts':
        add(raw, name, this.#text(end));
        break;
      case 'object':
        raw[name] = this.message(schema, end);
        break;
      case 'objects':
        add(raw, name, this.message(schema, end));
        break;
      case 'inline':
        this.message(schema, end, raw);
        break;
      case 'map':
        setEntry(mapAt(raw, name), this.message(ENTRY, end));
        break;
      case 'time':
        if (end > this.at) raw[name] = timeText(this.message(TIME, end).seconds);
        break;
      default:
        throw new Broken(`${name} is of another type`);
    }
  }

  #text(end: number): string {
    return stringAt(this.#bytes, this.at, end);
  }
}

/**
 * Adds a value to the list of that name. Most lists have one element, and an array that starts empty would have room
 * for 17.
 */
function add(raw: Raw, name: string, value: unknown): void {
  const known = raw[name];
  if (Array.isArray(known)) known.push(value);
  else raw[name] = [value];
}

function mapAt(raw: Raw, name: string): Raw {
  const known = raw[name];
  if (isRaw(known)) return known;
  const map: Raw = {};
  raw[name] = map;
  return map;
}

/** An entry may leave out an empty key or value, and the last one with a key counts. A key may be `__proto__`. */
function setEntry(map: Raw, { key = '', value = '' }: Raw): void {
  Object.defineProperty(map, String(key), { value, configurable: true, enumerable: true, writable: true });
}

/** The time as the API's JSON has it, in seconds. */
function timeText(seconds: unknown = 0): string {
  if (typeof seconds !== 'number' || seconds < 0 || seconds > LATEST) throw new Broken('a time out of reach');
  const known = TIMES.get(seconds);
  if (known) return known;
  const text = `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}Z`;
  TIMES.set(seconds, text);
  return text;
}

/** Kept, since most objects are created together with others, and last written when they are created. */
const TIMES = new Map<number, string>();

/** The last second of the year 9999. */
const LATEST = 253_402_300_799;
const TIME = schema({ 1: integer('seconds') });
const ENTRY = schema({ 1: text('key'), 2: text('value') });

const [VARINT, FIXED_64, LENGTH_DELIMITED, FIXED_32] = [0, 1, 2, 5];
const LEAST_NEGATIVE = 2 ** 63;
/** The length in bytes. */
export const LONGEST_VARINT = 10;
const LARGEST_TAG = 2 ** 32 - 1;
