import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../../src/answer/answer.ts';
import { kindOf } from '../../src/world/kinds.ts';
import { listOf } from '../helpers/api-lists.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';
import { RUNNERS } from '../helpers/in-process.ts';
import { HOME } from '../helpers/plugin.ts';
import { storyObjects } from '../helpers/story.ts';
import { answerOf, type Stored } from '../input/api-in-memory.ts';
import { noServers } from '../live/no-servers.ts';

const objects = storyObjects().flatMap((raw): Stored[] => {
  const { apiVersion, kind, ...rest } = raw as { apiVersion: string; kind: string } & Stored['raw'];
  const name = kindOf(apiVersion, kind);
  return name ? [{ kind: name, raw: rest }] : [];
});
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const IN_SHOP = `${RBAC}/namespaces/shop/rolebindings`;

type Fault = (...given: [...Parameters<Handler>, times: number]) => object | boolean | undefined;

/**
 * An API that is well but for what `fault` does with a request, the so-manieth of its path: it answers, or leaves it to
 * the API by returning false.
 */
function but(fault: Fault): () => Handler {
  return () => {
    const counts = new Map<string, number>();
    return (request, response, count) => {
      const { method, path } = request;
      const times = (counts.get(path) ?? 0) + 1;
      counts.set(path, times);
      const done = fault(request, response, count, times);
      if (typeof done === 'object') return done;
      if (done !== false) return undefined;
      return answerOf(objects, method, path) ?? send(response, 404, failed(404, 'NotFound', `${path} not found`));
    };
  };
}

/** At one path, the first `times` times. */
const at = (path: string, fault: Fault, first = Number.POSITIVE_INFINITY): (() => Handler) =>
  but((request, response, count, times) =>
    request.path === path && times <= first ? (fault(request, response, count, times) ?? true) : false,
  );

const broken = (response: Parameters<Handler>[1], body: string | Buffer, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body) && undefined;
const items = (path: string) => (answerOf(objects, 'GET', path) as { items: object[] }).items;

const BOMB = gzipSync(Buffer.alloc(2 ** 27, '\n'), { level: 1 });

