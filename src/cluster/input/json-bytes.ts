import { isUtf8 } from 'node:buffer';
import { MAX_OBJECT, ParseError } from './parse-error.ts';

/**
 * Collects the bytes of one JSON value as they arrive. They are copied, so that no chunk is kept for a few of its
 * bytes.
 */
export class JsonBytes {
  /** The line where the value begins. */
  line = 1;
  #bytes = Buffer.alloc(4096);
  #length = 0;

  add(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > MAX_OBJECT) throw new ParseError(this.line, `an object of more than ${MAX_OBJECT / 1024 / 1024} MiB`);
    if (length > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#length)], 2 * length);
    part.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  endsWith(pattern: RegExp): boolean {
    return pattern.test(this.#bytes.toString('latin1', Math.max(0, this.#length - 64), this.#length));
  }

  /** The parsed value; with `tail`, the value so far with `tail` appended. */
  parse(tail = ''): unknown {
    const bytes = this.#bytes.subarray(0, this.#length);
    if (!isUtf8(bytes)) throw new ParseError(this.line, 'not UTF-8 text');
    try {
      return JSON.parse(bytes.toString() + tail);
    } catch {
      throw new ParseError(this.line, 'invalid JSON in the object that begins here');
    }
  }

  take(): unknown {
    const value = this.parse();
    this.#length = 0;
    return value;
  }
}
