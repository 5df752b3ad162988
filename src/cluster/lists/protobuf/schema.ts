import { maxOf } from '../../../answer/many.ts';

/**
 * What is read of a protobuf message: for each field number how the API's JSON names the field, and what it holds. All
 * other fields are passed over.
 */
export type Schema = readonly (Field | undefined)[];

export interface Field {
  name: string;
  type: Type;
  /** Of `object`, `objects` and `inline`. */
  schema: Schema;
  /** Of a list: JSON has it, be it empty. Of the fields of a whole object alone. */
  isAlways?: true;
}

/**
 * `text` stands in JSON even where it is empty, `optionalText` does not (Go's omitempty). `time` is RFC 3339, as JSON
 * has it. `texts`, `objects` and `map` collect what comes under their number one by one; where nothing does, the field
 * is absent. `inline` is a message whose fields JSON has among those of the one that it is in.
 */
export type Type =
  | 'text'
  | 'optionalText'
  | 'texts'
  | 'integer'
  | 'boolean'
  | 'time'
  | 'map'
  | 'object'
  | 'objects'
  | 'inline';

export const schema = (fields: Readonly<Record<number, Field>>): Schema => {
  const numbers = Object.keys(fields).map(Number);
  return Array.from({ length: maxOf(numbers) + 1 }, (_, number) => fields[number]);
};

const scalar =
  (type: Type) =>
  (name: string): Field => ({ name, type, schema: [] });

export const text = scalar('text');
export const optionalText = scalar('optionalText');
export const texts = scalar('texts');
export const integer = scalar('integer');
export const boolean = scalar('boolean');
export const time = scalar('time');
export const map = scalar('map');
export const object = (name: string, of: Schema): Field => ({ name, type: 'object', schema: of });
export const objects = (name: string, of: Schema): Field => ({ name, type: 'objects', schema: of });
export const always = (field: Field): Field => ({ ...field, isAlways: true });
export const inline = (of: Schema): Field => ({ name: 'what is embedded', type: 'inline', schema: of });
