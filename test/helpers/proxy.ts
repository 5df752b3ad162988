import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, createServer, isIP, type Socket } from 'node:net';

export interface Proxy {
  url: string;
  socksUrl: string;
  /** `CONNECT host:port`, `GET http://…` or `SOCKS host:port`, as asked for, with the credentials that came along. */
  requests: string[];
  close(): void;
}

/**
 * A proxy on loopback: CONNECT and plain http on one port (https where it is given a certificate), SOCKS5 on another.
 * It takes every host name for loopback, so that a test can tell whether a name was resolved by the proxy or by the
 * program.
 */
export async function startProxy(tls?: ServerOptions): Promise<Proxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const note = (what: string, authorization = '') => requests.push([what, authorization].join(' ').trim());
  const dial = (host: string, port: number) => connect(port, isIP(host) ? host : '127.0.0.1');

  const plain: RequestListener = (request, response) => {
    note(`${request.method} ${request.url}`, request.headers['proxy-authorization']);
    response.end('through the proxy');
  };
  const http: Server = tls ? createHttpsServer(tls, plain) : createHttpServer(plain);
  http.on('connect', ({ url = '', headers }, client: Socket) => {
    note(`CONNECT ${url}`, headers['proxy-authorization']);
    const [, host = '', port] = url.match(/^\[?(.*?)\]?:(\d+)$/) ?? [];
    join(client, dial(host, Number(port)), () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
  });
  const socks = createServer(async (client) => {
    client.on('error', () => {});
    const [, , method] = await take(client);
    client.write(Buffer.of(5, method ?? 0));
    const who = method === 2 ? await take(client) : undefined;
    if (who) client.write(Buffer.of(1, 0));
    const request = await take(client);
    const host = request[3] === 3 ? request.subarray(5, -2).toString() : [...request.subarray(4, 8)].join('.');
    const port = request.readUInt16BE(request.length - 2);
    note(
      `SOCKS ${host}:${port}`,
      who && [who.subarray(2, 2 + (who[1] ?? 0)), who.subarray(3 + (who[1] ?? 0))].join(':'),
    );
    join(client, dial(host, port), () => client.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)));
  });
  for (const server of [http, socks]) {
    server.on('connection', (socket: Socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const port = (server: Server | typeof socks) => (server.address() as AddressInfo).port;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port(http)}`,
    socksUrl: `socks5://127.0.0.1:${port(socks)}`,
    requests,
    close() {
      http.close();
      socks.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function join(client: Socket, upstream: Socket, connected: () => void): void {
  upstream.once('connect', () => {
    connected();
    client.pipe(upstream).pipe(client);
  });
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.on('error', () => other.destroy()).on('close', () => other.destroy());
  }
}

async function take(socket: Socket): Promise<Buffer> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk;
}
