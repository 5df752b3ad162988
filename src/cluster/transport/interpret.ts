import { STATUS_CODES } from 'node:http';
import type { Failure } from '../../world/needs.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import type { WireResponse } from '../connect/connection.ts';
import { MAGIC } from '../lists/protobuf/magic.ts';
import { shorten } from './shorten.ts';

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/**
 * The result that a response stands for, with its body as text, or already parsed. `isFromApi` says that its body is a
 * JSON object, so that it is from a Kubernetes API and not from a proxy in between. Only then a 404 is `notFound`: a
 * proxy without such a page says nothing about an object.
 */
export function interpret(
  { status, headers }: WireResponse,
  body: string | Raw,
): { result: Result<Raw>; isFromApi: boolean } {
  const parsed = typeof body === 'string' ? parseJson(body) : body;
  if (!isRaw(parsed))
    return {
      result: failure('malformed', status, describeBody(headers['content-type'], String(body), parsed)),
      isFromApi: false,
    };
  const isStatus = parsed.kind === 'Status' && parsed.status === 'Failure';
  if (status >= 200 && status < 300 && !isStatus) return { result: { ok: true, value: parsed }, isFromApi: true };
  const code = isStatus && typeof parsed.code === 'number' ? parsed.code : status;
  const message = isStatus && typeof parsed.message === 'string' ? parsed.message : '';
  return { result: failure('malformed', code, message, isStatus), isFromApi: isStatus };
}

/** The value of a JSON text; undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `otherwise` is the kind of failure for a status that has no meaning of its own. */
function failure(
  otherwise: Failure['kind'],
  status: number,
  detail: string,
  isStatus = false,
): { ok: false; failure: Failure } {
  const kind = kindOf(status, isStatus) ?? otherwise;
  const phrase = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const isNews = detail !== '' && !phrase.endsWith(detail);
  return { ok: false, failure: { kind, status, message: shorten(isNews ? `${phrase}: ${detail}` : phrase) } };
}

function kindOf(status: number, isStatus: boolean): Failure['kind'] | null {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 && isStatus) return 'notFound';
  if (status === 429) return 'throttled';
  return status >= 500 || isStatus ? 'serverError' : null;
}

/**
 * Describes a body without its content, which may contain the values of an object: only its kind, or the first line of
 * a plain text.
 */
function describeBody(type: string | undefined, body: string, parsed: unknown): string {
  if (body.trim() === '') return 'an empty body';
  if (/^\s*<(!doctype|html)/i.test(body) || type?.startsWith('text/html'))
    return 'an HTML page instead of JSON (from a proxy or a login?)';
  if (body.startsWith(String(MAGIC))) return 'protobuf that is broken or cut short';
  if (parsed !== undefined) return 'JSON that is not an object';
  if (type?.startsWith('application/json') || /^\s*[[{]/.test(body)) return 'JSON that is broken or cut short';
  return body.trim().split('\n', 1)[0] ?? '';
}
