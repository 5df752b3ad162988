/**
 * What is read of a protobuf message: for each field number how the API's JSON names the field, and what it holds. All other fields are
 * passed over.
 */
export type Schema = readonly (Field | undefined)[];

export interface Field {
  name: string;
  type: Type;
  /** Of `object` and `objects`. */
  schema: Schema;
}

/**
 * `text` stands in JSON even where it is empty, `optionalText` does not (Go's omitempty). `time` is RFC 3339, as JSON has it. `texts`,
 * `objects` and `map` collect what comes under their number one by one; where nothing does, the field is absent.
 */
export type Type = 'text' | 'optionalText' | 'texts' | 'integer' | 'time' | 'map' | 'object' | 'objects';

export const schema = (fields: Readonly<Record<number, Field>>): Schema => {
  const numbers = Object.keys(fields).map(Number);
  return Array.from({ length: Math.max(...numbers) + 1 }, (_, number) => fields[number]);
};

const scalar =
  (type: Type) =>
  (name: string): Field => ({ name, type, schema: [] });

export const text = scalar('text');
export const optionalText = scalar('optionalText');
export const texts = scalar('texts');
export const integer = scalar('integer');
export const time = scalar('time');
export const map = scalar('map');
export const object = (name: string, of: Schema): Field => ({ name, type: 'object', schema: of });
export const objects = (name: string, of: Schema): Field => ({ name, type: 'objects', schema: of });
