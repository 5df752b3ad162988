import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { type OnRaw, readNeed } from '../../src/cluster/lists.ts';
import { get, list } from '../../src/world/needs.ts';
import { failed, faultyServer, type Handler, type Received, send } from '../helpers/faulty-server.ts';

const namespace = (name: string) => ({ metadata: { name } });
const page = (names: readonly string[], next = '') => ({
  kind: 'NamespaceList',
  metadata: { continue: next },
  items: names.map(namespace),
});
const namespaces = { ...list('namespaces'), kind: 'namespaces' } as const;
const token = ({ query }: Received) => query.get('continue');

test('pages are asked for one after the other, with the page size of the kind', async (t) => {
  const { client, received } = await faultyServer(t, (request) => (token(request) === null ? page(['a', 'b'], 'next+/=') : page(['c'])));
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.map(({ name }) => name), failure], [['a', 'b', 'c'], null]);
  const asked = received.map(({ path, query, headers }) => [path, Object.fromEntries(query), headers.accept]);
  assert.deepEqual(asked, [
    ['/api/v1/namespaces', { limit: '5000' }, 'application/json'],
    ['/api/v1/namespaces', { limit: '5000', continue: 'next+/=' }, 'application/json'],
  ]);
});

const paths = [
  // need                                              path
  [list('pods', 'shop', 'app in (a,b),!c'), '/api/v1/namespaces/shop/pods', { limit: '500', labelSelector: 'app in (a,b),!c' }],
  [list('rolebindings'), '/apis/rbac.authorization.k8s.io/v1/rolebindings', { limit: '25000' }],
  [get('namespaces', null, 'shop'), '/api/v1/namespaces/shop', {}],
  [get('roles', 'shop', 'system:a/b?c'), '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/system%3Aa%2Fb%3Fc', {}],
] as const;
for (const [need, path, query] of paths) {
  test(`asks for ${path}`, async (t) => {
    const { client, received } = await faultyServer(t, () => ({ items: [], metadata: { name: 'x' } }));
    await readNeed(client, need);
    assert.deepEqual([received[0]?.path, Object.fromEntries(received[0]?.query ?? [])], [path, query]);
  });
}

test('a page that has expired starts the list anew: no object twice, none that has gone', async (t) => {
  const seen: string[] = [];
  const onRaw: OnRaw = (kind, raw) => seen.push(`${kind.kind} ${(raw.metadata as { name: string }).name}`);
  const { client, received } = await faultyServer(t, (request, response, count) => {
    if (count === 2) return send(response, 410, failed(410, 'Expired', 'too old'));
    if (count === 1) return page(['a', 'gone'], 'old');
    return token(request) === null ? page(['a', 'b'], 'new') : page(['c']);
  });
  const { objects, failure } = await readNeed(client, namespaces, { onRaw });
  assert.deepEqual([objects.map(({ name }) => name), failure, received.map(token)], [['a', 'b', 'c'], null, [null, 'old', null, 'new']]);
  assert.deepEqual(seen, ['Namespace a', 'Namespace gone', 'Namespace a', 'Namespace b', 'Namespace c']);
});

test('the next page is asked for while a page still arrives', async (t) => {
  let first: ServerResponse | undefined;
  const { client } = await faultyServer(t, (request, response) => {
    if (token(request) === null) {
      first = response;
      return void response.write('{"metadata":{"continue":"next"},"items":[{"metadata":{"name":"a"}},{"metadata":{');
    }
    first?.end('"name":"b"}}]}');
    return page(['c']);
  });
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.map(({ name }) => name), failure], [['a', 'b', 'c'], null]);
});

test('a page that was cut off is read again, and what follows it now', async (t) => {
  let first: ServerResponse | undefined;
  const { client } = await faultyServer(t, (request, response) => {
    if (token(request) === 'old') first?.destroy();
    if (token(request) !== null) return page([token(request) === 'new' ? 'c' : 'gone']);
    if (first) return page(['a', 'b'], 'new');
    first = response;
    return void response.write('{"metadata":{"continue":"old"},"items":[{"metadata":{"name":"a"}},{"metadata":{');
  });
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.map(({ name }) => name), failure], [['a', 'b', 'c'], null]);
});

test('a list that expires again and again fails, after three new starts', async (t) => {
  const expire: Handler = (request, response) =>
    token(request) === null ? page(['a'], 'next') : send(response, 410, failed(410, 'Expired', 'too old'));
  const { client, received } = await faultyServer(t, expire);
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.length, failure?.message, received.length], [1, '410 Gone: too old', 8]);
});

test('what came before a failure is kept, beside the failure', async (t) => {
  const { client } = await faultyServer(t, (request, response) =>
    token(request) === null ? page(['a'], 'next') : send(response, 403, failed(403, 'Forbidden', 'no more')),
  );
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.map(({ name }) => name), failure?.kind], [['a'], 'forbidden']);
});

