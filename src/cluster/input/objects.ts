import { isRaw, type Raw } from '../../world/raw.ts';
import { type Hidden, NoObject, ParseError } from './parse-error.ts';
import type { Piece } from './piece.ts';

/** An object of a file, with the fields that give its kind. */
export interface Found {
  apiVersion: string;
  kind: string;
  raw: Raw;
  line: number;
  /** The outermost list that contains it; null for a single object. Lists are compared by identity. */
  list: object | null;
}

/**
 * The objects in the pieces of one file, with lists in lists expanded. Objects in a typed list (`RoleBindingList`), to
 * which the API server gives no kind, have the kind of the list. Throws ParseError, and NoObject for what is no object
 * of Kubernetes; the pieces after it can still be added.
 */
export class ObjectReader {
  /** The list whose items are being read. */
  #list: Raw = {};
  /** Items whose kind is not known yet, since it may follow the items. */
  #kindless: Piece[] = [];

  *add({ type, value, line }: Piece): Generator<Found> {
    if (type === 'broken') throw new ParseError(line, String(value));
    if (!isRaw(value))
      throw new NoObject(line, `${nameOf(value)} is no object of Kubernetes`, type === 'item' ? 'anything' : 'nothing');
    if (type === 'object') yield* unfold(value, line, {}, null);
    else if (type === 'list') this.#list = value;
    else if (type === 'item' && (value.kind !== undefined || this.#list.kind !== undefined))
      yield* unfold(value, line, this.#list, this.#list);
    else if (type === 'item') this.#kindless.push({ type, value, line });
    else {
      // kubectl writes the kind last, so that a list which was cut short has none.
      if (typeof value.kind !== 'string') throw new ParseError(line, 'the list that begins here ends without a kind');
      for (const item of this.#kindless) if (isRaw(item.value)) yield* unfold(item.value, item.line, value, this.#list);
      this.#kindless = [];
    }
  }
}

/** Expands lists within lists, which the stream does not split. */
function* unfold(raw: Raw, line: number, parent: Raw, list: object | null): Generator<Found> {
  const kind = raw.kind ?? itemKind(parent);
  const apiVersion = raw.apiVersion ?? (raw.kind === undefined ? parent.apiVersion : undefined);
  if (typeof kind !== 'string' || kind === '')
    throw new NoObject(line, "Object 'Kind' is missing", hiddenBy(raw, list));
  if (typeof apiVersion !== 'string' || apiVersion === '')
    throw new NoObject(line, "Object 'apiVersion' is missing", looksLikeObject(raw) ? { kind } : hiddenBy(raw, list));
  const { items } = raw;
  if (!Array.isArray(items)) {
    if (kind === 'List' && items !== undefined && items !== null)
      throw new ParseError(line, 'items of the List are not a list');
    return yield { apiVersion, kind, raw, line, list };
  }
  for (const item of items) {
    if (!isRaw(item)) throw new NoObject(line, `${nameOf(item)} is no object of Kubernetes`, 'anything');
    yield* unfold(item, line, raw, list ?? raw);
  }
}

/**
 * What may be hidden: an element of a list of objects, or a value that looks like an object, was meant to be one.
 * Charts have files (Chart.yaml, values.yaml) that are no objects.
 */
const hiddenBy = (raw: Raw, list: object | null): Hidden =>
  list !== null || looksLikeObject(raw) ? 'anything' : 'nothing';

const looksLikeObject = ({ metadata }: Raw): boolean => isRaw(metadata);

const itemKind = ({ kind }: Raw): unknown =>
  typeof kind === 'string' && kind !== 'List' ? kind.replace(/List$/, '') : undefined;

const nameOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
