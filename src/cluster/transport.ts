import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../answer/user-error.ts';
import type { Raw } from '../world/reduce/raw.ts';
import type { Connection, Impersonation, WireRequest } from './connection.ts';
import { interpret, type Result } from './interpret.ts';
import { limiter } from './limiter.ts';
import type { ListBody } from './list-body.ts';
import { isReset, networkFailure } from './network-failure.ts';
import { backOff, waitOf } from './retry.ts';

export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

export interface ClientOptions {
  /** Milliseconds for one request with all its retries; 0 for no limit. */
  requestTimeout?: number;
  clock?: Clock;
}

export interface GetOptions {
  accept?: string;
  /** False where a failure is not worth waiting for. */
  retry?: boolean;
}

/**
 * Asks the API for JSON objects, a few requests at a time. Every failure is a value: refusals, time-outs, resets, TLS errors and bodies that
 * are not what the API sends. 429 and 5xx are retried after the time that the server asks for, else with growing pauses; a GET whose
 * connection was reset is sent once more. Only a UserError of the connection itself (a credential plugin that fails) is thrown.
 */
export class ApiClient {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly #timeout: number;
  readonly #limit = limiter(PARALLEL);
  #isAnswered = false;

  constructor(connection: Connection, { requestTimeout = DEFAULT_TIMEOUT, clock = REAL_CLOCK }: ClientOptions = {}) {
    this.connection = connection;
    this.clock = clock;
    this.#timeout = requestTimeout;
  }

  /** Whether the API has ever answered in its own words, be it with a refusal. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  get(path: string, { accept = 'application/json', retry = true }: GetOptions = {}): Promise<Result<Raw>> {
    return this.#limit(() => this.#ask({ method: 'GET', path, headers: { accept } }, retry ? MAX_TRIES : 1));
  }

  /** A list, read while it arrives. Each attempt has a body of its own; the value is the list without the items that it handed on. */
  list(path: string, accept: string, newBody: () => ListBody): Promise<Result<Raw>> {
    return this.#limit(() => this.#ask({ method: 'GET', path, headers: { accept } }, MAX_TRIES, newBody));
  }

  /** For reviews, which store nothing and may be repeated. */
  post(path: string, body: Raw, impersonate?: Impersonation): Promise<Result<Raw>> {
    const headers = { accept: 'application/json' };
    return this.#limit(() => this.#ask({ method: 'POST', path, headers, body, ...(impersonate && { impersonate }) }, MAX_TRIES));
  }

  /** For what is better not sent twice, such as a dry run, which webhooks and the audit log see: only what the server put off comes again. */
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
    const deadline = this.#timeout === 0 ? Infinity : this.clock.now() + this.#timeout;
    const limited = this.#timeout === 0 ? request : { ...request, signal: AbortSignal.timeout(this.#timeout) };
    for (let attempt = 1; ; attempt += 1) {
      const { result, wait } = await this.#attempt(limited, attempt, newBody?.());
      if (wait === null || !isRepeatable(result) || attempt >= tries || this.clock.now() + wait > deadline) return result;
      await this.clock.sleep(wait);
    }
  }

  /** One exchange. `wait`: milliseconds after which another attempt may succeed; null where none will. */
  async #attempt(request: WireRequest, attempt: number, list?: ListBody): Promise<{ result: Result<Raw>; wait: number | null }> {
    try {
      const response = await this.connection.send(list ? { ...request, sink: (piece) => list.push(piece) } : request);
      list?.push(response.body);
      const body = list ? list.end() : new TextDecoder().decode(response.body);
      const { result, isFromApi } = interpret(response, body);
      const isBusy = response.status === 429 || response.status >= 500;
      if (isFromApi && !isBusy && response.status !== 401) this.#isAnswered = true;
      return { result, wait: isBusy ? waitOf(response.headers, body, attempt, this.clock.now()) : null };
    } catch (thrown) {
      if (thrown instanceof UserError || thrown instanceof TypeError) throw thrown;
      // In the middle of a body our own abort looks like a reset.
      const error = request.signal?.aborted ? request.signal.reason : thrown;
      const isWorthwhile = request.method === 'GET' && attempt === 1 && isReset(error);
      return { result: { ok: false, failure: networkFailure(error, this.#timeout) }, wait: isWorthwhile ? backOff(attempt) : null };
    }
  }
}

/** A 429 is said before anything is done. */
const isPutOff = (result: Result<Raw>): boolean => !result.ok && result.failure.status === 429;

const PARALLEL = 8;
const MAX_TRIES = 5;
const DEFAULT_TIMEOUT = 30_000;
const REAL_CLOCK: Clock = { now: Date.now, sleep };
