import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Connection } from '../../src/cluster/connect/connection.ts';
import type * as Lists from '../../src/cluster/lists/lists.ts';
import type * as Live from '../../src/cluster/live/live.ts';
import type * as Transport from '../../src/cluster/transport/transport.ts';
import type { KindName } from '../../src/world/kinds.ts';
import { get, list, type Need } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { listOf, typeOf } from '../helpers/api-lists.ts';
import { cluster } from '../helpers/cluster.ts';
import { failed } from '../helpers/faulty-server.ts';
import { importMutant, type Mutation, mistakes } from '../helpers/mutate.ts';
import { listOf as protobufList } from '../helpers/protobuf.ts';

/*
 * Deliberate mistakes in how servers are read, each of which one of the rows below has to notice. What comes over the
 * wire itself is a matter of `exchange.test.ts`, where a mistake hangs or ends the process.
 */
const MUTATIONS: Mutation[] = [
  ...mistakes('cluster/lists/asked-for.ts', [
    ['a list of anything is the list', 'if (kind !== name) return', 'if (kind === null) return'],
    ['a list of any version is the list', 'return apiVersion === version ?', 'return version ?'],
    [
      'a list needs no metadata',
      "if (!isRaw(metadata)) return 'metadata is not an object';",
      'if (!isRaw(metadata)) return null;',
    ],
    ['a token may be a number', "typeof metadata.continue !== 'string')", "typeof metadata.continue === 'symbol')"],
    [
      'a page may keep others back',
      'return isLast && remaining !== undefined',
      'return !isLast && remaining !== undefined',
    ],
    ['an object of any name is the one', 'if (need.name !== null && name !== need.name)', 'if (need.name === name)'],
    [
      'an object of any namespace is the one',
      'namespace !== null && namespace !== need.namespace)',
      'namespace === need.name)',
    ],
    [
      'a namespaced object may be nowhere',
      'if (namespaced && namespace === null)',
      'if (namespaced && namespace === name)',
    ],
    ['anything is a role', "if (isRole(need) && !('rules' in raw))", "if (isRole(need) && 'rulez' in raw)"],
    [
      'a cluster-scoped object may be somewhere',
      '!namespaced && namespace !== null && builtInKind',
      '!namespaced && namespace === null && builtInKind',
    ],
  ]),
  ...mistakes('cluster/lists/lists.ts', [
    ['items of another kind count', 'if (!isRaw(item) || other !== null) {', 'if (!isRaw(item)) {'],
    [
      'a list without items is empty',
      "(Array.isArray(items) || items === null ? null : 'a list without items')",
      'null',
    ],
    ['items of another list count', 'problem === null && reduceInto', 'reduceInto'],
    [
      'the kind of a custom list is not looked up',
      'calledSo === (await definedListKind(client, need))',
      'calledSo === null',
    ],
    ['a list that expires begins anew for ever', 'restarts === MAX_RESTARTS || !budget.takeExtra()', 'restarts === 40'],
  ]),
  ...mistakes('cluster/lists/pages.ts', [
    ['pages may go in a circle', "if (isKnown && next !== '') return", "if (isKnown && next === '') return"],
    ['pages may come again', 'if (isRepeated) return', "if (isRepeated && next === 'x') return"],
    [
      'pages may bring nothing for ever',
      'if (isSparse && !this.#budget.takePage())',
      'if (isSparse && this.#count > 300)',
    ],
  ]),
  ...mistakes('cluster/transport/budget.ts', [
    ['retries and narrower reads cost nothing', 'this.#extras -= 1;', ''],
    ['what is answered is paid for', 'this.#extras += extras;', 'void extras;'],
    ['whatever fails may be asked for', 'if (this.#failures >= FAILURES)', 'if (this.#failures < 0)'],
    [
      'time that is lost is no matter',
      'if (this.#lost < this.#time * (isAnswered ? 2 : 1)) return null;',
      'return null;',
    ],
  ]),
  ...mistakes('cluster/live/live.ts', [
    ['only refusals count', "failure === null || failure.kind === 'notFound'", "failure?.kind !== 'forbidden'"],
  ]),
  ...mistakes('cluster/transport/transport.ts', [
    ['retries are free', 'if (isWorthwhile && budget.takeExtra())', 'if (isWorthwhile)'],
  ]),
  ...mistakes('cluster/transport/bad-body.ts', [
    ['any letter is one', "new TextDecoder('utf-8', { fatal: true })", "new TextDecoder('utf-8')"],
  ]),
  ...mistakes('world/path-segment.ts', [
    ['a name may be ..', "text !== '..' &&", ''],
    ['a name may have a slash', '!/[/%]/.test(text)', '!/[%]/.test(text)'],
    ['a name may have half a letter', ' && text.isWellFormed()', ''],
  ]),
  ...mistakes('cluster/lists/need-path.ts', [
    ['segments are not encoded', '`/${encodeURIComponent(each)}`', '`/${each}`'],
    ['selectors are not escaped', "text.replace(/[\\\\,=]/g, '\\\\$&')", 'text'],
  ]),
  ...mistakes('world/raw.ts', [
    ['objects may be nested for ever', 'if (isDeeper(raw, DEEPEST))', 'if (isDeeper(raw, 10 * DEEPEST))'],
  ]),
];

