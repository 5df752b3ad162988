/**
 * Decodes YAML values as Go's encoding/json decodes them into the types that kubectl has for them: unknown fields are
 * ignored, null is absence, and a value of the wrong type is refused with Go's wording, which names the field and never
 * the value.
 */
type Shape = 'string' | 'bool' | 'bytes' | 'any' | ListShape | MapShape | StructShape;
interface ListShape {
  list: Shape;
  type: string;
}
interface MapShape {
  map: Shape;
  type: string;
}
export interface StructShape {
  struct: string;
  type: string;
  fields: Record<string, Shape>;
}

/** Decodes `value` into `T`. Throws an Error with Go's wording. The caller states T, which `shape` has to describe. */
export function decode<T>(value: unknown, shape: StructShape): T {
  return decodeValue(value, shape, { struct: shape.struct, path: '' }) as T;
}

interface Field {
  struct: string;
  path: string;
}

function decodeValue(value: unknown, shape: Shape, field: Field): unknown {
  if (shape === 'any') return value;
  const kind = jsonKind(value);
  const refuse = () =>
    new Error(
      `json: cannot unmarshal ${kind} into Go struct field ${field.struct}.${field.path} of type ${goType(shape)}`,
    );
  if (shape === 'string' || shape === 'bool') {
    if (kind !== shape) throw refuse();
    return value;
  }
  if (shape === 'bytes') {
    if (typeof value !== 'string') throw refuse();
    return decodeBase64(value);
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw refuse();
    return value.map((item) => (item == null ? zero(shape.list) : decodeValue(item, shape.list, field)));
  }
  if (kind !== 'object') throw refuse();
  const entries = Object.entries(value as object).filter(([, item]) => item != null);
  if ('map' in shape)
    return Object.fromEntries(entries.map(([key, item]) => [key, decodeValue(item, shape.map, field)]));
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const inner = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      return inner
        ? [[key, decodeValue(item, inner, { struct: shape.struct, path: field.path ? `${field.path}.${key}` : key })]]
        : [];
    }),
  );
}

const zero = (shape: Shape): unknown => (shape === 'string' ? '' : {});

function goType(shape: Shape): string {
  if (typeof shape === 'string') return shape === 'bytes' ? '[]uint8' : shape;
  return shape.type;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Decodes base64 like Go's base64.StdEncoding: padding is required, and line ends are skipped. */
function decodeBase64(text: string): Buffer {
  const data = text.replaceAll(/[\r\n]/g, '');
  const valid = data.match(/^[A-Za-z0-9+/]*/)?.[0].length ?? 0;
  const padded = data.length % 4 === 0 && /^={0,2}$/.test(data.slice(valid));
  if (!padded)
    throw new Error(`illegal base64 data at input byte ${valid === data.length ? valid - (valid % 4) : valid}`);
  return Buffer.from(data, 'base64');
}
