import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readNeed } from '../../src/cluster/lists/lists.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { list } from '../../src/world/needs.ts';
import { listOf } from '../helpers/api-lists.ts';
import { httpConnection } from '../helpers/http-connection.ts';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const whole = (body: string | Buffer, headers = '', status = '200 OK') =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`,
    ),
    Buffer.from(body),
  ]);
const zipped = (body: string | Buffer, status = '200 OK', encoding = 'gzip') =>
  whole(gzipSync(body), `content-encoding: ${encoding}\r\n`, status);
const lines = (mebibytes: number) => Buffer.alloc(mebibytes * 2 ** 20, '\n');
const text = '{"ok":"ja"}';

/** What a server writes, byte by byte, and what that is; an answer where it is one. */
const answers: [what: string, bytes: Buffer | string, message: string | null][] = [
  ['an answer', whole(text), null],
  [
    'an answer with an announcement in front',
    Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), whole(text)]),
    null,
  ],
  ['early hints', Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), whole(text)]), null],
  ['an answer that ends with the connection', `${HEAD}connection: close\r\n\r\n${text}`, null],
  ['an answer in chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"ok"\r\n6\r\n:"ja"}\r\n0\r\n\r\n`, null],
  ['gzip', zipped(text), null],
  ['gzip, spelt otherwise', zipped(text, '200 OK', 'GZip'), null],
  [
    'two pieces of gzip',
    whole(Buffer.concat([gzipSync('{"ok"'), gzipSync(':"ja"}')]), 'content-encoding: gzip\r\n'),
    null,
  ],
  ['101', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', '101 Switching Protocols: an empty body'],
  [
    '101 to another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    '101 Switching Protocols: an empty body',
  ],
  [
    '101 with bytes behind',
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n${text}`,
    '101 Switching Protocols: an empty body',
  ],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', '204 No Content: an empty body'],
  ['304', 'HTTP/1.1 304 Not Modified\r\n\r\n', '304 Not Modified: an empty body'],
  ['a status that nobody knows', whole(text, '', '299 Fine'), null],
  ['a status of 999', whole(text, '', '999 What'), '999'],
  ['nothing', '', 'connection reset by peer'],
  ['half of a head', 'HTTP/1.1 200', 'connection reset by peer'],
  ['half of a body', `${HEAD}content-length: 99\r\n\r\n${text}`, 'connection reset by peer'],
  ['half of its chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"ok"\r\n`, 'connection reset by peer'],
  [
    'a body shorter than it is long',
    `${HEAD}content-length: 3\r\n\r\n${text}`,
    '200 OK: JSON that is broken or cut short',
  ],
  ['two lengths', `${HEAD}content-length: 3\r\ncontent-length: 11\r\n\r\n${text}`, 'malformed HTTP response'],
  ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(2e5)}`, 'malformed HTTP response'],
  ['gzip that is none', whole(text, 'content-encoding: gzip\r\n'), 'the compressed body is broken or cut short'],
  ['gzip of nothing', whole('', 'content-encoding: gzip\r\n'), 'the compressed body is broken or cut short'],
  ['another compression', whole(gzipSync(text), 'content-encoding: br\r\n'), '200 OK: a text that is no UTF-8'],
  ['letters of Latin-1', whole(Buffer.from('{"ok":"ü"}', 'latin1')), '200 OK: a text that is no UTF-8'],
  ['half of a letter', whole(Buffer.from('{"ok":"ü"}').subarray(0, -3)), '200 OK: a text that is no UTF-8'],
  ['half of a pair of UTF-16', whole(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), '200 OK: a text that is no UTF-8'],
  ['a letter that is too long', whole(Buffer.from([0x22, 0xc0, 0xae, 0x22])), '200 OK: a text that is no UTF-8'],
  ['UTF-16', whole(Buffer.from(`\ufeff${text}`, 'utf16le')), '200 OK: a text that is no UTF-8'],
  [
    'a refusal in Latin-1',
    whole(Buffer.from('verboten für Sie', 'latin1'), '', '403 Forbidden'),
    '403 Forbidden: verboten f\ufffdr Sie',
  ],
  ['a refusal of 2 MiB', whole(`no\n${'x'.repeat(2 ** 21)}`, '', '403 Forbidden'), '403 Forbidden: no'],
  ['a bomb of 200 MiB', zipped(lines(200)), '200 OK: a body of more than 64 MiB that is no list of objects'],
  ['the same with 400', zipped(lines(200), '400 Bad Request'), '400 Bad Request: an empty body'],
  ['the same with 302', zipped(lines(200), '302 Found'), '302 Found: an empty body'],
  [
    'letters without end',
    zipped(Buffer.alloc(2 ** 27, 'x')),
    '200 OK: a body of more than 64 MiB that is no list of objects',
  ],
];

for (const [what, bytes, message] of answers) {
  test(`an object: ${what}: ${message ?? 'read'}`, async (t) => {
    const result = await (await clientOf(t, bytes)).get('/version');
    assert.equal(result.ok ? null : result.failure.message, message);
    if (result.ok) assert.deepEqual(result.value, { ok: 'ja' });
  });

  test(`a list: ${what}: ${message ?? 'another thing'}`, async (t) => {
    const { failure } = await readNeed(await clientOf(t, bytes), { ...list('roles'), kind: 'roles' });
    assert.equal(failure?.message, message ?? '200 OK: a body that does not say that it is a RoleList');
  });
}

/** As many as `agentFor` opens at most. */
const CONNECTIONS = 4;
const switches: [what: string, bytes: string][] = [
  ['to nothing', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  [
    'that says that its connection stays',
    'HTTP/1.1 101 Switching Protocols\r\nconnection: keep-alive\r\nretry-after: 0\r\n\r\n',
  ],
  ['with a length', 'HTTP/1.1 101 Switching Protocols\r\ncontent-length: 0\r\n\r\n'],
  ['after early hints', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['to another protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
];
for (const [what, bytes] of switches)
  test(`a 101 ${what} is the answer, and keeps no connection from the next request, though nobody hangs up`, async (t) => {
    const client = await clientOf(t, bytes, [], true);
    const results = await Promise.all(Array.from({ length: 3 * CONNECTIONS }, () => client.get('/version')));
    const messages = new Set(results.map((result) => (result.ok ? null : result.failure.message)));
    assert.deepEqual([...messages], ['101 Switching Protocols: an empty body']);
  });

test('a busy server is busy, however much it says', async (t) => {
  const sent: number[] = [];
  const client = await clientOf(t, zipped(lines(200), '500 Internal Server Error'), sent);
  const result = await client.get('/version');
  assert.deepEqual(
    [result.ok ? null : result.failure.message, sent.length],
    ['500 Internal Server Error: an empty body', 5],
  );
});

test('a list of letters that are cut in two on their way', async (t) => {
  const names = ['ä', 'ö→🙂', 'ü'];
  const body = Buffer.from(
    JSON.stringify(
      listOf(
        'roles',
        names.map((name) => ({ metadata: { name, namespace: 'x' }, rules: [] })),
      ),
    ),
  );
  const chunks = Array.from(body, (byte) =>
    Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
  );
  const bytes = Buffer.concat([
    Buffer.from(`${HEAD}transfer-encoding: chunked\r\n\r\n`),
    ...chunks,
    Buffer.from('0\r\n\r\n'),
  ]);
  const { objects } = await readNeed(await clientOf(t, bytes), { ...list('roles'), kind: 'roles' });
  assert.deepEqual(
    objects.map(({ name }) => name),
    names,
  );
});

test('a list whose last letter is none is not read, though all of its items came', async (t) => {
  const body = Buffer.concat([Buffer.from(JSON.stringify(listOf('roles', []))), Buffer.of(0xff)]);
  const { failure } = await readNeed(await clientOf(t, whole(body)), { ...list('roles'), kind: 'roles' });
  assert.equal(failure?.message, '200 OK: a text that is no UTF-8');
});

/** A client of a server that writes these bytes as soon as it is asked for anything, and hangs up unless it `stays`. */
async function clientOf(
  t: TestContext,
  bytes: Buffer | string,
  sent: number[] = [],
  stays = false,
): Promise<ApiClient> {
  const server = createServer((socket: Socket) =>
    socket
      .on('error', () => {})
      .once('data', () => {
        sent.push(bytes.length);
        if (stays) socket.write(bytes);
        else socket.end(bytes);
      }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connection = httpConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    maxSockets: CONNECTIONS,
  });
  t.after(() => {
    connection.close();
    server.close();
  });
  const clock = { now: () => 0, sleep: async () => {} };
  return new ApiClient(connection, { clock, requestTimeout: 10_000 });
}
