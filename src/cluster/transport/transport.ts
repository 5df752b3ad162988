import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../answer/user-error.ts';
import type { Failure } from '../../world/needs.ts';
import type { Raw } from '../../world/raw.ts';
import type { Connection, Impersonation, WireRequest, WireResponse } from '../connect/connection.ts';
import type { ListBody } from '../lists/list-body.ts';
import { BadBody, textIn } from './bad-body.ts';
import { Budget } from './budget.ts';
import { interpret, type Result } from './interpret.ts';
import { limiter } from './limiter.ts';
import { isReset, networkFailure } from './network-failure.ts';
import { backOff, waitOf } from './retry.ts';

export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export interface ClientOptions {
  /** The limit for one request with all its retries, in milliseconds; 0 for no limit. */
  requestTimeout?: number;
  clock?: Clock;
}

export interface GetOptions {
  accept?: string;
  /** False where a failed request is not worth a retry. */
  retry?: boolean;
}

/**
 * Asks the API for JSON objects, a few requests at a time. Every failure is a value: refusals, time-outs, resets, TLS
 * errors and bodies that are not what the API sends. 429 and 5xx are retried after the time that the server asks for,
 * or else with growing pauses, and a GET whose connection was reset is sent once more, as long as the question's budget
 * lasts. Only a UserError of the connection itself (a credential plugin that fails) is thrown.
 */
export class ApiClient {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly #timeout: number;
  readonly #limit = limiter(PARALLEL);
  #budget: Budget;
  #isAnswered = false;

  constructor(connection: Connection, { requestTimeout = DEFAULT_TIMEOUT, clock = REAL_CLOCK }: ClientOptions = {}) {
    this.connection = connection;
    this.clock = clock;
    this.#timeout = requestTimeout;
    this.#budget = new Budget(requestTimeout);
  }

  /** The budget for failures. */
  get budget(): Budget {
    return this.#budget;
  }

  /** Starts a question, which has its own budget. */
  begin(): void {
    this.#budget = new Budget(this.#timeout);
  }

  /** Whether the API has ever answered itself, even with a refusal. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  get(path: string, { accept = 'application/json', retry = true }: GetOptions = {}): Promise<Result<Raw>> {
    return this.#limit(() => this.#ask({ method: 'GET', path, headers: { accept } }, retry ? MAX_TRIES : 1));
  }

  /**
   * Requests a list, which is read while it arrives. Each attempt has its own body; the value is the list without the
   * items that it handed on.
   */
  list(path: string, accept: string, newBody: () => ListBody): Promise<Result<Raw>> {
    return this.#limit(() => this.#ask({ method: 'GET', path, headers: { accept } }, MAX_TRIES, newBody));
  }

