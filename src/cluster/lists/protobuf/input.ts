/** Bytes that come piece by piece, for a generator that reads them in order and pauses where too few are there. */
export class Input {
  /** What can be read, from `at` on. */
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** How many have been passed, since the first. */
  passed = 0;
  #waiting: Buffer[] = [];
  #count = 0;

  add(piece: Buffer): void {
    this.#waiting.push(piece);
    this.#count += piece.length;
  }

  /** How many there are to be read or to come to it. */
  get left(): number {
    return this.bytes.length - this.at + this.#count;
  }

  /** Pauses until so many can be read from `at` on. They are put together once, however many pieces they come in. */
  *need(length: number): Generator<undefined, void> {
    while (this.left < length) yield;
    if (this.has(length)) return;
    this.bytes = Buffer.concat([this.bytes.subarray(this.at), ...this.#waiting]);
    this.at = 0;
    this.#waiting = [];
    this.#count = 0;
  }

  /** Whether so many can be read at once, which spares a generator. */
  has(length: number): boolean {
    return this.bytes.length - this.at >= length;
  }

  pass(length: number): void {
    this.at += length;
    this.passed += length;
  }
}