test('objects of another shape are noted by name, and the rest is read', async (t) => {
  const broken = [{ metadata: { name: 'b', namespace: 'shop' }, roleRef: 'admin' }, 'text', { metadata: [] }, { metadata: { name: 7 } }];
  const good = { metadata: { name: 'a', namespace: 'shop' }, roleRef: { kind: 'Role', name: 'r' } };
  const { client } = await faultyServer(t, () => ({ items: [...broken, good] }));
  const { objects, malformed, failure } = await readNeed(client, { ...list('rolebindings'), kind: 'rolebindings' });
  assert.deepEqual(
    objects.map(({ name }) => name),
    ['a'],
  );
  assert.deepEqual(malformed, [{ what: 'rolebindings shop/b', why: 'roleRef is not an object', isNamed: true }]);
  assert.equal(failure?.message, '200 OK: 3 objects could not be read, the first: not an object');
});

/** Items of which nobody knows which object they are: each may be one that is not found, so that the list is not read as a whole. */
const nameless: [item: unknown, why: string][] = [
  ['text', 'not an object'],
  [7, 'not an object'],
  [null, 'not an object'],
  [[], 'not an object'],
  [{}, 'name is missing'],
  [{ metadata: null }, 'name is missing'],
  [{ metadata: [] }, 'metadata is not an object'],
  [{ metadata: { namespace: 'shop' } }, 'name is missing'],
  [{ metadata: { name: '' } }, 'metadata.name is empty'],
  [{ metadata: { name: 7 } }, 'name is not a string'],
  [{ metadata: { name: true, namespace: 'shop' } }, 'name is not a string'],
  [{ metadata: { name: 'a', namespace: 7 } }, 'namespace is not a string'],
];
for (const kind of ['roles', 'clusterroles', 'rolebindings', 'pods', 'namespaces', 'nodes', 'serviceaccounts', 'deployments'] as const)
  test(`${kind} without a name: the list is not read as a whole`, async (t) => {
    for (const [item, why] of nameless) {
      const { client } = await faultyServer(t, () => ({ metadata: {}, items: [item] }));
      const { objects, malformed, failure } = await readNeed(client, { ...list(kind), kind });
      assert.deepEqual([objects, malformed, failure?.kind], [[], [], 'malformed'], JSON.stringify(item));
      assert.equal(failure?.message, `200 OK: 1 object could not be read: ${why}`);
    }
  });

test('a page of 20,000 objects, some of them large', async (t) => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ ...namespace(`n${index}`), spec: index % 1000 ? {} : 'x'.repeat(1e5) }));
  const { client } = await faultyServer(t, () => ({ items }));
  const { objects } = await readNeed(client, namespaces);
  assert.deepEqual([objects.length, Object.keys(objects[0] ?? {})], [20_000, ['namespace', 'name', 'labels', 'deleting']]);
});

/** Bodies that are no list of namespaces, which is something else than an empty one. */
const notLists: [string, object, string | null][] = [
  ['an empty list', page([]), null],
  ['items null, as Go writes an empty list', { kind: 'NamespaceList', items: null }, null],
  ['no items', { kind: 'NamespaceList' }, '200 OK: a list without items'],
  ['items that are no list', { items: { a: 1 } }, '200 OK: a list without items'],
  ['another JSON API', { data: [], page: 1 }, '200 OK: a list without items'],
  ['a page that continues with itself', page(['a'], 'same'), '200 OK: a page that continues with itself'],
];
for (const [name, body, message] of notLists) {
  test(`${name}: ${message ?? 'read'}`, async (t) => {
    const { client } = await faultyServer(t, () => body);
    assert.equal((await readNeed(client, namespaces)).failure?.message ?? null, message);
  });
}

test('one object: read, absent, malformed', async (t) => {
  const answers: Record<string, Handler> = {
    '/api/v1/namespaces/a': () => namespace('a'),
    '/api/v1/namespaces/b': (_, response) => send(response, 404, failed(404, 'NotFound', 'namespaces "b" not found')),
    '/api/v1/namespaces/c': () => ({ metadata: { name: 'c', labels: 7 } }),
  };
  const { client } = await faultyServer(t, (request, ...rest) => answers[request.path]?.(request, ...rest));
  const readings = await Promise.all(['a', 'b', 'c'].map((name) => readNeed(client, get('namespaces', null, name))));
  assert.deepEqual(
    readings.map(({ objects, malformed, failure }) => [objects.length, malformed.length, failure?.kind ?? null]),
    [
      [1, 0, null],
      [0, 0, 'notFound'],
      [0, 0, 'malformed'],
    ],
  );
});
