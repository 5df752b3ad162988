/**
 * What failures may cost a question, whatever they are: refusals, time-outs, resets, servers that are busy. What the
 * server answers costs nothing, so that a large cluster is read to its end. What is not in the budget any more is not
 * tried, and stays unknown.
 */
export class Budget {
  #extras = EXTRAS;
  #pages = PAGES;
  #failures = 0;
  /** Milliseconds in which requests were under way that failed in the end, those that were so together counted once. */
  #lost = 0;
  #lostUntil = 0;
  readonly #time: number;

  /**
   * `requestTimeout`: of one request with its retries, in milliseconds; 0 for no limit, and then there is none on the
   * time of all either.
   */
  constructor(requestTimeout: number) {
    this.#time = requestTimeout === 0 ? Number.POSITIVE_INFINITY : requestTimeout;
  }

  /**
   * Takes one request that a question can do without: a retry, another start of a list, or a narrower read after a
   * wider one has failed. False where there are none left.
   */
  takeExtra(): boolean {
    if (this.#extras === 0) return false;
    this.#extras -= 1;
    return true;
  }

  /** After requests of which something came. */
  giveBack(extras: number): void {
    this.#extras += extras;
  }

  /**
   * Takes a page of a list that brings next to nothing, and says that there are more. False where there have been too
   * many.
   */
  takePage(): boolean {
    this.#pages -= 1;
    return this.#pages >= 0;
  }

  /** Counts a request that failed in the end, from when to when it was under way. */
  fail(from: number, until: number): void {
    this.#failures += 1;
    this.#lost += Math.max(0, until - Math.max(from, this.#lostUntil));
    this.#lostUntil = Math.max(this.#lostUntil, until);
  }

  /** Why nothing more is tried; null while it is. A server that has never answered gets half of the time. */
  spent(isAnswered: boolean): string | null {
    if (this.#failures >= FAILURES) return `not tried after ${FAILURES} requests that failed`;
    if (this.#lost < this.#time * (isAnswered ? 2 : 1)) return null;
    return `not tried: requests that failed had taken ${Math.round(this.#lost / 100) / 10}s before`;
  }
}

/** Whoever looks into an incident must not fill the audit log, nor keep a server busy that asks to be left alone. */
const EXTRAS = 20;
/** A server whose lists have no end must not keep us. */
const PAGES = 100;
/** More than there are kinds that a question reads. */
const FAILURES = 100;

export const NO_EXTRAS = `not tried after ${EXTRAS} requests that failed`;
