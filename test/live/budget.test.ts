import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { get, list, type Need } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { answered, listOf } from '../helpers/api-lists.ts';
import { cluster } from '../helpers/cluster.ts';
import { failed, faultyServer, type Handler, type Received, send } from '../helpers/faulty-server.ts';

/** What a server does with what it does not answer; all but the last at once, so that no time is lost. */
const failures: [what: string, fail: Handler][] = [
  ['403', (_, r) => send(r, 403, failed(403, 'Forbidden', 'no'))],
  ['401', (_, r) => send(r, 401, failed(401, 'Unauthorized', 'no'))],
  ['410', (_, r) => send(r, 410, failed(410, 'Expired', 'no'))],
  ['429', (_, r) => send(r, 429, failed(429, 'TooManyRequests', 'no'))],
  ['429 with a pause', (_, r) => send(r, 429, failed(429, 'TooManyRequests', 'no'), { 'retry-after': '1' })],
  ['429 with a long pause', (_, r) => send(r, 429, failed(429, 'TooManyRequests', 'no'), { 'retry-after': '600' })],
  ['500', (_, r) => send(r, 500, failed(500, 'InternalError', 'no'))],
  ['503 of a load balancer', (_, r) => send(r, 503, 'no healthy upstream')],
  ['504', (_, r) => send(r, 504, '')],
  ['101', (_, r) => void r.socket?.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')],
  ['302', (_, r) => send(r, 302, '', { location: '/login' })],
  ['a reset', (_, r) => void r.destroy()],
  ['half of an answer', (_, r) => void r.writeHead(200, { 'content-length': 99 }).write('{', () => r.destroy())],
  ['a login page', (_, r) => send(r, 200, '<html>')],
  ['a list of something else', () => listOf('nodes', [])],
  ['nothing at all', () => undefined],
];
/** In milliseconds: what answers at all answers in less, on a busy machine too. */
const HANGS = 600;

const roles = Array.from({ length: 200 }, (_, index) => get('clusterroles', null, `r${index}`));
const namespaces = Array.from({ length: 200 }, (_, index) => list('rolebindings', `n${index}`));
const isWell = ({ path }: Received): boolean => path === '/version' || path.endsWith('reviews');
/** All but `/version` and who we are. */
const failing =
  (fail: Handler): Handler =>
  (asked, ...rest) =>
    isWell(asked)
      ? answered(asked, { resourceRules: [], nonResourceRules: [], incomplete: false })
      : fail(asked, ...rest);

for (const [what, fail] of failures)
  test(`${what}: a question costs as much as after a refusal, and no more`, async (t) => {
    const { source, world, received, outcomes } = await asking(
      t,
      failing(fail),
      what === 'nothing at all' ? HANGS : 30_000,
    );
    await source.facts(false);
    await source.read([list('clusterroles'), list('rolebindings')], world);
    await source.read([...roles, ...namespaces], world);
    await source.read([...roles, ...namespaces], world);
    const asked = received.filter((each) => !isWell(each)).length;
    assert.ok(asked >= 2 && asked <= 2 + 20, `${asked} requests`);
    const kinds = outcomes([...roles, ...namespaces]);
    assert.ok(
      kinds.every((kind) => kind !== null) && kinds.filter((kind) => kind === 'notTried').length >= 380,
      'the rest is not tried, and said',
    );
  });

test('requests that hang: what is lost is twice the time of one, whatever is asked', async (t) => {
  const { source, world, received, outcomes } = await asking(
    t,
    failing(() => undefined),
    HANGS,
    Date.now,
  );
  await source.facts(false);
  const needs = [...KINDS, ...KINDS.map((need): Need => ({ ...need, labelSelector: 'a=b' }))];
  await source.read(needs, world);
  const kinds = outcomes(needs);
  assert.ok(received.length - 3 <= 2 * 8, `${received.length} requests`);
  assert.deepEqual([...new Set(kinds)].sort(), ['notTried', 'timeout']);
  assert.equal(kinds.filter((kind) => kind === 'timeout').length, received.length - 3);
});

test('a server that has never answered is waited for once', async (t) => {
  const { source, world, received } = await asking(t, () => undefined, HANGS);
  await assert.rejects(source.read(KINDS, world), {
    message: 'Unable to connect to the server: no answer within 0.6s',
  });
  assert.equal(received.length, 8);
});

test('what is answered costs nothing: 300 lists of a server that fails each of them twice before', async (t) => {
  const times = new Map<string, number>();
  const { source, world, received, outcomes } = await asking(t, (asked, response) => {
    const count = (times.get(asked.path) ?? 0) + 1;
    times.set(asked.path, count);
    return count % 3 === 0 ? listOf('services', []) : send(response, 503, 'busy', { 'retry-after': '0' });
  });
  const needs = Array.from({ length: 300 }, (_, index) => list('services', `n${index}`));
  for (const need of needs) await source.read([need], world);
  assert.deepEqual([received.length, new Set(outcomes(needs)).size], [900, 1]);
});

test('objects that are not there cost nothing', async (t) => {
  const { source, world, received } = await asking(t, ({ path }, response) =>
    path.endsWith('/clusterroles') ? send(response, 403, 'no') : send(response, 404, failed(404, 'NotFound', 'gone')),
  );
  await source.facts(false).catch(() => undefined);
  const before = received.length;
  await source.read([list('clusterroles')], world);
  await source.read(roles, world);
  assert.equal(received.length - before, 201);
});

test('whatever fails, it is a hundred requests at most', async (t) => {
  const { source, world, received, outcomes } = await asking(
    t,
    failing((_, r) => send(r, 403, failed(403, 'Forbidden', 'no'))),
  );
  await source.facts(false);
  const before = received.length;
  const needs = Array.from({ length: 150 }, (_, index) => list('services', `n${index}`));
  await source.read(needs, world);
  // Those that are under way when the hundredth comes back have been sent.
  const sent = received.length - before;
  assert.ok(sent >= 100 && sent < 100 + 8, `${sent} requests`);
  assert.equal(outcomes(needs).filter((kind) => kind === 'notTried').length, 150 - sent);
  const last = world.ownOutcome(list('services', 'n149'));
  assert.deepEqual(last, {
    read: false,
    failure: { kind: 'notTried', status: null, message: 'not tried after 100 requests that failed' },
  });
});

test('each question has a budget of its own', async (t) => {
  const { client, source, world, received } = await asking(
    t,
    failing((_, r) => send(r, 403, failed(403, 'Forbidden', 'no'))),
  );
  await source.facts(false);
  await source.read([list('clusterroles')], world);
  await source.read(roles, world);
  const before = received.length;
  const next = new World(world.facts);
  const again = new LiveSource(client);
  await again.read([list('clusterroles')], next);
  await again.read(roles, next);
  assert.equal(received.length - before, 21);
});

const KINDS: Need[] = (
  [
    'pods',
    'nodes',
    'services',
    'namespaces',
    'roles',
    'clusterroles',
    'jobs',
    'cronjobs',
    'deployments',
    'daemonsets',
    'statefulsets',
  ] as const
).map((kind) => list(kind));

async function asking(t: TestContext, handler: Handler, requestTimeout = 30_000, now?: () => number) {
  const clock = now && { now, sleep: async () => undefined };
  const { client, received } = await faultyServer(t, handler, { requestTimeout, ...(clock && { clock }) });
  const world = new World(cluster().world().facts);
  const outcomes = (needs: readonly Need[]) =>
    needs.map((need) => {
      const outcome = world.ownOutcome(need);
      return outcome?.read === false ? outcome.failure.kind : outcome && 'read';
    });
  return { client, source: new LiveSource(client), world, received, outcomes };
}
