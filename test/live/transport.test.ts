import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../../src/cluster/connect/connection.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import type { Failure } from '../../src/world/needs.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

const forbidden =
  'rolebindings.rbac.authorization.k8s.io is forbidden: User "jane" cannot list resource "rolebindings"';

/** What the server does, what it becomes, how often it is asked. */
const faults: [string, Handler, Failure['kind'], string, number][] = [
  ['401', (_, r) => send(r, 401, failed(401, 'Unauthorized', 'Unauthorized')), 'unauthorized', '401 Unauthorized', 1],
  ['403', (_, r) => send(r, 403, failed(403, 'Forbidden', forbidden)), 'forbidden', `403 Forbidden: ${forbidden}`, 1],
  [
    '403 of a proxy',
    (_, r) => send(r, 403, 'RBAC: access denied'),
    'forbidden',
    '403 Forbidden: RBAC: access denied',
    1,
  ],
  [
    '404 of an object',
    (_, r) => send(r, 404, failed(404, 'NotFound', 'pods "x" not found')),
    'notFound',
    '404 Not Found: pods "x" not found',
    1,
  ],
  [
    '404 of a proxy is no word about an object',
    (_, r) => send(r, 404, '404 page not found'),
    'malformed',
    '404 Not Found: 404 page not found',
    1,
  ],
  [
    '410',
    (_, r) => send(r, 410, failed(410, 'Expired', 'The provided continue parameter is too old')),
    'serverError',
    '410 Gone: The provided continue parameter is too old',
    1,
  ],
  [
    '429',
    (_, r) => send(r, 429, failed(429, 'TooManyRequests', 'slow down')),
    'throttled',
    '429 Too Many Requests: slow down',
    5,
  ],
  [
    '500',
    (_, r) => send(r, 500, failed(500, 'InternalError', 'etcdserver: no leader')),
    'serverError',
    '500 Internal Server Error: etcdserver: no leader',
    5,
  ],
  [
    '503 of a load balancer',
    (_, r) => send(r, 503, 'no healthy upstream\nmore'),
    'serverError',
    '503 Service Unavailable: no healthy upstream',
    5,
  ],
  ['504 without a body', (_, r) => send(r, 504, ''), 'serverError', '504 Gateway Timeout: an empty body', 5],
  [
    'a Status of failure with 200',
    (_, r) => send(r, 200, failed(403, 'Forbidden', 'no')),
    'forbidden',
    '403 Forbidden: no',
    1,
  ],
  [
    'a redirect to a login',
    (_, r) => send(r, 302, '', { location: '/login?state=x' }),
    'malformed',
    '302 Found: an empty body',
    1,
  ],
  [
    'HTML',
    (_, r) => send(r, 200, '<!DOCTYPE html><p>Log in</p>', { 'content-type': 'text/html' }),
    'malformed',
    '200 OK: an HTML page instead of JSON (from a proxy or a login?)',
    1,
  ],
  [
    'HTML with 503',
    (_, r) => send(r, 503, '<html>'),
    'serverError',
    '503 Service Unavailable: an HTML page instead of JSON (from a proxy or a login?)',
    5,
  ],
  [
    'JSON cut short, never its content',
    (_, r) => send(r, 200, '{"items":[{"env":"pass'),
    'malformed',
    '200 OK: JSON that is broken or cut short',
    1,
  ],
  ['an empty body', (_, r) => send(r, 200, ''), 'malformed', '200 OK: an empty body', 1],
  ['a JSON list', (_, r) => send(r, 200, []), 'malformed', '200 OK: JSON that is not an object', 1],
  ['JSON null', (_, r) => send(r, 200, 'null'), 'malformed', '200 OK: JSON that is not an object', 1],
  ['a reset', (_, r) => void r.destroy(), 'unreachable', 'connection reset by peer', 2],
  [
    'fewer bytes than announced',
    (_, r) => void r.writeHead(200, { 'content-length': 99 }).write('{', () => r.destroy()),
    'unreachable',
    'connection reset by peer',
    2,
  ],
  ['no HTTP', (_, r) => void r.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'), 'malformed', 'malformed HTTP response', 1],
  [
    'a token sent back',
    (_, r) => send(r, 400, failed(400, 'BadRequest', 'bad header Bearer secret-token eyJhbGciOi.eyJpc3Mi.c2ln')),
    'serverError',
    '400 Bad Request: bad header Bearer [hidden] [hidden]',
    1,
  ],
  [
    'a long message',
    (_, r) => send(r, 403, failed(403, 'Forbidden', 'x'.repeat(1e6))),
    'forbidden',
    `403 Forbidden: ${'x'.repeat(384)}…`,
    1,
  ],
];
for (const [name, handler, kind, message, requests] of faults) {
  test(`${name}: ${kind}`, async (t) => {
    const { client, received } = await faultyServer(t, handler);
    const result = await client.get('/api/v1/pods');
    assert.ok(!result.ok);
    assert.deepEqual([result.failure.kind, result.failure.message, received.length], [kind, message, requests]);
  });
}

/** How the server asks for a pause, and the pause. */
const busy: [string, Handler, number | null][] = [
  ['Retry-After in seconds', (_, r) => send(r, 429, 'busy', { 'retry-after': '3' }), 3000],
  ['Retry-After of a 503', (_, r) => send(r, 503, 'busy', { 'retry-after': '1' }), 1000],
  ['Retry-After as a date', (_, r) => send(r, 503, 'busy', { 'retry-after': 'Tue, 24 Nov 2026 00:00:07 GMT' }), 7000],
  [
    'retryAfterSeconds of a Status',
    (_, r) => send(r, 429, { ...failed(429, '', ''), details: { retryAfterSeconds: 2 } }),
    2000,
  ],
  ['an hour is not waited for', (_, r) => send(r, 429, 'busy', { 'retry-after': '3600' }), null],
];
for (const [name, refuse, pause] of busy) {
  test(name, async (t) => {
    const { client, pauses } = await faultyServer(t, (request, response, count) =>
      count === 1 ? refuse(request, response, count) : { ok: 1 },
    );
    const result = await client.get('/api');
    assert.deepEqual([pauses, result.ok], pause === null ? [[], false] : [[pause], true]);
  });
}

test('pauses grow where the server names none, and end at the request timeout', async (t) => {
  const { client, pauses } = await faultyServer(t, (_, response) => send(response, 500, ''), { requestTimeout: 1000 });
  await client.get('/api');
  const ranges = pauses.map((pause, index) => pause >= 100 * 2 ** index && pause <= 200 * 2 ** index);
  assert.ok(pauses.length >= 2 && pauses.length < 4 && ranges.every(Boolean), String(pauses));
});

test('a review is sent again to a busy server, not after a reset', async (t) => {
  const { client, received } = await faultyServer(t, (_, response, count) =>
    count === 1 ? send(response, 503, '') : void response.destroy(),
  );
  const result = await client.post('/apis/x', { kind: 'X' });
  assert.deepEqual([result.ok, received.length, received[1]?.body], [false, 2, { kind: 'X' }]);
});

test('a server that hangs before or within its answer', async (t) => {
  for (const hang of [
    () => undefined,
    (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{'),
  ] satisfies Handler[]) {
    const { client } = await faultyServer(t, hang, { requestTimeout: 60 });
    const failure = { kind: 'timeout', status: null, message: 'no answer within 0.06s' };
    assert.deepEqual(await client.get('/api'), { ok: false, failure });
  }
});

test('no more than eight requests at a time', async () => {
  let [inFlight, most] = [0, 0];
  const connection: Connection = {
    ...{ context: null, namespace: 'default', server: 'http://server', close: () => {} },
    async send() {
      most = Math.max(most, ++inFlight);
      await setImmediate();
      inFlight -= 1;
      return { status: 200, headers: {}, body: Buffer.from('{}') };
    },
  };
  const client = new ApiClient(connection);
  await Promise.all(Array.from({ length: 24 }, () => client.get('/api')));
  assert.equal(most, 8);
});
