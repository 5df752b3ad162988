import { maxOf } from '../../../answer/many.ts';

/**
 * The fields that are read of a protobuf message: by field number, the name in the API's JSON and the type. All other
 * fields are skipped.
 */
export type Schema = readonly (Field | undefined)[];

export interface Field {
  name: string;
  type: Type;
  /** The schema of `object`, `objects` and `inline`. */
  schema: Schema;
  /** Whether JSON has the list even where it is empty. Only for fields of a whole object. */
  isAlways?: true;
}

/**
 * The type of a field. `text` is in JSON even where it is empty, `optionalText` is not (Go's omitempty). `time` is RFC
 * 3339, as in JSON. `texts`, `objects` and `map` collect the values with their number one by one, and are absent
 * without any. `inline` is a message whose fields JSON has among those of the outer message.
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
