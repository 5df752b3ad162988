import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { failed, send } from '../faulty-server.ts';
import type { Fault } from './faults.ts';
import { type Asked, healthyAnswer } from './healthy-api.ts';

/**
 * Which requests a fault happens to: by what they ask for, see `requestKey`; and the so-manieth request of a question,
 * counted from 1.
 */
export type Aim = (key: string, count: number) => boolean;

/** One question's view of the server: an API of its own, which is well but for one fault. */
export interface Stand {
  /** Of its API. */
  url: string;
  /** What was asked for, and whether the fault happened. */
  received: { key: string; isHit: boolean }[];
  close(): void;
}

/** Many APIs in one place, each under a path of its own, so that many questions can be asked at once. */
export async function faultyApis(): Promise<{ open(fault: Fault | null, aim: Aim): Stand; close(): void }> {
  const stands = new Map<string, (asked: Asked, response: ServerResponse) => void>();
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    const [, stand = '', ...rest] = (request.url ?? '').split('/');
    const { pathname: path, searchParams: query } = new URL(`http://server/${rest.join('/')}`);
    const content = await text(request).catch(() => '');
    const asked = { method: request.method ?? '', path, query, body: content === '' ? undefined : JSON.parse(content) };
    stands.get(stand)?.(asked, response);
  }).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 60_000;
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let count = 0;
  return {
    open(fault, aim) {
      count += 1;
      const name = `stand-${count}`;
      const received: Stand['received'] = [];
      stands.set(name, (asked, response) => answer(asked, response, fault, aim, received));
      return { url: `http://127.0.0.1:${port}/${name}`, received, close: () => stands.delete(name) };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  asked: Asked,
  response: ServerResponse,
  fault: Fault | null,
  aim: Aim,
  received: Stand['received'],
): void {
  const key = requestKey(asked);
  const healthy = healthyAnswer(asked);
  const isAimed = fault !== null && aim(key, received.length + 1);
  const entry = { key, isHit: isAimed };
  received.push(entry);
  const times = received.filter((each) => each.key === key).length;
  const done = isAimed && fault.happen({ response, healthy, ...asked, times });
  if (done !== false) return;
  entry.isHit = false;
  if (healthy) send(response, 200, healthy);
  else send(response, 404, failed(404, 'NotFound', `${asked.path} not found`));
}

/** What a request asks for, without what only says how much of it at once. */
function requestKey({ method, path, query }: Asked): string {
  const selectors = ['labelSelector', 'fieldSelector'].flatMap((name) => query.get(name) ?? []);
  return [method, path, ...selectors].join(' ');
}
