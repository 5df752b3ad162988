import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { readNeed } from '../../../src/cluster/lists/lists.ts';
import { list } from '../../../src/world/needs.ts';
import { listOf as apiList } from '../../helpers/api-lists.ts';
import { faultyServer, type Handler, type Received } from '../../helpers/faulty-server.ts';
import { binding, envelope, field, listOf, status } from '../../helpers/protobuf.ts';

const token = ({ query }: Received) => query.get('continue');
const bindings = { ...list('rolebindings'), kind: 'rolebindings' } as const;
const protobuf = (response: ServerResponse, body: Buffer, code = 200): undefined =>
  void response.writeHead(code, { 'content-type': 'application/vnd.kubernetes.protobuf' }).end(body);
const [ANNA, BEA] = [binding('shop', 'a', 'deploy', 'anna'), binding('shop', 'b', 'deploy', 'bea')];
const AS_JSON = ['a', 'b'].map((name) => ({
  metadata: { namespace: 'shop', name },
  roleRef: { kind: 'Role', name: 'deploy' },
}));
const JSON_LIST = apiList('rolebindings', AS_JSON);
const BOTH = 'application/vnd.kubernetes.protobuf, application/json';

test('a list in protobuf, page by page', async (t) => {
  const { names, failure, accepts } = await ask(t, (request, response) =>
    protobuf(response, token(request) === null ? listOf([ANNA], 'next') : listOf([BEA])),
  );
  assert.deepEqual([names, failure, accepts], [['a', 'b'], null, [BOTH, BOTH]]);
});

test('a server that knows only JSON', async (t) => {
  const { names, failure, accepts } = await ask(t, () => JSON_LIST);
  assert.deepEqual([names, failure, accepts], [['a', 'b'], null, [BOTH]]);
});

/** What is no list in protobuf is asked for again, as JSON: no object of it counts. */
const whole = listOf([BEA, ANNA, ANNA]);
const brokenLists: [string, Buffer][] = [
  ['cut short', whole.subarray(0, -1)],
  ['cut short between two items', whole.subarray(0, whole.lastIndexOf(ANNA) - 3)],
  [
    'garbage after the first item',
    Buffer.concat([whole.subarray(0, whole.indexOf(ANNA)), Buffer.alloc(whole.length, 0xff)]),
  ],
  ['a list of its own kind', envelope('RoleBindingList', field(1), field(3, ANNA))],
  ['a text that is no UTF-8', listOf([field(3, field(2, 'Role'), field(3, Buffer.from([0xff])))])],
];
for (const [what, body] of brokenLists) {
  test(`protobuf ${what}: JSON tells`, async (t) => {
    const answer = await ask(t, ({ headers }, response) =>
      headers.accept === BOTH ? protobuf(response, body) : JSON_LIST,
    );
    assert.deepEqual([answer.names, answer.failure, answer.accepts], [['a', 'b'], null, [BOTH, 'application/json']]);
  });

  test(`protobuf ${what}, whatever is asked for: malformed`, async (t) => {
    const { names, failure, accepts } = await ask(t, (_, response) => protobuf(response, body));
    assert.deepEqual([names, failure?.kind, accepts.length], [[], 'malformed', 2]);
    assert.equal(failure?.message, '200 OK: protobuf that is broken or cut short');
  });
}

test('a list with an object without a name is not read as a whole, in protobuf either', async (t) => {
  const { names, malformed, failure } = await ask(t, (_, response) =>
    protobuf(response, listOf([Buffer.alloc(0), ANNA])),
  );
  assert.deepEqual([names, malformed, failure?.kind], [['a'], [], 'malformed']);
  assert.equal(failure?.message, '200 OK: 1 object could not be read: name is missing');
});

test('refusals come in protobuf as well', async (t) => {
  const forbidden = await ask(t, (_, response) => protobuf(response, status(403, 'Forbidden', 'no more'), 403));
  assert.deepEqual(forbidden.failure, { kind: 'forbidden', status: 403, message: '403 Forbidden: no more' });
  const absent = await ask(t, (_, response) => protobuf(response, status(404, 'NotFound', 'no such resource'), 404));
  assert.deepEqual(absent.failure, { kind: 'notFound', status: 404, message: '404 Not Found: no such resource' });
  const expired = await ask(t, (request, response) =>
    token(request) === null
      ? protobuf(response, listOf([ANNA], 'next'))
      : protobuf(response, status(410, 'Expired', 'too old'), 410),
  );
  assert.deepEqual([expired.failure?.message, expired.accepts.length], ['410 Gone: too old', 8]);
});

test('a busy server says in protobuf how long to wait', async (t) => {
  const { client, pauses } = await faultyServer(t, (_, response, count) =>
    count === 1
      ? protobuf(response, status(429, 'TooManyRequests', 'slow down', 3), 429)
      : protobuf(response, listOf([ANNA])),
  );
  const { objects } = await readNeed(client, bindings, { protobuf: true });
  assert.deepEqual([pauses, objects.length], [[3000], 1]);
});

test('a page cut off on its way is read again, none of its objects twice', async (t) => {
  const { names, failure } = await ask(t, (_, response, count) => {
    if (count > 1) return protobuf(response, listOf([ANNA, BEA]));
    return void response.write(listOf([ANNA, BEA]).subarray(0, -60), () => response.destroy());
  });
  assert.deepEqual([names, failure], [['a', 'b'], null]);
});

test('whoever wants the raw objects gets them from JSON, and so does a kind without a schema', async (t) => {
  const { client, received } = await faultyServer(t, () => ({ metadata: {}, items: [] }));
  await readNeed(client, bindings, { protobuf: true, onRaw: () => {} });
  await readNeed(client, list('namespaces'), { protobuf: true });
  await readNeed(client, bindings);
  assert.deepEqual(new Set(received.map(({ headers }) => headers.accept)), new Set(['application/json']));
});

/** All bindings, read from a server that does as told. */
async function ask(t: TestContext, handler: Handler) {
  const { client, received } = await faultyServer(t, handler);
  const { objects, malformed, failure } = await readNeed(client, bindings, { protobuf: true });
  return {
    names: objects.map(({ name }) => name),
    malformed,
    failure,
    accepts: received.map(({ headers }) => headers.accept),
  };
}
