import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { type OnRaw, readNeed } from '../../src/cluster/lists/lists.ts';
import type { Kind } from '../../src/world/kinds.ts';
import {
  type Failure,
  get,
  list,
  listOf as listOfKind,
  type Need,
  named,
  needKey,
  podsOn,
} from '../../src/world/needs.ts';
import { listOf, typeOf } from '../helpers/api-lists.ts';
import { failed, faultyServer, type Handler, type Received, send } from '../helpers/faulty-server.ts';

const namespace = (name: string) => ({ metadata: { name } });
const page = (names: readonly string[], next = '') => listOf('namespaces', names.map(namespace), next);
const namespaces = { ...list('namespaces'), kind: 'namespaces' } as const;
const token = ({ query }: Received) => query.get('continue');

test('pages are asked for one after the other, with the page size of the kind', async (t) => {
  const { client, received } = await faultyServer(t, (request) =>
    token(request) === null ? page(['a', 'b'], 'next+/=') : page(['c']),
  );
  const { objects, failure } = await readNeed(client, namespaces);
  assert.deepEqual([objects.map(({ name }) => name), failure], [['a', 'b', 'c'], null]);
  const asked = received.map(({ path, query, headers }) => [path, Object.fromEntries(query), headers.accept]);
  assert.deepEqual(asked, [
    ['/api/v1/namespaces', { limit: '5000' }, 'application/json'],
    ['/api/v1/namespaces', { limit: '5000', continue: 'next+/=' }, 'application/json'],
  ]);
});

const WIDGET: Kind = {
  group: 'example.com',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: true,
  pageSize: 500,
};

const paths = [
  // need                                              path
  [
    list('pods', 'shop', 'app in (a,b),!c'),
    '/api/v1/namespaces/shop/pods',
    { limit: '500', labelSelector: 'app in (a,b),!c' },
  ],
  [list('rolebindings'), '/apis/rbac.authorization.k8s.io/v1/rolebindings', { limit: '25000' }],
  [get('namespaces', null, 'shop'), '/api/v1/namespaces/shop', {}],
  [
    get('roles', 'shop', 'system:a b?c'),
    '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/system%3Aa%20b%3Fc',
    {},
  ],
  [get('roles', 'a b', 'ü#;x'), '/apis/rbac.authorization.k8s.io/v1/namespaces/a%20b/roles/%C3%BC%23%3Bx', {}],
  [
    named('pods', 'a,metadata.namespace!=b\\'),
    '/api/v1/pods',
    { limit: '500', fieldSelector: 'metadata.name=a\\,metadata.namespace!\\=b\\\\' },
  ],
  [podsOn('n,spec.x=y'), '/api/v1/pods', { limit: '500', fieldSelector: 'spec.nodeName=n\\,spec.x\\=y' }],
  [
    listOfKind({ ...WIDGET, resource: 'wid gets' }, 'shop'),
    '/apis/example.com/v1/namespaces/shop/wid%20gets',
    { limit: '500' },
  ],
] as const;
for (const [need, path, query] of paths) {
  test(`asks for ${path}`, async (t) => {
    const { client, received } = await faultyServer(t, () => ({ items: [], metadata: { name: 'x' } }));
    await readNeed(client, need);
    assert.deepEqual([received[0]?.path, Object.fromEntries(received[0]?.query ?? [])], [path, query]);
  });
}

/** What nothing can be called is not asked for: no segment of a path leads out of it, whatever stands on the way. */
const never: [Need, Failure['kind']][] = [
  ...['', '.', '..', 'a/b', '/', '../secrets', 'a%2fb', '%2e%2e', '\ud800', 'a\udc00b'].flatMap(
    (name): [Need, Failure['kind']][] => [
      [get('roles', 'shop', name), 'notFound'],
      [get('pods', name, 'web'), 'notFound'],
      [list('pods', name), 'malformed'],
      [listOfKind({ ...WIDGET, resource: name }), 'malformed'],
      [listOfKind({ ...WIDGET, version: name }), 'malformed'],
      [listOfKind({ ...WIDGET, group: name || '..' }), 'malformed'],
    ],
  ),
];
for (const [need, kind] of never)
  test(`asks for nothing: ${needKey(need)}`, async (t) => {
    const { client, received } = await faultyServer(t, () => ({}));
    const { objects, failure } = await readNeed(client, need);
    assert.deepEqual([objects, failure?.kind, received], [[], kind, []]);
  });

