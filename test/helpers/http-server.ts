import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** Of the connection that it came over, counted from 1. */
  connection: number;
  message: IncomingMessage;
}

export interface FakeServer {
  url: string;
  port: number;
  requests: SeenRequest[];
  close(): void;
}

/** An HTTP server on loopback, HTTPS where it has a certificate, that keeps what it was asked. */
export async function startServer(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  tls?: ServerOptions,
): Promise<FakeServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Map<Socket, number>();
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers, socket } = message;
    if (!sockets.has(socket)) sockets.set(socket, sockets.size + 1);
    const request = { method, url, headers, body: await text(message), connection: sockets.get(socket) ?? 0, message };
    requests.push(request);
    answer(request, response);
  };
  const server = tls ? createHttpsServer(tls, handle) : createHttpServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
