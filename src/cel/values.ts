import type { Unknown } from '../answer/unknown.ts';

/**
 * A value of an expression: an int is a bigint, a double a number. Errors and unknowns are values too, as in cel-go:
 * `||` and `&&` ignore them where the other side decides.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | ListLike
  | MapLike
  | Uint
  | Timestamp
  | Duration
  | TypeName
  | Optional
  | Extension
  | CelError
  | CelUnknown;

/** A list that is computed only when all of it is needed. */
export abstract class ListLike {
  abstract items(): readonly Value[];
}

export abstract class MapLike {
  /** Undefined where the key is missing. */
  abstract get(key: Value): Value | undefined;
  abstract keys(): readonly Value[];
}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class Timestamp {
  /** Nanoseconds since 1970. */
  readonly nanos: bigint;
  /** The offset in minutes east of UTC in which it was written; it only matters for printing. */
  readonly offset: number;
  constructor(nanos: bigint, offset = 0) {
    this.nanos = nanos;
    this.offset = offset;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class TypeName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class Optional {
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** A type that Kubernetes adds: quantities, addresses, authorizers. Its values are compared by `key`. */
export abstract class Extension {
  abstract readonly type: string;
  abstract readonly key: string;
}

export class CelError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** A value that cannot be known from here, and why. */
export class CelUnknown {
  readonly unknowns: readonly Unknown[];
  /** Whether a field with this value is certainly present. */
  readonly isPresent: boolean;
  constructor(unknowns: readonly Unknown[], isPresent = false) {
    this.unknowns = unknowns;
    this.isPresent = isPresent;
  }
}

/** Thrown where an operation needs a value inside a list or a map that is not known. */
export class Undecided extends Error {
  readonly unknown: CelUnknown;
  constructor(unknown: CelUnknown) {
    super('an unknown value in a list or a map');
    this.unknown = unknown;
  }
}

export const NONE = new Optional(undefined);

export const failure = (message: string): CelError => new CelError(message);
export const isFailure = (value: Value): value is CelError | CelUnknown =>
  value instanceof CelError || value instanceof CelUnknown;

/**
 * The result of a strict operation before it looks at its operands: the first error, else all unknowns, else undefined.
 */
export function failureOf(values: readonly Value[]): CelError | CelUnknown | undefined {
  let unknown: CelUnknown | undefined;
  for (const value of values) {
    if (value instanceof CelError) return value;
    if (value instanceof CelUnknown) unknown = merge(unknown, value);
  }
  return unknown;
}

export const merge = (a: CelUnknown | undefined, b: CelUnknown): CelUnknown =>
  a === undefined || a === b ? b : new CelUnknown([...a.unknowns, ...b.unknowns]);

export function listOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof ListLike ? value.items() : undefined;
}

/** A map that an expression built. Keys that are equal across types of numbers are the same key. */
export class BuiltMap extends MapLike {
  readonly #entries: ReadonlyMap<string, readonly [Value, Value]>;

  constructor(entries: Iterable<readonly [Value, Value]>) {
    super();
    this.#entries = new Map([...entries].map((entry) => [mapKey(entry[0]) ?? '', entry]));
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(mapKey(key) ?? '')?.[1];
  }

  keys(): readonly Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
}

/** An object that a mutation builds: a JSONPatch, or an Object with its path as the type. */
export class Struct extends MapLike {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Value>;

  constructor(type: string, fields: ReadonlyMap<string, Value>) {
    super();
    this.type = type;
    this.fields = fields;
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    // A field that a patch does not set is the empty text.
    return this.fields.get(key) ?? (this.type === 'JSONPatch' && TEXTS_OF_PATCH.has(key) ? '' : undefined);
  }

  /** Whether `has()` finds the field. */
  isSet(key: string): boolean {
    const value = this.fields.get(key);
    return value !== undefined && !(TEXTS_OF_PATCH.has(key) && this.type === 'JSONPatch' && value === '');
  }

  keys(): readonly string[] {
    return [...this.fields.keys()];
  }
}

const TEXTS_OF_PATCH: ReadonlySet<string> = new Set(['op', 'path', 'from']);

/** The text by which a key is found; undefined for a value that cannot be a key. */
export function mapKey(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  return typeof key === 'number' && Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
}

/** A map of known fields. */
export const record = (fields: Readonly<Record<string, Value>>): BuiltMap => new BuiltMap(Object.entries(fields));

export function typeOf(value: Value): string {
  if (value === null) return 'null_type';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Struct) return value.type;
  if (value instanceof MapLike) return 'map';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof TypeName) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof Extension) return value.type;
  return value instanceof CelError || value instanceof CelUnknown ? 'error' : 'list';
}
