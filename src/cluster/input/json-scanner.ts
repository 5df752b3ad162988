/**
 * Finds the braces and brackets of JSON outside strings, in bytes that arrive in chunks, and counts lines. Everything
 * that it looks for is ASCII, whose bytes UTF-8 uses for nothing else.
 */
export class JsonScanner {
  line = 1;
  #inString = false;
  #escaped = false;

  /** The position of the next one from `start` on; the length of the chunk where there is none. */
  next(chunk: Buffer, start: number): number {
    for (let i = start; i < chunk.length; i += 1) {
      if (this.#inString) i = this.#endOfString(chunk, i);
      else if (chunk[i] === QUOTE) this.#inString = true;
      else if (chunk[i] === NEWLINE) this.line += 1;
      else if (isOpening(chunk[i]) || isClosing(chunk[i])) return i;
    }
    return chunk.length;
  }

  #endOfString(chunk: Buffer, start: number): number {
    let escaped = this.#escaped;
    for (let i = start; i < chunk.length; i += 1) {
      if (escaped) escaped = false;
      else if (chunk[i] === BACKSLASH) escaped = true;
      else if (chunk[i] === QUOTE) {
        this.#inString = false;
        return i;
      }
    }
    this.#escaped = escaped;
    return chunk.length;
  }
}

export const isOpening = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number | undefined): boolean => byte === 0x7d || byte === 0x5d;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
