import { constants } from 'node:buffer';
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { urlToHttpOptions } from 'node:url';
import { createGunzip } from 'node:zlib';
import type { WireResponse } from '../connection.ts';

export interface Exchange {
  method: 'GET' | 'POST';
  /** Sent as it is: `..` and the like are for the server to judge. */
  path: string;
  headers: OutgoingHttpHeaders;
  body?: string | undefined;
  agent: Agent;
  signal?: AbortSignal | undefined;
}

/** One request to `server` and its whole response, gunzipped, whatever its status. Rejects with Node's error where no complete response came. */
export function exchange(server: URL, { signal, body, ...options }: Exchange): Promise<WireResponse> {
  const start = server.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = start({ ...urlToHttpOptions(server), ...options, ...(signal && { signal }) });
  // Not as a string: Node would join it to the headers, whose bytes are encoded already, and encode both.
  request.end(body === undefined ? undefined : Buffer.from(body));
  return receive(request, signal);
}

async function receive(request: ClientRequest, signal: AbortSignal | undefined): Promise<WireResponse> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    // Node tells a request that it was aborted only once it has a connection, which a silent proxy never gives it.
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const isGzip = response.headers['content-encoding'] === 'gzip';
  const stream = isGzip ? pipeline(response, createGunzip(), () => {}) : response;
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > constants.MAX_STRING_LENGTH) stream.destroy(new Error('the response is too large'));
  });
  const body = (await buffer(stream)).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}
