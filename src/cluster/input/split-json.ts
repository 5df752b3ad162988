import { isRaw } from '../../world/raw.ts';
import { JsonBytes } from './json-bytes.ts';
import { isOpening, JsonScanner } from './json-scanner.ts';
import { MAX_DEPTH, ParseError } from './parse-error.ts';
import type { Piece, Splitter } from './piece.ts';

/**
 * Splits JSON objects, one after the other (also JSON Lines), and the `items` of those that are lists. It only finds
 * where a value ends; JSON.parse decides whether it is JSON, and gets a document with a 0 for each of its items.
 */
export class JsonSplitter implements Splitter {
  readonly #scanner = new JsonScanner();
  readonly #document = new JsonBytes();
  readonly #item = new JsonBytes();
  /** The number of open braces and brackets: 1 inside a document, 2 inside its `items`, 3 inside one of them. */
  #depth = 0;
  #inItems = false;
  /** The number of items of the document so far; null where there has been no `items` yet. */
  #items: number | null = null;

  *push(chunk: Buffer): Generator<Piece> {
    let start = 0;
    for (let i = this.#scanner.next(chunk, 0); i < chunk.length; i = this.#scanner.next(chunk, i + 1)) {
      const opens = isOpening(chunk[i]);
      const depth = this.#go(opens ? 1 : -1);
      if (opens && depth === 1) {
        this.#between(chunk.subarray(start, i));
        this.#document.line = this.#scanner.line;
        start = i;
      } else if (opens && depth === 2) {
        this.#document.add(chunk.subarray(start, i + 1));
        start = i + 1;
        if (this.#document.endsWith(ITEMS)) yield this.#beginItems();
      } else if (opens && depth === 3 && this.#inItems) {
        this.#document.add(chunk.subarray(start, i));
        this.#document.add(PLACEHOLDER);
        this.#item.line = this.#scanner.line;
        start = i;
      } else if (!opens && depth === 2 && this.#inItems) {
        this.#item.add(chunk.subarray(start, i + 1));
        start = i + 1;
        yield this.#endOfItem();
      } else if (!opens && depth === 1) {
        this.#inItems = false;
      } else if (!opens && depth === 0) {
        this.#document.add(chunk.subarray(start, i + 1));
        start = i + 1;
        yield this.#endOfDocument();
      }
    }
    if (this.#depth === 0) this.#between(chunk.subarray(start));
    else (this.#inItems && this.#depth > 2 ? this.#item : this.#document).add(chunk.subarray(start));
  }

  end(): Piece[] {
    if (this.#depth > 0) throw new ParseError(this.#scanner.line, 'unexpected end of JSON input');
    return [];
  }

  #go(step: 1 | -1): number {
    this.#depth += step;
    if (this.#depth < 0) throw new ParseError(this.#scanner.line, 'a bracket closes that was never opened');
    if (this.#depth > MAX_DEPTH) throw new ParseError(this.#scanner.line, `nested deeper than ${MAX_DEPTH} levels`);
    return this.#depth;
  }

  /** Skips white space, and the `---` that may separate objects as it separates YAML documents. */
  #between(bytes: Buffer): void {
    if (!/^[\s-]*$/.test(bytes.toString('latin1')))
      throw new ParseError(this.#scanner.line, 'something other than a JSON object');
  }

  #beginItems(): Piece {
    this.#inItems = true;
    this.#items ??= 0;
    return { type: 'list', value: this.#document.parse(']}'), line: this.#document.line };
  }

  #endOfItem(): Piece {
    this.#items = (this.#items ?? 0) + 1;
    return { type: 'item', value: this.#item.take(), line: this.#item.line };
  }

  #endOfDocument(): Piece {
    const { line } = this.#document;
    const value = this.#document.take();
    const streamed = this.#items;
    this.#items = null;
    if (streamed === null || !isRaw(value)) return { type: 'object', value, line };
    const { items, ...list } = value;
    if (!Array.isArray(items) || items.length !== streamed)
      throw new ParseError(line, 'a list whose items are no objects');
    return { type: 'end', value: list, line };
  }
}

const ITEMS = /[{,]\s*"items"\s*:\s*\[$/;
const PLACEHOLDER = Buffer.from('0');
