import { constants } from 'node:buffer';
import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { urlToHttpOptions } from 'node:url';
import type { WireResponse } from '../connection.ts';
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

/** One request to `server` and its whole response, gunzipped, whatever its status. Rejects with Node's error where no complete response came. */
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
 * `response`, unless `signal` comes first. In place of Node's own option, which says nothing to a request before it has a connection, as a silent
 * proxy never gives it, and costs a start 2 ms more.
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
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  const isGzip = response.headers['content-encoding'] === 'gzip';
  const stream = isGzip ? pipeline(response, zlib().createGunzip({ chunkSize: CHUNK }), () => {}) : response;
  const pieces: Buffer[] = [];
  let left = constants.MAX_STRING_LENGTH;
  const keep = (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) throw new RangeError();
    pieces.push(piece);
  };
  const take = response.statusCode === 200 && sink ? sink : keep;
  stream.on('data', (piece: Buffer) => {
    try {
      take(piece);
    } catch (error) {
      stream.destroy(error instanceof RangeError ? new Error('the response is too large') : (error as Error));
    }
  });
  await finished(stream);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) };
}

/** Loaded with the first answer that needs it, and not before anything is sent: it takes 1 ms. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** Bytes that are gunzipped at once: most lists are larger than zlib's 16 KiB. */
const CHUNK = 2 ** 16;