  /** Posts a review, which is not stored and may be repeated. */
  post(path: string, body: Raw, impersonate?: Impersonation): Promise<Result<Raw>> {
    const headers = { accept: 'application/json' };
    return this.#limit(() =>
      this.#ask({ method: 'POST', path, headers, body, ...(impersonate && { impersonate }) }, MAX_TRIES),
    );
  }

  /**
   * Posts a request that should not be sent twice, such as a dry run, which webhooks and the audit log see. It is only
   * repeated where the server deferred it.
   */
  postOnce(path: string, body: Raw, impersonate?: Impersonation): Promise<Result<Raw>> {
    const headers = { accept: 'application/json' };
    const request: WireRequest = { method: 'POST', path, headers, body, ...(impersonate && { impersonate }) };
    return this.#limit(() => this.#ask(request, MAX_TRIES, undefined, isPutOff));
  }

  async #ask(
    request: WireRequest,
    tries: number,
    newBody?: () => ListBody,
    isRepeatable: (result: Result<Raw>) => boolean = () => true,
  ): Promise<Result<Raw>> {
    const budget = this.#budget;
    const spent = budget.spent(this.#isAnswered);
    if (spent !== null) return notTried(spent);
    const start = this.clock.now();
    const deadline = this.#timeout === 0 ? Infinity : start + this.#timeout;
    const limited = this.#timeout === 0 ? request : { ...request, signal: AbortSignal.timeout(this.#timeout) };
    for (let attempt = 1; ; attempt += 1) {
      const { result, wait } = await this.#attempt(limited, attempt, newBody?.());
      const isAnswer =
        result.ok || result.failure.kind === 'notFound' || (isRepeatable === isPutOff && isRefused(result.failure));
      if (isAnswer) budget.giveBack(attempt - 1);
      const isWorthwhile =
        wait !== null && isRepeatable(result) && attempt < tries && this.clock.now() + wait <= deadline;
      if (isWorthwhile && budget.takeExtra()) {
        await this.clock.sleep(wait);
        continue;
      }
      const isTimeout = !result.ok && result.failure.kind === 'timeout';
      if (!isAnswer)
        budget.fail(start, isTimeout ? Math.max(this.clock.now(), start + this.#timeout) : this.clock.now());
      return result;
    }
  }

  /**
   * One exchange. `wait` is the number of milliseconds after which another attempt may succeed; null where none will.
   */
  async #attempt(
    request: WireRequest,
    attempt: number,
    list?: ListBody,
  ): Promise<{ result: Result<Raw>; wait: number | null }> {
    try {
      const response = await this.connection.send(list ? { ...request, sink: (piece) => list.push(piece) } : request);
      const body = list ? listOf(response, list) : textOf(response);
      const { result, isFromApi } = interpret(response, body);
      const isBusy = response.status === 429 || response.status >= 500;
      if (isFromApi && !isBusy && response.status !== 401) this.#isAnswered = true;
      return { result, wait: isBusy ? waitOf(response.headers, body, attempt, this.clock.now()) : null };
    } catch (thrown) {
      if (thrown instanceof UserError || thrown instanceof TypeError) throw thrown;
      if (thrown instanceof BadBody) return { result: malformed(thrown.message), wait: null };
      // In the middle of a body our own abort looks like a reset.
      const error = request.signal?.aborted ? request.signal.reason : thrown;
      const isWorthwhile = request.method === 'GET' && attempt === 1 && isReset(error);
      return {
        result: { ok: false, failure: networkFailure(error, this.#timeout) },
        wait: isWorthwhile ? backOff(attempt) : null,
      };
    }
  }
}

const isGood = ({ status }: WireResponse): boolean => status >= 200 && status < 300;

/**
 * The body that arrived in one piece, or the end of the one that has been handed on. A refusal may have any encoding
 * here too.
 */
function listOf(response: WireResponse, list: ListBody): Raw | string {
  try {
    list.push(response.body);
    return list.end();
  } catch (error) {
    if (error instanceof BadBody && !isGood(response)) return textOf(response);
    throw error;
  }
}

/**
 * The text of a body. The text of a failure is only shown, and may have any encoding. Throws BadBody for an answer that
 * is not text.
 */
const textOf = (response: WireResponse): string =>
  isGood(response) ? textIn(response.body) : new TextDecoder().decode(response.body);

const malformed = (why: string): Result<Raw> => ({
  ok: false,
  failure: { kind: 'malformed', status: 200, message: `200 OK: ${why}` },
});
const notTried = (message: string): Result<Raw> => ({
  ok: false,
  failure: { kind: 'notTried', status: null, message },
});

/** A refusal of what was to be created is an answer. */
const isRefused = ({ status }: Failure): boolean =>
  status !== null && status >= 400 && status !== 401 && status < 500 && status !== 429;

/** A 429 is sent before anything is done. */
const isPutOff = (result: Result<Raw>): boolean => !result.ok && result.failure.status === 429;

const PARALLEL = 8;
const MAX_TRIES = 5;
const DEFAULT_TIMEOUT = 30_000;
const REAL_CLOCK: Clock = { now: Date.now, sleep };
