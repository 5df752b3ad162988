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
  /** Sent as it is: `..` and the like are for the server to judge. */
  path: string;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
  agent: Agent;
  signal?: AbortSignal | undefined;
  sink?: ((piece: Buffer) => void) | undefined;
}

/**
 * One request to `server` and its whole response, gunzipped, whatever its status; of a failure the first MiB. Rejects
 * with Node's error where no complete response came, and with BadBody for one that is too large.
 */
export async function exchange(server: URL, { signal, body, sink, ...options }: Exchange): Promise<WireResponse> {
  signal?.throwIfAborted();
  const start = server.protocol === 'https:' ? httpsRequest : http().request;
  const request = start({ ...urlToHttpOptions(server), ...options });
  // Not as a string: Node would join it to the headers, whose bytes are encoded already, and encode both.
  request.end(body === undefined ? undefined : Buffer.from(body));
  const response = receive(request, sink);
  return signal ? untilAborted(request, response, signal) : response;
}

/**
 * `response`, unless `signal` comes first. In place of Node's own option, which says nothing to a request before it has
 * a connection, as a silent proxy never gives it, and costs a start 2 ms more.
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
    // Unread, it would keep its connection, of which there are few, from the requests that wait for one.
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
    // A failure is told by its status, and by the first of its words.
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
 * Rejects where there will be none. A server that wants to speak another protocol has answered too, with a 101 that
 * nobody asked for.
 */
function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    request.on('error', reject);
    // Last of all, and then of no effect.
    request.once('close', () => reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' })));
  });
}

const SWITCHING = 101;
const LARGEST_FAILURE = 2 ** 20;

/** Loaded with the first answer that needs it, and not before anything is sent: it takes 1 ms. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** Bytes that are gunzipped at once: most lists are larger than zlib's 16 KiB. */
const CHUNK = 2 ** 16;