type Program = typeof Lists & typeof Live & typeof Transport;
type Answer = { status?: number; body: object | string | Buffer } | Error;
type Server = (path: string, token: string | null, count: number) => Answer;

/** A clock that goes when it is told to. */
function hands() {
  let now = 0;
  const pass = (time: number): void => {
    now += time;
  };
  return { clock: { now: () => now, sleep: async (pause: number) => pass(pause) }, pass };
}

/** What comes of reading these needs one after the other: what of each, and what the server was asked. */
async function read(program: Program, needs: readonly Need[], server: Server, protobuf = false) {
  const paths: string[] = [];
  const { clock, pass } = hands();
  const connection: Connection = {
    ...{ context: null, namespace: 'shop', server: 'http://server', close: () => undefined },
    async send({ path, sink }) {
      paths.push(path);
      const answer = server(path, new URL(path, 'http://server').searchParams.get('continue'), paths.length);
      if (answer instanceof Error) {
        pass(1000);
        throw answer;
      }
      const { status = 200, body } = answer;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      if (status !== 200 || !sink) return { status, headers: { 'retry-after': '0' }, body: bytes };
      for (let at = 0; at < bytes.length; at += 50) sink(bytes.subarray(at, at + 50));
      return { status, headers: {}, body: Buffer.alloc(0) };
    },
  };
  const client = new program.ApiClient(connection, { clock, requestTimeout: 3000 });
  const found: unknown[] = [];
  for (const need of needs) {
    const seen: string[] = [];
    const onRaw = protobuf ? undefined : (_: unknown, raw: object) => void seen.push(JSON.stringify(raw).slice(0, 80));
    const { objects, malformed, failure } = await program.readNeed(client, need, { protobuf, onRaw });
    found.push([objects.length, malformed.length, failure?.kind ?? null, failure?.message ?? null, seen.length]);
    if (paths.length > 400) break;
  }
  return JSON.stringify([found, paths.length, paths.slice(0, 30)]);
}

/** Rounds of needs, as a question reads them. */
async function ask(program: Program, rounds: readonly (readonly Need[])[], server: Server): Promise<string> {
  const paths: string[] = [];
  const { clock, pass } = hands();
  const connection: Connection = {
    ...{ context: null, namespace: 'shop', server: 'http://server', close: () => undefined },
    async send({ path }) {
      paths.push(path);
      const answer = server(path, null, paths.length);
      if (answer instanceof Error) {
        pass(3000);
        throw answer;
      }
      return {
        status: answer.status ?? 200,
        headers: { 'retry-after': '0' },
        body: Buffer.from(JSON.stringify(answer.body)),
      };
    },
  };
  const source = new program.LiveSource(new program.ApiClient(connection, { clock, requestTimeout: 3000 }));
  const world = new World(cluster().world().facts);
  await source.client.get('/version');
  for (const needs of rounds) await source.read(needs, world);
  return JSON.stringify([
    paths.length,
    [...world.outcomes()].map(({ outcome }) => (outcome.read ? 'read' : outcome.failure.kind)),
  ]);
}

const lists =
  (kind: KindName, change: object, items: unknown[] = []): Server =>
  () => ({ body: { ...listOf(kind, items), ...change } });
const pages =
  (page: (token: string | null, count: number) => [names: string[], next: string]): Server =>
  (_, token, count) => {
    const [names, next] = page(token, count);
    return {
      body: listOf(
        'namespaces',
        names.map((name) => ({ metadata: { name } })),
        next,
      ),
    };
  };
