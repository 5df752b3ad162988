import type { Opened } from '../../../src/cli/run/source.ts';
import type { Connection, WireRequest, WireResponse } from '../../../src/cluster/connect/connection.ts';
import { LiveSource } from '../../../src/cluster/live/live.ts';
import { ApiClient } from '../../../src/cluster/transport/transport.ts';
import { answerOf, type Stored } from '../../helpers/cluster-server.ts';
import { failed } from '../../helpers/faulty-server.ts';
import { CUSTOM_KINDS } from '../../input/canaries.ts';
import { BASE, MORE, stored } from './base.ts';

/** What a server sends in place of what it would have sent. */
export type Spoil = (path: string, body: Buffer) => Buffer;

/** The little cluster as an API server has it, whose bodies are what `spoil` makes of them; they arrive in pieces. */
export function serverOpened(spoil: Spoil, told: Partial<Connection> = {}): Opened {
  const send = async (request: WireRequest): Promise<WireResponse> => {
    const { status, body } = answerTo(request);
    const bytes = status === 200 ? spoil(request.path, body) : body;
    if (status !== 200 || !request.sink) return { status, headers: {}, body: bytes };
    const half = bytes.length >> 1;
    for (const piece of [bytes.subarray(0, half), bytes.subarray(half)]) request.sink(piece);
    return { status, headers: {}, body: Buffer.alloc(0) };
  };
  const connection: Connection = {
    context: 'memory',
    namespace: 'dev',
    server: 'http://server',
    ...told,
    send,
    close: () => undefined,
  };
  const client = new ApiClient(connection, { clock: { now: () => Date.now(), sleep: async () => undefined } });
  return {
    source: new LiveSource(client),
    namespace: connection.namespace,
    name: connection.context ?? connection.server,
    client,
    close: () => undefined,
  };
}

const OBJECTS = [...BASE, ...MORE].map(stored) as unknown as Stored[];
const ANSWERS = new Map<string, { status: number; body: Buffer }>();

function answerTo({ method, path, body }: WireRequest): { status: number; body: Buffer } {
  const key = `${method} ${path}`;
  const known = ANSWERS.get(key);
  if (known) return known;
  const found = answerOf(method, path, JSON.stringify(body) ?? '', OBJECTS, CUSTOM_KINDS);
  const answer = {
    status: found ? 200 : 404,
    body: Buffer.from(JSON.stringify(found ?? failed(404, 'NotFound', `${path} not found`))),
  };
  if (ANSWERS.size < MANY) ANSWERS.set(key, answer);
  return answer;
}

const MANY = 2_000;