/** What comes of `exec web-0 --direct` in namespace shop: the verdict and, of what could not be read, what and why. */
const cases: [what: string, start: () => Handler, verdict: string, unread: string[]][] = [
  ['all is well', but(() => false), 'yes', []],
  [
    'a list is refused',
    at(IN_SHOP, (_, r) => send(r, 403, failed(403, 'Forbidden', 'not you'))),
    'yes',
    ['rolebindings in namespace shop: 403 Forbidden: not you'],
  ],
  ['a list fails once', at(IN_SHOP, (_, r) => send(r, 500, failed(500, 'InternalError', 'oops')), 1), 'yes', []],
  [
    'a list is put off once',
    at(IN_SHOP, (_, r) => send(r, 429, failed(429, 'TooManyRequests', 'later'), { 'retry-after': '0' }), 1),
    'yes',
    [],
  ],
  ['a list is reset once', at(IN_SHOP, (_, r) => void r.destroy(), 1), 'yes', []],
  [
    'a list is always reset',
    at(IN_SHOP, (_, r) => void r.destroy()),
    'yes',
    ['rolebindings in namespace shop: connection reset by peer'],
  ],
  [
    'a list is a login page',
    at(IN_SHOP, (_, r) => send(r, 200, '<html>')),
    'yes',
    ['rolebindings in namespace shop: 200 OK: an HTML page instead of JSON (from a proxy or a login?)'],
  ],
  [
    'a list is broken JSON',
    at(IN_SHOP, (_, r) => broken(r, '{"items": [')),
    'yes',
    ['rolebindings in namespace shop: 200 OK: JSON that is broken or cut short'],
  ],
  [
    'a list is no object',
    at(IN_SHOP, (_, r) => broken(r, '[]')),
    'yes',
    ['rolebindings in namespace shop: 200 OK: JSON that is not an object'],
  ],
  [
    'a list is empty',
    at(IN_SHOP, (_, r) => broken(r, '')),
    'yes',
    ['rolebindings in namespace shop: 200 OK: an empty body'],
  ],
  [
    'a list is packed',
    at(IN_SHOP, (_, r) =>
      broken(r, gzipSync(JSON.stringify(listOf('rolebindings', items(IN_SHOP)))), { 'content-encoding': 'gzip' }),
    ),
    'yes',
    [],
  ],
  [
    'a list is packed and cut short',
    at(IN_SHOP, (_, r) =>
      broken(r, gzipSync(JSON.stringify(listOf('rolebindings', items(IN_SHOP)))).subarray(0, -9), {
        'content-encoding': 'gzip',
      }),
    ),
    'yes',
    ['rolebindings in namespace shop: the compressed body is broken or cut short'],
  ],
  [
    'a list is answered by another protocol',
    at(IN_SHOP, (_, r) => void r.socket?.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n')),
    'yes',
    ['rolebindings in namespace shop: 101 Switching Protocols: an empty body'],
  ],
  [
    'a list is an error of a proxy',
    at(IN_SHOP, () => ({ error: 'upstream', items: [] })),
    'yes',
    ['rolebindings in namespace shop: 200 OK: a body that does not say that it is a RoleBindingList'],
  ],
  [
    'a list is one of leases',
    at(IN_SHOP, () => ({ ...listOf('rolebindings', []), kind: 'LeaseList' })),
    'yes',
    ['rolebindings in namespace shop: 200 OK: not a RoleBindingList but a LeaseList'],
  ],
  [
    'a list has no metadata',
    at(IN_SHOP, () => ({ ...listOf('rolebindings', []), metadata: null })),
    'yes',
    ['rolebindings in namespace shop: 200 OK: metadata is not an object'],
  ],
  [
    'a list goes on with a number',
    at(IN_SHOP, () => ({ ...listOf('rolebindings', []), metadata: { continue: 7 } })),
    'yes',
    ['rolebindings in namespace shop: 200 OK: metadata.continue is not a string'],
  ],
  [
    'a list goes on for ever',
    at(IN_SHOP, (_, __, count) => listOf('rolebindings', [], `t${count}`)),
    'yes',
    ['rolebindings in namespace shop: 200 OK: 101 pages with 0 objects, and no end'],
  ],
  [
    'a list goes on and comes back',
    at(IN_SHOP, (_, __, count) => listOf('rolebindings', [], count % 2 ? 'odd' : 'even')),
    'yes',
    ['rolebindings in namespace shop: 200 OK: pages that continue in a circle'],
  ],
  [
    'a page is of something else',
    at(IN_SHOP, ({ query }) =>
      query.has('continue') ? listOf('roles', []) : listOf('rolebindings', items(IN_SHOP), 'next'),
    ),
    'yes',
    ['rolebindings in namespace shop: 200 OK: not a RoleBindingList but a RoleList'],
  ],
  [
    'a list is no UTF-8',
    at(IN_SHOP, (_, r) =>
      broken(
        r,
        Buffer.from(JSON.stringify(listOf('rolebindings', items(IN_SHOP))).replace('jane', 'jan\u00e9'), 'latin1'),
      ),
    ),
    'yes',
    ['rolebindings in namespace shop: 200 OK: a text that is no UTF-8'],
  ],
  [
    'a list is nested for ever',
    at(IN_SHOP, (_, r) => broken(r, `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`)),
    'yes',
    ['rolebindings in namespace shop: 200 OK: a body that does not say that it is a RoleBindingList'],
  ],
  [
    'a policy is nested for ever',
    at('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', (_, r) =>
      broken(
        r,
        JSON.stringify(
          listOf('ValidatingWebhookConfiguration.admissionregistration.k8s.io', [
            { metadata: { name: 'deep' }, webhooks: 'DEEP' },
          ]),
        ).replace('"DEEP"', `${'['.repeat(12_000)}${']'.repeat(12_000)}`),
      ),
    ),
    // Lists in lists are none of webhooks: what such a one does is open, and nothing falls over.
    'depends',
    [],
  ],
  [
    'a list is a bomb',
    at(IN_SHOP, (_, r) => broken(r, BOMB, { 'content-encoding': 'gzip' })),
    'yes',
    ['rolebindings in namespace shop: 200 OK: a body of more than 64 MiB that is no list of objects'],
  ],
  [
    'a refusal is a bomb',
    at(IN_SHOP, (_, r) => void r.writeHead(403, { 'content-encoding': 'gzip' }).end(BOMB)),
    'yes',
    ['rolebindings in namespace shop: 403 Forbidden: an empty body'],
  ],
  [
    'a list has null for items',
    at(`${RBAC}/clusterrolebindings`, () => listOf('clusterrolebindings', null)),
    'yes',
    [],
  ],
  ['a page has expired, and the list begins again', at(IN_SHOP, expiring), 'yes', []],
  [
    'a binding has no roleRef',
    at(IN_SHOP, () =>
      listOf('rolebindings', [...items(IN_SHOP), { metadata: { name: 'odd', namespace: 'shop' }, roleRef: 5 }]),
    ),
    'yes',
    ['rolebindings shop/odd: roleRef is not an object'],
  ],
  ['the version is not said', at('/version', (_, r) => send(r, 404, failed(404, 'NotFound', 'no'))), 'yes', []],
  [
    'the pod is refused',
    at('/api/v1/namespaces/shop/pods/web-0', (_, r) => send(r, 403, failed(403, 'Forbidden', 'not you'))),
    'yes',
    ['pod shop/web-0: 403 Forbidden: not you'],
  ],
  [
    'all lists are refused',
    but(({ path }, r) => path.startsWith(RBAC) && (send(r, 403, failed(403, 'Forbidden', 'not you')) ?? true)),
    'depends',
    ['clusterrolebindings: 403 Forbidden: not you', 'rolebindings in namespace shop: 403 Forbidden: not you'],
  ],
];

/** Two pages of one binding and the rest; the second has expired when it is first asked for. */
function expiring(
  { query }: Parameters<Fault>[0],
  response: Parameters<Fault>[1],
  _: number,
  times: number,
): object | undefined {
  const [first, ...rest] = items(IN_SHOP);
  if (!query.has('continue')) return listOf('rolebindings', [first], 'next');
  return times === 2 ? send(response, 410, failed(410, 'Expired', 'gone')) : listOf('rolebindings', rest);
}

const after =
  (steps: readonly Buffer[], isOver = false) =>
  (socket: Socket) => {
    let step = 0;
    socket.on('data', () => {
      const bytes = steps[step];
      step += 1;
      if (bytes === undefined) socket.destroy();
      else if (isOver && step === steps.length) socket.end(bytes);
      else socket.write(bytes);
    });
  };
const saying = (words: string) => (socket: Socket) => void socket.once('data', () => socket.end(words));
const [RESET, CLOSED] = ['connection reset by peer', 'socks connect: connection closed by the proxy'];

/** Proxies that let go of us, at each step of what is agreed with them. */
const proxies: [what: string, kind: string, handle: (socket: Socket) => void, message: string][] = [
  ['hangs up at once', 'http', (socket) => void socket.destroy(), RESET],
  ['hangs up when it is asked', 'http', after([]), RESET],
  ['hangs up in its answer', 'http', saying('HTTP/1.1 200 Conn'), RESET],
  [
    'wants a password',
    'http',
    saying('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    'the proxy answered 407 Proxy Authentication Required',
  ],
  [
    'finds nobody',
    'http',
    saying('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 2\r\n\r\nno'),
    'the proxy answered 502 Bad Gateway',
  ],
  ['hangs up when there is a tunnel', 'http', saying('HTTP/1.1 200 OK\r\n\r\n'), RESET],
  ['says nothing', 'http', () => undefined, 'no answer within 2s'],
  ['hangs up at once', 'https', (socket) => void socket.destroy(), RESET],
  ['hangs up when it is asked', 'https', after([]), RESET],
  ['hangs up at once', 'socks5', (socket) => void socket.destroy(), CLOSED],
  ['hangs up when it is asked', 'socks5', after([]), CLOSED],
  ['hangs up when it knows us', 'socks5', after([Buffer.of(5, 0)]), CLOSED],
  ['hangs up in its answer', 'socks5', after([Buffer.of(5, 0), Buffer.of(5, 0, 0)], true), CLOSED],
  [
    'says half of an answer, and no more',
    'socks5',
    after([Buffer.of(5, 0), Buffer.of(5, 0, 0)]),
    'no answer within 2s',
  ],
  ['says half of a greeting, and no more', 'socks5', after([Buffer.of(5)]), 'no answer within 2s'],
  ['says half of an answer, and no more', 'http', (socket) => void socket.write('HTTP/1.1 200'), 'no answer within 2s'],
  [
    'refuses',
    'socks5',
    after([Buffer.of(5, 0), Buffer.of(5, 2, 0, 1, 0, 0, 0, 0, 0, 0)]),
    'socks connect: connection not allowed by ruleset',
  ],
  [
    'hangs up when there is a tunnel',
    'socks5',
    after([Buffer.of(5, 0), Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)]),
    RESET,
  ],
  ['says nothing', 'socks5', () => undefined, 'no answer within 2s'],
];

for (const [by, run] of RUNNERS)
  describe(`faulty servers, to ${by}`, { concurrency: 4 }, () => {
    for (const [what, start, verdict, unread] of cases)
      test(what, async (t) => {
        const kubeconfig = configure(t, (await faultyServer(t, start())).client.connection.server);
        const { code, stdout, stderr } = await run(`exec web-0 -n shop --direct -o json --kubeconfig ${kubeconfig}`);
        assert.deepEqual([code, stderr], [0, '']);
        const answer: Answer = JSON.parse(stdout);
        assert.equal(answer.verdict, verdict);
        const said = answer.unknowns
          .filter(({ kind }) => kind === 'unreadable')
          .map(({ what: each, why }) => `${each}: ${why}`);
        assert.deepEqual(said.filter((each) => !each.startsWith('policies and webhooks of admission')).sort(), unread);
      });

    for (const [what, kind, handle, message] of proxies)
      test(`a proxy (${kind}) ${what}: one line`, async (t) => {
        const server = createServer((socket) => handle(socket.on('error', () => {}))).listen(0, '127.0.0.1');
        await once(server, 'listening');
        t.after(() => server.close());
        const proxy = `${kind}://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const flags = `--request-timeout 2s --kubeconfig ${configure(t, 'https://127.0.0.1:1', undefined, proxy)}`;
        const outcome = await run(`exec web-0 -n shop ${flags}`);
        assert.deepEqual(outcome, { code: 1, stdout: '', stderr: `Unable to connect to the server: ${message}\n` });
      });

    for (const [what, start, message] of noServers)
      test(`no server: ${what}`, async (t) => {
        const { server, ca, requestTimeout } = await start(t);
        const flags = `--request-timeout ${Math.min(requestTimeout, 3000)}ms`;
        const { code, stdout, stderr } = await run(
          `exec web-0 -n shop ${flags} --kubeconfig ${configure(t, server, ca)}`,
        );
        assert.deepEqual([code, stdout, stderr.split('\n').length], [1, '', 2], stderr);
        assert.ok(stderr.startsWith(message.replace('PORT', new URL(server).port)), stderr);
      });
  });

let count = 0;

function configure(_: TestContext, server: string, ca?: string, proxy?: string): string {
  count += 1;
  const cluster = {
    server,
    ...(proxy && { 'proxy-url': proxy }),
    ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
  };
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'sesame' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const path = join(HOME, `config-${count}`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}
