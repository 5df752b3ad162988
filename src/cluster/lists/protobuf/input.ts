/** Bytes that arrive in pieces, for a generator that reads them in order and pauses where too few are present. */
export class Input {
  /** The bytes that can be read, from `at` on. */
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** The number of bytes that have been passed since the first. */
  passed = 0;
  #waiting: Buffer[] = [];
  #count = 0;

  add(piece: Buffer): void {
    this.#waiting.push(piece);
    this.#count += piece.length;
  }

  /** The number of bytes in the input that have not been read. */
  get left(): number {
    return this.bytes.length - this.at + this.#count;
  }

  /**
   * Pauses until `length` bytes can be read from `at` on. They are joined once, however many pieces they arrive in.
   */
  *need(length: number): Generator<undefined, void> {
    while (this.left < length) yield;
    if (this.has(length)) return;
    this.bytes = Buffer.concat([this.bytes.subarray(this.at), ...this.#waiting]);
    this.at = 0;
    this.#waiting = [];
    this.#count = 0;
  }

  /** Whether `length` bytes can be read without pausing, which avoids a generator. */
  has(length: number): boolean {
    return this.bytes.length - this.at >= length;
  }

  pass(length: number): void {
    this.at += length;
    this.passed += length;
  }
}
