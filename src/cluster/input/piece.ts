/**
 * What a splitter finds in a stream of text, each value parsed and on its own, so that no more than one object is ever held:
 * `object` a whole document; for a list with streamed items instead `list` (what stands before its items), then each `item`, then
 * `end` (the whole list without items). `line` is where it begins, from 1.
 */
export interface Piece {
  type: 'object' | 'list' | 'item' | 'end';
  value: unknown;
  line: number;
}

/** Splits a stream of bytes, given chunk by chunk. Throws ParseError. */
export interface Splitter {
  push(chunk: Buffer): Iterable<Piece>;
  /** The end of the stream. */
  end(): Iterable<Piece>;
}
