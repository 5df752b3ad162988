import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
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

/** An API that is well but for what `fault` does with a request, the so-manieth of its path: it answers, or leaves it to the API by returning false. */
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

/** What comes of `exec web-0` in namespace shop: the verdict and, of what could not be read, what and why. */
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
  ['a list is always reset', at(IN_SHOP, (_, r) => void r.destroy()), 'yes', ['rolebindings in namespace shop: connection reset by peer']],
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
  ['a list is empty', at(IN_SHOP, (_, r) => broken(r, '')), 'yes', ['rolebindings in namespace shop: 200 OK: an empty body']],
  [
    'a list is packed',
    at(IN_SHOP, (_, r) => broken(r, gzipSync(JSON.stringify(listOf('rolebindings', items(IN_SHOP)))), { 'content-encoding': 'gzip' })),
    'yes',
    [],
  ],
  [
    'a list is packed and cut short',
    at(IN_SHOP, (_, r) =>
      broken(r, gzipSync(JSON.stringify(listOf('rolebindings', items(IN_SHOP)))).subarray(0, -9), { 'content-encoding': 'gzip' }),
    ),
    'yes',
    ['rolebindings in namespace shop: the compressed body is broken or cut short'],
  ],
  ['a list has null for items', at(`${RBAC}/clusterrolebindings`, () => listOf('clusterrolebindings', null)), 'yes', []],
  ['a page has expired, and the list begins again', at(IN_SHOP, expiring), 'yes', []],
  [
    'a binding has no roleRef',
    at(IN_SHOP, () => listOf('rolebindings', [...items(IN_SHOP), { metadata: { name: 'odd', namespace: 'shop' }, roleRef: 5 }])),
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
function expiring({ query }: Parameters<Fault>[0], response: Parameters<Fault>[1], _: number, times: number): object | undefined {
  const [first, ...rest] = items(IN_SHOP);
  if (!query.has('continue')) return listOf('rolebindings', [first], 'next');
  return times === 2 ? send(response, 410, failed(410, 'Expired', 'gone')) : listOf('rolebindings', rest);
}

for (const [by, run] of RUNNERS)
  describe(`faulty servers, to ${by}`, { concurrency: 4 }, () => {
    for (const [what, start, verdict, unread] of cases)
      test(what, async (t) => {
        const kubeconfig = configure(t, (await faultyServer(t, start())).client.connection.server);
        const { code, stdout, stderr } = await run(`exec web-0 -n shop -o json --kubeconfig ${kubeconfig}`);
        assert.deepEqual([code, stderr], [0, '']);
        const answer: Answer = JSON.parse(stdout);
        assert.equal(answer.verdict, verdict);
        const said = answer.unknowns.filter(({ kind }) => kind === 'unreadable').map(({ what: each, why }) => `${each}: ${why}`);
        assert.deepEqual(said.filter((each) => !each.startsWith('policies and webhooks of admission')).sort(), unread);
      });

    for (const [what, start, message] of noServers)
      test(`no server: ${what}`, async (t) => {
        const { server, ca, requestTimeout } = await start(t);
        const flags = `--request-timeout ${Math.min(requestTimeout, 3000)}ms`;
        const { code, stdout, stderr } = await run(`exec web-0 -n shop ${flags} --kubeconfig ${configure(t, server, ca)}`);
        assert.deepEqual([code, stdout, stderr.split('\n').length], [1, '', 2], stderr);
        assert.ok(stderr.startsWith(message.replace('PORT', new URL(server).port)), stderr);
      });
  });

let count = 0;

function configure(_: TestContext, server: string, ca?: string): string {
  count += 1;
  const cluster = { server, ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }) };
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