const many = Array.from({ length: 300 }, (_, index) => get('clusterroles', null, `r${index}`));
const services = Array.from({ length: 200 }, (_, index) => list('services', `n${index}`));
const status = (code: number): Answer => ({ status: code, body: failed(code, 'Reason', 'no') });
const timeout = Object.assign(new Error('late'), { name: 'TimeoutError' });
const deep = { metadata: { name: 'deep' }, spec: JSON.parse(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`) };
const WIDGET = {
  group: 'example.com',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  namespaced: false,
  pageSize: 500,
};
const at = (kind: KindName, place: string | null = null): Need => list(kind, place);

/** What is read, of which server. */
const rows: ((program: Program) => Promise<string>)[] = [
  ...[
    lists('roles', { kind: 'RoleList' }),
    lists('rolebindings', { apiVersion: 'v1' }),
    lists('rolebindings', { metadata: null }),
    lists('rolebindings', { metadata: { continue: 7 } }),
    lists('rolebindings', { metadata: { remainingItemCount: 7 } }),
    lists('rolebindings', { items: undefined }),
    lists('rolebindings', { kind: 'LeaseList' }, [
      { metadata: { name: 'x', namespace: 'shop' }, roleRef: { kind: 'Role', name: 'x' } },
    ]),
    lists('rolebindings', {}, [
      { kind: 'Lease', metadata: { name: 'x', namespace: 'shop' }, roleRef: { kind: 'Role', name: 'x' } },
    ]),
  ].map((server) => (program: Program) => read(program, [at('rolebindings', 'shop')], server)),
  (program) =>
    read(
      program,
      [at('roles', 'shop')],
      lists('roles', {}, [{ metadata: { name: 'x', namespace: 'prod' }, rules: [] }]),
    ),
  (program) => read(program, [at('roles')], lists('roles', {}, [{ metadata: { name: 'x' }, rules: [] }])),
  (program) => read(program, [at('roles')], lists('roles', {}, [{ metadata: { name: 'x', namespace: 'shop' } }])),
  (program) =>
    read(
      program,
      [at('clusterroles')],
      lists('clusterroles', {}, [{ metadata: { name: 'x', namespace: 'shop' }, rules: [] }]),
    ),
  (program) =>
    read(program, [get('pods', 'shop', 'web')], () => ({
      body: { ...typeOf('pods'), metadata: { name: 'db', namespace: 'shop' } },
    })),
  (program) => read(program, [at('rolebindings', 'shop')], () => ({ body: protobufList([]) }), true),
  (program) =>
    read(program, [{ ...at('Widget.example.com'), api: WIDGET }], (path) =>
      path.startsWith('/apis/apiext')
        ? { body: { spec: { names: { listKind: 'Widgets' } } } }
        : { body: { kind: 'Widgets', apiVersion: 'example.com/v1', metadata: {}, items: [] } },
    ),
  (program) =>
    read(
      program,
      Array.from({ length: 9 }, () => at('namespaces')),
      (_, token) => (token === null ? pages(() => [['a'], 'x'])('', token, 1) : status(410)),
    ),
  (program) =>
    read(
      program,
      [at('namespaces')],
      pages((_, count) => (count > 250 ? [[], ''] : [[`n${count}`], count % 2 ? 'odd' : 'even'])),
    ),
  (program) =>
    read(
      program,
      [at('namespaces')],
      pages((_, count) => (count > 20 ? [[], ''] : [['a', 'b'], `t${count}`])),
    ),
  (program) =>
    read(
      program,
      [at('namespaces')],
      pages((_, count) => (count > 250 ? [[], ''] : [[], `t${count}`])),
    ),
  (program) => ask(program, [[at('clusterroles')], many], () => status(403)),
  (program) => ask(program, [[at('clusterroles')], many], (path) => (path === '/version' ? { body: {} } : status(503))),
  (program) => ask(program, [services], (path) => (path === '/version' ? { body: {} } : status(403))),
  (program) => ask(program, [services.slice(0, 60)], (path) => (path === '/version' ? { body: {} } : timeout)),
  (program) =>
    read(program, services.slice(0, 60), (_, __, count) =>
      count % 2 ? status(429) : { body: listOf('services', []) },
    ),
  (program) => read(program, services.slice(0, 60), () => status(503)),
  (program) =>
    read(program, [at('namespaces')], () => ({
      body: Buffer.from(JSON.stringify(listOf('namespaces', [{ metadata: { name: 'é' } }])), 'latin1'),
    })),
  (program) =>
    read(
      program,
      ['..', 'a/b', '\ud800', 'a b?c'].map((name) => get('roles', 'shop', name)),
      () => status(404),
    ).catch(String),
  (program) => read(program, [{ ...at('pods'), named: 'a,b=c' }], () => status(404)),
  (program) =>
    read(program, [{ ...at('Widget.example.com'), api: WIDGET }], () => ({
      body: { kind: 'WidgetList', apiVersion: 'example.com/v1', metadata: {}, items: [deep] },
    })).catch(String),
];

const ENTRIES = ['cluster/lists/lists.ts', 'cluster/live/live.ts', 'cluster/transport/transport.ts'];
const outcomesOf = (program: Program): Promise<string[]> => Promise.all(rows.map((row) => row(program)));
const program: Program = Object.assign(
  {},
  ...(await Promise.all([
    import('../../src/cluster/lists/lists.ts'),
    import('../../src/cluster/live/live.ts'),
    import('../../src/cluster/transport/transport.ts'),
  ])),
);
const right = await outcomesOf(program);

test('without a mistake it comes to the same each time, however long the pauses are', async () => {
  for (let times = 0; times < 20; times += 1) assert.deepEqual(await outcomesOf(program), right);
});

for (const mutation of MUTATIONS)
  test(`noticed: ${mutation.name}`, async () => {
    const mutant = await outcomesOf(
      await importMutant<Program>(join(import.meta.dirname, '../../src'), ENTRIES, mutation),
    );
    assert.ok(mutant.some((outcome, index) => outcome !== right[index]));
  });