test('a page that has expired starts the list anew: no object twice, none that has gone', async (t) => {
  const seen: string[] = [];
  const onRaw: OnRaw = (kind, raw) => seen.push(`${kind.kind} ${(raw.metadata as { name: string }).name}`);
  const { client, received } = await faultyServer(t, (request, response, count) => {
    if (count === 2) return send(response, 410, failed(410, 'Expired', 'too old'));
    if (count === 1) return page(['a', 'gone'], 'old');
    return token(request) === null ? page(['a', 'b'], 'new') : page(['c']);
  });
  const { objects, failure } = await readNeed(client, namespaces, { onRaw });
  assert.deepEqual(
    [objects.map(({ name }) => name), failure, received.map(token)],
    [['a', 'b', 'c'], null, [null, 'old', null, 'new']],
  );
  assert.deepEqual(seen, ['Namespace a', 'Namespace gone', 'Namespace a', 'Namespace b', 'Namespace c']);
});

test('the next page is asked for while a page still arrives', async (t) => {
  let first: ServerResponse | undefined;
  const { client } = await faultyServer(t, (request, response) => {
    if (token(request) === null) {
      first = response;
      return void response.write(
        '{"kind":"NamespaceList","apiVersion":"v1","metadata":{"continue":"next"},"items":[{"metadata":{"name":"a"}},{"metadata":{',
      );
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
    return void response.write(
      '{"kind":"NamespaceList","apiVersion":"v1","metadata":{"continue":"old"},"items":[{"metadata":{"name":"a"}},{"metadata":{',
    );
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
  const broken = [
    { metadata: { name: 'b', namespace: 'shop' }, roleRef: 'admin' },
    'text',
    { metadata: [] },
    { metadata: { name: 7 } },
  ];
  const good = { metadata: { name: 'a', namespace: 'shop' }, roleRef: { kind: 'Role', name: 'r' } };
  const { client } = await faultyServer(t, () => listOf('rolebindings', [...broken, good]));
  const { objects, malformed, failure } = await readNeed(client, { ...list('rolebindings'), kind: 'rolebindings' });
  assert.deepEqual(
    objects.map(({ name }) => name),
    ['a'],
  );
  assert.deepEqual(malformed, [{ what: 'rolebindings shop/b', why: 'roleRef is not an object', isNamed: true }]);
  assert.equal(failure?.message, '200 OK: 3 objects could not be read, the first: not an object');
});

/**
 * Items of which nobody knows which object they are: each may be one that is not found, so that the list is not read as
 * a whole.
 */
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
for (const kind of [
  'roles',
  'clusterroles',
  'rolebindings',
  'pods',
  'namespaces',
  'nodes',
  'serviceaccounts',
  'deployments',
] as const)
  test(`${kind} without a name: the list is not read as a whole`, async (t) => {
    for (const [item, why] of nameless) {
      const { client } = await faultyServer(t, () => listOf(kind, [item]));
      const { objects, malformed, failure } = await readNeed(client, { ...list(kind), kind });
      assert.deepEqual([objects, malformed, failure?.kind], [[], [], 'malformed'], JSON.stringify(item));
      assert.equal(failure?.message, `200 OK: 1 object could not be read: ${why}`);
    }
  });

test('a page of 20,000 objects, some of them large', async (t) => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({
    ...namespace(`n${index}`),
    spec: index % 1000 ? {} : 'x'.repeat(1e5),
  }));
  const { client } = await faultyServer(t, () => listOf('namespaces', items));
  const { objects } = await readNeed(client, namespaces);
  assert.deepEqual(
    [objects.length, Object.keys(objects[0] ?? {})],
    [20_000, ['namespace', 'name', 'labels', 'deleting']],
  );
});

const EMPTY = listOf('namespaces', []);
const without = (field: keyof typeof EMPTY) => ({ ...EMPTY, [field]: undefined });
const about = (metadata: object) => ({ ...EMPTY, metadata });
const holding = (...items: unknown[]) => ({ ...EMPTY, items });
const [lease, shop] = [{ metadata: { name: 'x', namespace: 'kube-system' }, spec: {} }, namespace('shop')];

/**
 * Bodies that are no list of namespaces, which is something else than an empty one; and those that are one, however a
 * server writes it.
 */
const notLists: [string, object, string | null][] = [
  ['an empty list', page([]), null],
  ['items null, as Go writes an empty list', { ...EMPTY, items: null }, null],
  ['metadata that says nothing', about({}), null],
  ['the last page, which says that nothing is left', about({ continue: '', remainingItemCount: 0 }), null],
  ['the same in another order', { items: [shop], metadata: {}, kind: 'NamespaceList', apiVersion: 'v1' }, null],
  ['items that say what they are', holding({ ...typeOf('namespaces'), ...shop }), null],
  ['fields that nobody knows', { ...EMPTY, more: [] }, null],
  ['no items', without('items'), '200 OK: a list without items'],
  ['items that are no list', { ...EMPTY, items: { a: 1 } }, '200 OK: a list without items'],
  ['items that are a text', { ...EMPTY, items: '' }, '200 OK: a list without items'],
  ['another JSON API', { data: [], page: 1 }, '200 OK: a body that does not say that it is a NamespaceList'],
  [
    'an error of a proxy',
    { error: 'upstream', items: [] },
    '200 OK: a body that does not say that it is a NamespaceList',
  ],
  ['no kind', without('kind'), '200 OK: a body that does not say that it is a NamespaceList'],
  [
    'a kind that is no text',
    { ...EMPTY, kind: ['NamespaceList'] },
    '200 OK: not a NamespaceList but something without a name',
  ],
  ['a list of something else', listOf('nodes', []), '200 OK: not a NamespaceList but a NodeList'],
  ['one object', { ...EMPTY, kind: 'Namespace' }, '200 OK: not a NamespaceList but a Namespace'],
  ['a list of anything', { ...EMPTY, kind: 'List' }, '200 OK: not a NamespaceList but a List'],
  ['a table', { ...EMPTY, kind: 'Table', apiVersion: 'meta.k8s.io/v1' }, '200 OK: not a NamespaceList but a Table'],
  [
    'a Status of success',
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' },
    '200 OK: not a NamespaceList but a Status',
  ],
  ['no apiVersion', without('apiVersion'), '200 OK: a NamespaceList that does not say its apiVersion'],
  ['another version', { ...EMPTY, apiVersion: 'v2' }, '200 OK: a NamespaceList of v2 and not of v1'],
  ['another group', { ...EMPTY, apiVersion: 'apps/v1' }, '200 OK: a NamespaceList of apps/v1 and not of v1'],
  ['no metadata', without('metadata'), '200 OK: metadata is not an object'],
  ['metadata null', { ...EMPTY, metadata: null }, '200 OK: metadata is not an object'],
  ['metadata that is a list', { ...EMPTY, metadata: [] }, '200 OK: metadata is not an object'],
  ['a token that is a number', about({ continue: 7 }), '200 OK: metadata.continue is not a string'],
  ['a token that is null', about({ continue: null }), '200 OK: metadata.continue is not a string'],
  ['a token that is an object', about({ continue: { token: 'x' } }), '200 OK: metadata.continue is not a string'],
  [
    'objects that are left, and no token for them',
    about({ remainingItemCount: 12 }),
    '200 OK: a page that says that there are others, and not where they are',
  ],
  [
    'items of another kind',
    holding({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', ...lease }, shop),
    '200 OK: 1 object could not be read: not a Namespace but a Lease',
  ],
  [
    'items of another version',
    holding({ kind: 'Namespace', apiVersion: 'v2', ...shop }),
    '200 OK: 1 object could not be read: a Namespace of v2 and not of v1',
  ],
  [
    'items that are somewhere',
    holding(lease),
    '200 OK: 1 object could not be read: a Namespace that is in a namespace',
  ],
];
/** Lists of namespaced kinds, and of roles, which would be harmless if they were something else. */
const role = { metadata: { name: 'r', namespace: 'shop' } };
const others: ['roles' | 'clusterroles' | 'pods', string | null, items: object[], why: string | null][] = [
  ['roles', 'shop', [{ ...role, rules: null }], null],
  ['roles', 'shop', [{ ...role, rules: [] }], null],
  ['roles', 'shop', [role], '1 object could not be read: not a Role, which has rules, be they null'],
  ['clusterroles', null, [lease], '1 object could not be read: not a ClusterRole, which has rules, be they null'],
  ['roles', 'prod', [{ ...role, rules: [] }], '1 object could not be read: a Role of another namespace'],
  ['roles', null, [{ metadata: { name: 'r' }, rules: [] }], '1 object could not be read: a Role without a namespace'],
  [
    'roles',
    'shop',
    [{ metadata: { name: 'r', namespace: '' }, rules: [] }],
    '1 object could not be read: a Role without a namespace',
  ],
  ['pods', 'shop', [lease, lease], '2 objects could not be read, the first: a Pod of another namespace'],
  ['clusterroles', null, [{ ...role, rules: [] }], '1 object could not be read: a ClusterRole that is in a namespace'],
];
for (const [kind, where, items, why] of others)
  test(`${kind} of ${where}: ${JSON.stringify(items)}`, async (t) => {
    const { client } = await faultyServer(t, () => listOf(kind, items));
    const { objects, failure } = await readNeed(client, { ...list(kind, where), kind });
    assert.deepEqual([objects.length, failure?.message ?? null], why === null ? [1, null] : [0, `200 OK: ${why}`]);
  });

test('of a list that is another one nothing counts, however it comes', async (t) => {
  const seen: unknown[] = [];
  const items = ['a', 'b', 'c'].map((name) => ({
    metadata: { name, namespace: 'shop' },
    roleRef: { kind: 'Role', name },
  }));
  for (const size of [7, 1e6]) {
    const { client } = await faultyServer(t, (_, response) => {
      const text = JSON.stringify(listOf('roles', items, 'more'));
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < text.length; at += size) response.write(text.slice(at, at + size));
      return void response.end();
    });
    const need = { ...list('rolebindings'), kind: 'rolebindings' } as const;
    const reading = await readNeed(client, need, { onRaw: (...raw) => seen.push(raw) });
    assert.deepEqual(
      [reading.objects, reading.failure?.message, seen],
      [[], '200 OK: not a RoleBindingList but a RoleList', []],
    );
  }
});

/** Single objects that are not the one that was asked for. */
const notPods: [object, string][] = [
  [{}, 'a body that does not say that it is a Pod'],
  [{ metadata: { name: 'web', namespace: 'shop' } }, 'a body that does not say that it is a Pod'],
  [listOf('pods', []), 'not a Pod but a PodList'],
  [{ kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } }, 'a Pod that does not say its apiVersion'],
  [{ kind: 'Pod', apiVersion: 'v2', metadata: { name: 'web', namespace: 'shop' } }, 'a Pod of v2 and not of v1'],
  [{ ...typeOf('pods'), metadata: { name: 'db', namespace: 'shop' } }, 'a Pod of another name'],
  [{ ...typeOf('pods'), metadata: { name: 'web', namespace: 'prod' } }, 'a Pod of another namespace'],
  [{ ...typeOf('pods'), metadata: { name: 'web' } }, 'a Pod without a namespace'],
  [{ ...typeOf('pods'), metadata: null }, 'name is missing'],
  [{ ...typeOf('pods') }, 'name is missing'],
];
for (const [body, why] of notPods)
  test(`pod shop/web: ${why}: ${JSON.stringify(body)}`, async (t) => {
    const { client } = await faultyServer(t, () => body);
    const { objects, failure } = await readNeed(client, get('pods', 'shop', 'web'));
    assert.deepEqual([objects, failure], [[], { kind: 'malformed', status: 200, message: `200 OK: ${why}` }]);
  });

/**
 * What lists of a custom kind are called is for its definition to say, which is read only where it is not what
 * everybody expects.
 */
const custom: [listKind: string, defined: object | null, why: string | null, requests: number][] = [
  ['WidgetList', null, null, 1],
  ['Widgets', { spec: { names: { listKind: 'Widgets' } } }, null, 3],
  ['GadgetList', { spec: { names: { listKind: 'WidgetList' } } }, 'not a WidgetList but a GadgetList', 2],
  ['Widgets', null, 'not a WidgetList but a Widgets', 2],
  ['Widgets', { spec: { names: 7 } }, 'not a WidgetList but a Widgets', 2],
];
for (const [kind, defined, why, requests] of custom)
  test(`a custom list that is called ${kind}, as ${JSON.stringify(defined)} has it`, async (t) => {
    const type = { apiVersion: 'example.com/v1', kind: 'Widget' };
    const answer = {
      apiVersion: 'example.com/v1',
      kind,
      metadata: {},
      items: [{ ...type, metadata: { name: 'w', namespace: 'shop' } }],
    };
    const { client, received } = await faultyServer(t, ({ path }, response) =>
      path === '/apis/example.com/v1/widgets'
        ? answer
        : (defined ?? send(response, 403, failed(403, 'Forbidden', 'no'))),
    );
    const { objects, failure } = await readNeed(client, listOfKind(WIDGET));
    assert.deepEqual(
      [objects.length, failure?.message ?? null, received.length],
      [why ? 0 : 1, why && `200 OK: ${why}`, requests],
    );
  });

/** Servers of which the pages lead on and on: what the so-manieth page holds, and where it leads. All else ends. */
const endless: [
  string,
  (count: number, asked: string | null) => [names: string[], next: string],
  failure: string | null,
  atMost: number,
][] = [
  ['the token that it was asked with', () => [['a'], 'same'], 'pages that continue in a circle', 3],
  ['alternating tokens', (count) => [[`n${count}`], count % 2 ? 'odd' : 'even'], 'pages that continue in a circle', 4],
  ['a circle of ten', (count) => [[`n${count}`], `t${count % 10}`], 'pages that continue in a circle', 12],
  ['ever new tokens and the same page', (count) => [['a', 'b'], `t${count}`], 'a page that has been there before', 3],
  [
    'ever new tokens and two pages in turn',
    (count) => [[`n${count % 2}`, 'b'], `t${count}`],
    'a page that has been there before',
    4,
  ],
  ['ever new tokens and nothing', (count) => [[], `t${count}`], '101 pages with 0 objects, and no end', 102],
  [
    'ever new tokens and one object each',
    (count) => [[`n${count}`], `t${count}`],
    '101 pages with 101 objects, and no end',
    102,
  ],
  [
    '50 pages with nothing, which others may not see',
    (count) => [count > 50 ? ['a'] : [], count > 50 ? '' : `t${count}`],
    null,
    51,
  ],
  ['a list of 400 pages', (count) => [inTens(count), count < 400 ? `t${count}` : ''], null, 400],
];
const inTens = (count: number) => Array.from({ length: 10 }, (_, index) => `n${count}-${index}`);
for (const [what, pageOf, why, atMost] of endless)
  test(`${what}: ${why ?? 'read'}`, async (t) => {
    const { client, received } = await faultyServer(t, (request, _, count) => page(...pageOf(count, token(request))));
    const { failure } = await readNeed(client, namespaces);
    assert.deepEqual(
      [failure?.message ?? null, received.length <= atMost],
      [why && `200 OK: ${why}`, true],
      `${received.length} requests`,
    );
  });

for (const [name, body, message] of notLists) {
  test(`${name}: ${message ?? 'read'}`, async (t) => {
    const { client } = await faultyServer(t, () => body);
    assert.equal((await readNeed(client, namespaces)).failure?.message ?? null, message);
  });
}

test('one object: read, absent, malformed', async (t) => {
  const answers: Record<string, Handler> = {
    '/api/v1/namespaces/a': () => ({ ...typeOf('namespaces'), ...namespace('a') }),
    '/api/v1/namespaces/b': (_, response) => send(response, 404, failed(404, 'NotFound', 'namespaces "b" not found')),
    '/api/v1/namespaces/c': () => ({ ...typeOf('namespaces'), metadata: { name: 'c', labels: 7 } }),
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
