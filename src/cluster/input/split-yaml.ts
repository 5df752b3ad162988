import { isRaw } from '../../world/raw.ts';
import { MAX_LINES, MAX_OBJECT, ParseError } from './parse-error.ts';
import type { Piece, Splitter } from './piece.ts';
import { parseYaml } from './yaml.ts';

/**
 * Splits YAML documents, and the `items` of a list in block style: `items:` at the left edge, and then each `- ` in one
 * column, which may be the edge too, where kubectl writes it. Such a line can only be something else inside a quoted
 * string, which is then split and does not parse.
 */
export class YamlSplitter implements Splitter {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  #line = 0;
  readonly #document = new Lines();
  readonly #item = new Lines();
  /** `maybe` means that the last line with content is `items:`; `after` that the items have ended. */
  #items: 'none' | 'maybe' | 'inside' | 'after' = 'none';
  /** The white space before the dash of each item. */
  #indent = '';

  *push(chunk: Buffer): Generator<Piece> {
    const lines = (this.#rest + this.#decode(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_OBJECT) throw new ParseError(this.#line + 1, 'a line that is too long');
    for (const line of lines) yield* this.#add(`${line}\n`);
  }

  *end(): Generator<Piece> {
    yield* this.#add(this.#rest + this.#decode());
    yield* this.#endOfDocument();
  }

  #decode(chunk?: Buffer): string {
    try {
      return this.#decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new ParseError(this.#line + 1, 'not UTF-8 text');
    }
  }

  *#add(line: string): Generator<Piece> {
    this.#line += 1;
    const dash = /^( *)-(\s|$)/.exec(line);
    if (line.startsWith('---')) {
      yield* this.#endOfDocument();
      const rest = line.slice(3).trim();
      if (rest !== '' && !rest.startsWith('#'))
        yield { type: 'broken', value: `invalid Yaml document separator: ${rest}`, line: this.#line };
      return;
    } else if (dash && (this.#items === 'maybe' || (this.#items === 'inside' && dash[1] === this.#indent))) {
      if (this.#items === 'maybe') yield* this.#document.parse('list');
      else yield* this.#item.take('item');
      this.#items = 'inside';
      this.#indent = dash[1] ?? '';
      return this.#addToItem(line);
    } else if (this.#items === 'inside' && (NOTHING.test(line) || line.startsWith(`${this.#indent} `))) {
      return this.#addToItem(line);
    } else if (this.#items === 'inside') {
      yield* this.#item.take('item');
      this.#items = 'after';
    } else if (/^items:\s*$/.test(line)) {
      if (this.#items === 'none') this.#items = 'maybe';
    } else if (this.#items === 'maybe' && !NOTHING.test(line)) {
      this.#items = 'none';
    }
    this.#document.add(line, this.#line);
  }

  #addToItem(line: string): void {
    this.#document.add('\n', this.#line);
    this.#item.add(line, this.#line);
  }

  *#endOfDocument(): Generator<Piece> {
    yield* this.#item.take('item');
    const streamed = this.#items === 'inside' || this.#items === 'after';
    this.#items = 'none';
    if (!streamed) return yield* this.#document.take('object');
    for (const piece of this.#document.take('end')) {
      if (piece.type === 'broken') yield piece;
      else if (!isRaw(piece.value) || piece.value.items !== null)
        yield { type: 'broken', value: 'a list whose items are torn', line: piece.line };
      else {
        const { items: _, ...value } = piece.value;
        yield { ...piece, value };
      }
    }
  }
}

/** Matches a line without content. */
const NOTHING = /^\s*(#|$)/;

/**
 * The lines of one value. Lines that belong to other values are empty here, so that errors have the right line number.
 */
class Lines {
  #lines: string[] = [];
  #first = 1;
  #length = 0;

  add(line: string, number: number): void {
    if (this.#lines.length === 0) this.#first = number;
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > MAX_OBJECT)
      throw new ParseError(
        this.#first,
        `a document of more than ${MAX_OBJECT / 1024 / 1024} MiB: write it with -o json`,
      );
    if (this.#lines.length > MAX_LINES)
      throw new ParseError(this.#first, `a document of more than ${MAX_LINES} lines: write it with -o json`);
  }

  take(type: Piece['type']): Piece[] {
    const pieces = this.parse(type);
    this.#lines = [];
    this.#length = 0;
    return pieces;
  }

  #values(): unknown[] | ParseError {
    try {
      return parseYaml(this.#lines.join(''), this.#first);
    } catch (error) {
      if (error instanceof ParseError) return error;
      throw error;
    }
  }

  parse(type: Piece['type']): Piece[] {
    if (this.#lines.length === 0) return [];
    const values = this.#values();
    if (values instanceof ParseError) return [{ type: 'broken', value: values.message, line: values.line }];
    return (type === 'item' ? values.flat() : values).map((value) => ({ type, value, line: this.#first }));
  }
}
