/**
 * What a splitter finds in a stream of text, each value parsed and on its own, so that no more than one object is ever
 * held: `object` a whole document; for a list with streamed items instead `list` (what stands before its items), then
 * each `item`, then `end` (the whole list without items). `broken` stands for a document, or an item, that does not
 * parse; its value is why, and what follows is read all the same. `line` is where it begins, for `broken` where the
 * mistake is, from 1.
 */
export interface Piece {
  type: 'object' | 'list' | 'item' | 'end' | 'broken';
  value: unknown;
  line: number;
}

/** Splits a stream of bytes, given in chunks. Throws ParseError. */
export interface Splitter {
  push(chunk: Buffer): Iterable<Piece>;
  /** Ends the stream. */
  end(): Iterable<Piece>;
}
