import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { ApiClient, type ClientOptions } from '../../src/cluster/transport/transport.ts';
import { httpConnection } from './http-connection.ts';

export interface Received {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** What the server does with a request; a returned object is sent as JSON. */
export type Handler = (request: Received, response: ServerResponse, count: number) => object | undefined;

/**
 * An API server that misbehaves as told, and remembers what it was asked. A client of it, and the pauses that the
 * client made (it does not wait).
 */
export async function faultyServer(test: TestContext, handler: Handler, options: ClientOptions = {}) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://server');
    const content = await text(request);
    const body = content === '' ? undefined : JSON.parse(content);
    received.push({ method: request.method ?? '', path, query, headers: request.headers, body });
    const answer = handler(received.at(-1) as Received, response, received.length);
    if (answer) send(response, 200, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = httpConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    token: 'secret-token',
  });
  test.after(() => {
    connection.close();
    server.closeAllConnections();
    server.close();
  });
  const pauses: number[] = [];
  let now = Date.UTC(2026, 10, 24);
  const clock = {
    now: () => now,
    async sleep(milliseconds: number) {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
  return { client: new ApiClient(connection, { clock, ...options }), received, pauses, server };
}

export function send(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): undefined {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response
    .writeHead(status, { 'content-type': type, ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A Status as the API sends it when it refuses or fails. */
export const failed = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  reason,
  code,
});
