import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { KeyAndCertificate } from './certificates.ts';

export interface FakeKubelet {
  address: string;
  port: number;
  /** `POST /run/shop/web-0/app?cmd=id`, with the body behind it where there is one, in the order of arrival. */
  arrived: string[];
  /** Resolves when that many have arrived. */
  received(count: number): Promise<void>;
  close(): void;
}

/**
 * Takes one request a connection, tells of it and does nothing else. Upgrades are accepted and closed. It reads bytes,
 * because Node's own server has no body for an upgrade.
 */
export async function fakeKubelet(address: string, serving: KeyAndCertificate): Promise<FakeKubelet> {
  const arrived: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(serving, (socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => {}).setEncoding('utf8');
    socket.on('data', (data) => {
      text += data;
      const request = wholeRequest(text);
      if (!request) return;
      arrived.push(request);
      server.emit('arrival');
      socket.end(/^upgrade:/im.test(text) ? UPGRADED : DONE);
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    ...{ address, port: (server.address() as AddressInfo).port, arrived },
    async received(count) {
      while (arrived.length < count) await once(server, 'arrival');
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Null until it is there with its body. */
function wholeRequest(text: string): string | null {
  const [, method, path, head = '', body = ''] = /^(\S+) (\S+) (.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return method === undefined || body.length < length ? null : [method, path, ...(length > 0 ? [body] : [])].join(' ');
}

const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n';
const DONE = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone';
