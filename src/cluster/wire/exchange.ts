import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { urlToHttpOptions } from 'node:url';
import type { WireResponse } from '../connect/connection.ts';
import { LARGEST_BODY, tooLarge } from '../transport/bad-body.ts';
import { http } from './http.ts';

export interface Exchange {
  method: 'GET' | 'POST';
  /** The path, which is sent unchanged: the server decides about `..` and the like. */
  path: string;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
  agent: Agent;
  signal?: AbortSignal | undefined;
  sink?: ((piece: Buffer) => void) | undefined;
}

/**
 * Sends one request to `server` and reads its whole response, gunzipped, whatever its status; of a failure the first
 * MiB. Rejects with Node's error where no complete response arrived, and with BadBody for one that is too large.
 */
export async function exchange(server: URL, { signal, body, sink, ...options }: Exchange): Promise<WireResponse> {
  signal?.throwIfAborted();
  const start = server.protocol === 'https:' ? httpsRequest : http().request;
  const request = start({ ...urlToHttpOptions(server), ...options });
  // The body is not a string, since Node would join that to the headers, whose bytes are already encoded, and encode
  // both.
  request.end(body === undefined ? undefined : Buffer.from(body));
  const response = receive(request, sink);
  return signal ? untilAborted(request, response, signal) : response;
}

/**
 * Resolves with `response`, unless `signal` is aborted first. This replaces Node's own option, which does not abort a
 * request that has no connection yet, as with a silent proxy, and costs 2 ms more at the start.
 */
async function untilAborted<T>(request: ClientRequest, response: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason);
    request.destroy(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([response, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function receive(request: ClientRequest, sink: Exchange['sink']): Promise<WireResponse> {
  const response = await responseTo(request);
  const { statusCode: status = 0, headers } = response;
  if (status === SWITCHING) {
    // An unread response would keep its connection, of which there are few, from the requests that wait for one.
    response.destroy();
    return { status, headers, body: Buffer.alloc(0) };
  }
  const isGzip = headers['content-encoding']?.toLowerCase() === 'gzip';
  const stream = isGzip ? pipeline(response, zlib().createGunzip({ chunkSize: CHUNK }), () => {}) : response;
  const isGood = status >= 200 && status < 300;
  const pieces: Buffer[] = [];
  let left = isGood ? LARGEST_BODY : LARGEST_FAILURE;
  const keep = (piece: Buffer) => {
    left -= piece.length;
    if (left < 0 && isGood) throw tooLarge();
    pieces.push(piece);
    // For a failure the status and the first bytes of its text are enough.
    if (left < 0) stream.destroy();
  };
  const take = status === 200 && sink ? sink : keep;
  stream.on('data', (piece: Buffer) => {
    try {
      take(piece);
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
  await finished(stream).catch((error: unknown) => {
    if (left >= 0 || isGood) throw error;
    response.destroy();
  });
  return { status, headers, body: Buffer.concat(pieces) };
}

/**
 * Rejects where there will be no response. A server that wants to switch protocols has also answered, with a 101 that
 * was not requested.
 */
function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    request.on('error', reject);
    // This event is the last, and has no effect where the promise is settled.
    request.once('close', () => reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' })));
  });
}

const SWITCHING = 101;
const LARGEST_FAILURE = 2 ** 20;

/** Loaded with the first answer that needs it, after the request was sent, since it takes 1 ms. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** The number of bytes that are gunzipped at once: most lists are larger than zlib's 16 KiB. */
const CHUNK = 2 ** 16;
