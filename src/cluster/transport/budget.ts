/**
 * Limits what failures may cost a question, whatever they are: refusals, time-outs, resets, busy servers. Answers of
 * the server cost nothing, so that a large cluster is read completely. What the budget does not cover is not tried, and
 * stays unknown.
 */
export class Budget {
  #extras = EXTRAS;
  #pages = PAGES;
  #failures = 0;
  /**
   * The milliseconds during which requests were running that failed in the end. Time that several of them share counts
   * once.
   */
  #lost = 0;
  #lostUntil = 0;
  readonly #time: number;

  /**
   * `requestTimeout` is the limit for one request with its retries, in milliseconds. With 0 there is no limit, for the
   * whole question either.
   */
  constructor(requestTimeout: number) {
    this.#time = requestTimeout === 0 ? Number.POSITIVE_INFINITY : requestTimeout;
  }

  /**
   * Takes one request that a question can do without: a retry, another start of a list, or a narrower read after a
   * wider one has failed. Returns false where none are left.
   */
  takeExtra(): boolean {
    if (this.#extras === 0) return false;
    this.#extras -= 1;
    return true;
  }

  /** Returns requests that had a result. */
  giveBack(extras: number): void {
    this.#extras += extras;
  }

  /**
   * Takes a page of a list that contains next to nothing and that another page follows. Returns false after too many of
   * them.
   */
  takePage(): boolean {
    this.#pages -= 1;
    return this.#pages >= 0;
  }

  /** Counts a request that failed in the end, with the time during which it was running. */
  fail(from: number, until: number): void {
    this.#failures += 1;
    this.#lost += Math.max(0, until - Math.max(from, this.#lostUntil));
    this.#lostUntil = Math.max(this.#lostUntil, until);
  }

  /** Why nothing more is tried; null while requests are. A server that has never answered gets half of the time. */
  spent(isAnswered: boolean): string | null {
    if (this.#failures >= FAILURES) return `not tried after ${FAILURES} requests that failed`;
    if (this.#lost < this.#time * (isAnswered ? 2 : 1)) return null;
    return `not tried: requests that failed had taken ${Math.round(this.#lost / 100) / 10}s before`;
  }
}

/** Bounds the requests that fill the audit log, and those to a busy server that asks to be left alone. */
const EXTRAS = 20;
/** Bounds lists that have no end. */
const PAGES = 100;
/** More than the number of kinds that a question reads. */
const FAILURES = 100;

export const NO_EXTRAS = `not tried after ${EXTRAS} requests that failed`;
