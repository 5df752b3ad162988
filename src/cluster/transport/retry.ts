import type { IncomingHttpHeaders } from 'node:http';
import { isRaw, type Raw } from '../../world/raw.ts';
import { parseJson } from './interpret.ts';

/**
 * The milliseconds to wait before a request is sent again: the value of Retry-After (seconds or a date), or else of the
 * Status, or else a pause that doubles with each attempt. Null where the server asks for a longer pause than is
 * reasonable.
 */
export function waitOf(headers: IncomingHttpHeaders, body: string | Raw, attempt: number, now: number): number | null {
  const wait = retryAfter(headers['retry-after'], now) ?? statusSeconds(body) ?? backOff(attempt);
  return wait > LONGEST_WAIT ? null : wait;
}

/** The pause has jitter, so that clients which were refused together do not return together. */
export const backOff = (attempt: number): number => FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);

function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function statusSeconds(body: string | Raw): number | null {
  const status = typeof body === 'string' ? parseJson(body) : body;
  const seconds = isRaw(status) && isRaw(status.details) ? status.details.retryAfterSeconds : null;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null;
}

const FIRST_PAUSE = 200;
const LONGEST_WAIT = 30_000;
