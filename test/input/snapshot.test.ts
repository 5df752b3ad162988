import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { distinctUnknowns } from '../../src/answer/unknown.ts';
import { UserError } from '../../src/answer/user-error.ts';
import { writeSnapshot } from '../../src/cluster/input/snapshot/write.ts';
import { LEFT_OUT } from '../../src/world/kept/left-out.ts';
import { ALL_KINDS, type KindName, keyOf } from '../../src/world/kinds.ts';
import { get, kindOfNeed, list, needKey } from '../../src/world/needs.ts';
import type { World } from '../../src/world/world.ts';
import { liveOn, type Stored } from './api-in-memory.ts';
import { ask, EVERYTHING, namesIn, open, place } from './inputs.ts';

const stored = (kind: KindName, namespace: string | null, name: unknown, more: object = {}): Stored => ({
  kind,
  raw: { metadata: { name, ...(namespace === null ? {} : { namespace }) }, ...more },
});

const CLUSTER = [
  stored('namespaces', null, 'shop'),
  stored('namespaces', null, 'ci'),
  stored('pods', 'shop', 'web', {
    spec: { containers: [{ name: 'app', env: [{ name: 'PASSWORD', value: 'hunter2' }] }] },
    future: { field: 1 },
  }),
  stored('rolebindings', 'shop', 'b', {
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'jane' }],
  }),
  stored('rolebindings', 'ci', 'b', { roleRef: 'broken' }),
  stored('clusterroles', null, 'view', { rules: [{ verbs: ['get'], resources: ['pods'] }] }),
  stored('clusterroles', null, 'edit', { rules: [] }),
];

async function taken(name: string, objects: readonly Stored[] = CLUSTER, isRefused?: (path: string) => boolean) {
  const root = place({});
  mkdirSync(root, { recursive: true });
  const path = join(root, name);
  const world = await writeSnapshot(path, liveOn(objects, isRefused));
  return { root, path, world };
}

/** All that a question could see, in an order that reading does not decide. */
function contents(world: World): unknown {
  const { origin: _, ...facts } = world.facts;
  return {
    facts,
    outcomes: [...world.outcomes()].map(({ need, outcome }) => [needKey(need), outcome]).sort(),
    objects: ALL_KINDS.map((kind) => [kind, Object.fromEntries(world.list(kind).map((each) => [keyOf(each), each]))]),
    malformed: ALL_KINDS.map((kind) =>
      distinctUnknowns(world.malformed(kind))
        .map(({ what, why }) => `${what}: ${why}`)
        .sort(),
    ),
  };
}

const again = async (path: string, world: World): Promise<World> =>
  ask(
    await open(path),
    [...world.outcomes()].map(({ need }) => need),
  );

test('a snapshot read back is the same world', async () => {
  const { path, world } = await taken('x.jsonl');
  const back = await again(path, world);
  assert.equal(back.facts.origin, 'snapshot');
  assert.equal(back.facts.context, 'memory');
  assert.equal(back.size, 6);
  assert.deepEqual(
    back.malformed('rolebindings').map(({ what }) => what),
    ['rolebindings ci/b'],
  );
  assert.deepEqual(contents(back), contents(world));
});

test('what was refused is still refused, and what was read in its place is there', async () => {
  const refused = new Set([
    '/apis/rbac.authorization.k8s.io/v1/rolebindings',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    '/api/v1/pods',
    '/api/v1/namespaces/ci/pods',
  ]);
  const { path, world } = await taken('x.jsonl', CLUSTER, (each) => refused.has(each));
  const back = await again(path, world);
  assert.deepEqual(contents(back), contents(world));
  const outcome = back.ownOutcome(list('rolebindings'));
  assert.equal(outcome?.read === false && outcome.failure.kind, 'forbidden');
  assert.ok(back.isRead(list('rolebindings', 'ci')));
  assert.ok(back.isRead(list('pods', 'shop')));
  assert.ok(!back.isRead(list('pods', 'ci')));
  assert.ok(back.find('clusterroles', null, 'view'), 'by name, since a binding names it');
  assert.equal(back.find('clusterroles', null, 'edit'), undefined);
  // A question that asks for the wide list alone gets the narrow ones with it.
  assert.ok((await ask(await open(path), [list('pods')])).isRead(list('pods', 'shop')));
});

const twofold: [what: string, metadata: object, spec: object][] = [
  ['a name with % and labels that are no texts', { name: '%', labels: { a: 0 } }, {}],
  ['a name with / and a node that is no text', { name: 'a/b' }, { nodeName: 7 }],
  ['labels that are no texts and containers that are no list', { name: 'x', labels: { a: 0 } }, { containers: 'app' }],
  ['volumes that are no list and labels that are no texts', { name: 'x', labels: { a: true } }, { volumes: 'none' }],
  [
    'a port that is no number and a name with %',
    { name: '%' },
    { containers: [{ name: 'a', ports: [{ containerPort: 'x' }] }] },
  ],
];
for (const [what, metadata, spec] of twofold)
  test(`of several faults of a pod a snapshot tells the same one: ${what}`, async () => {
    const { raw } = stored('pods', 'shop', 'x', { spec: { containers: [], ...spec } });
    const { path, world } = await taken(
      'x.jsonl',
      [{ kind: 'pods', raw: { ...raw, metadata: { ...raw.metadata, ...metadata } } }],
      () => false,
    );
    assert.equal(world.malformed('pods').length, 1);
    assert.deepEqual(contents(await again(path, world)), contents(world));
  });

test('worlds of any shape come back as they were', async () => {
  const names = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'system:x') },
    fc.constantFrom('__proto__', 'constructor', 'a"b', 'é\u2028\n', '{{ x }}', ''),
    fc.string(),
  );
  const namespaces = fc.constantFrom('shop', 'ci', 'prod');
  const rules = fc.array(
    fc.record({
      verbs: fc.array(names, { maxLength: 2 }),
      resources: fc.oneof({ weight: 9, arbitrary: fc.array(names, { maxLength: 2 }) }, names),
    }),
    { maxLength: 2 },
  );
  const labels = fc.dictionary(names, fc.oneof({ weight: 9, arbitrary: names }, fc.integer()), { maxKeys: 2 });
  const binding = {
    roleRef: fc.record({ kind: fc.constantFrom('Role', 'ClusterRole'), name: names }),
    subjects: fc.array(fc.record({ kind: names, name: names, namespace: names }), { maxLength: 2 }),
  };
  const object = (kind: KindName, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Stored> =>
    fc
      .record({ name: names, namespace: namespaces, labels, fields: fc.record(fields) })
      .map(({ name, namespace, labels: own, fields: more }) => {
        const place = kindOfNeed({ kind }).namespaced ? namespace : null;
        const { raw } = stored(kind, place, name, more);
        return { kind, raw: { ...raw, metadata: { ...raw.metadata, labels: own } } };
      });
  const objects = fc.uniqueArray(
    fc.oneof(
      object('namespaces', {}),
      object('clusterroles', { rules }),
      object('roles', { rules }),
      object('clusterrolebindings', binding),
      object('rolebindings', binding),
      object('pods', {
        spec: fc.record({ nodeName: names, containers: fc.array(fc.record({ name: names }), { maxLength: 2 }) }),
      }),
    ),
    { selector: ({ kind, raw }) => JSON.stringify([kind, raw.metadata.namespace, raw.metadata.name]), maxLength: 25 },
  );
  const refused = fc.uniqueArray(
    fc.constantFrom(...ALL_KINDS, 'shop/pods', 'ci/rolebindings', 'prod/roles', 'shop/rolebindings'),
    {
      maxLength: 5,
    },
  );
  let known = 0;
  let unknown = 0;
  await fc.assert(
    fc.asyncProperty(objects, refused, async (all, no) => {
      const { path, world } = await taken('x.jsonl', all, (each) =>
        no.some((end) => (end.includes('/') ? each.endsWith(`/${end}`) : new RegExp(`v1/${end}$`).test(each))),
      );
      assert.deepEqual(contents(await again(path, world)), contents(world));
      for (const { raw, kind } of all) {
        const need = get(kind, raw.metadata.namespace ?? null, String(raw.metadata.name));
        const back = await ask(await open(path), [need]);
        if (back.isRead(need)) known += 1;
        else unknown += 1;
        assert.deepEqual(
          back.find(kind, need.namespace, need.name ?? ''),
          world.find(kind, need.namespace, need.name ?? ''),
        );
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(known > 100 && unknown > 20, `${known} known, ${unknown} unknown`);
});

test('what the reader says beats what the snapshot says', async () => {
  const { path } = await taken('x.jsonl');
  const facts = async (options: object) => await (await open(path, options)).facts(true);
  const { namespace, version, gitVersion } = await facts({});
  assert.deepEqual(
    { namespace, version, gitVersion },
    { namespace: 'shop', version: { major: 1, minor: 37 }, gitVersion: 'v1.37.2' },
  );
  const said = await facts({ namespace: 'ci', serverVersion: { major: 1, minor: 30 } });
  assert.deepEqual([said.namespace, said.version], ['ci', { major: 1, minor: 30 }]);
});

test('groups of which discovery may not tell all are still open in the snapshot', async () => {
  const path = join(place({}), 'open.jsonl');
  mkdirSync(join(path, '..'), { recursive: true });
  await writeSnapshot(path, (onRaw) => {
    const live = liveOn(CLUSTER)(onRaw);
    const facts: typeof live.facts = async (discovery) => ({
      ...(await live.facts(discovery)),
      undiscovered: ['down.io'],
    });
    return { facts, read: (needs, world) => live.read(needs, world) };
  });
  assert.deepEqual((await (await open(path)).facts(true)).undiscovered, ['down.io']);
});

test('one record a line, the header first, and no values', async () => {
  const { path } = await taken('x.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    [records[0].format, records[0].version, records.at(-1)],
    ['whocan-escalate/snapshot', 1, { record: 'end' }],
  );
  const web = records.find(({ kind }) => kind === 'Pod');
  assert.deepEqual(Object.keys(web).slice(0, 2), ['apiVersion', 'kind']);
  assert.equal(web.future, undefined, 'what no question reads is not kept');
  assert.deepEqual(web.spec.containers, [{ name: 'app', env: [{ name: 'PASSWORD', value: LEFT_OUT }] }]);
  assert.doesNotMatch(lines.join(), /hunter2/);
});

test('gzip by its name; for the owner alone; nothing is left beside it', async () => {
  const { root, path, world } = await taken('x.jsonl.gz');
  assert.match(gunzipSync(readFileSync(path)).toString(), /^\{"format":/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(root), ['x.jsonl.gz']);
  assert.deepEqual(contents(await again(path, world)), contents(world));
});

test('what was there is replaced once all is read, and stays where that fails', async () => {
  const root = place({ 'x.jsonl': 'old' });
  const path = join(root, 'x.jsonl');
  const failing = () => ({ facts: () => Promise.reject(new Error('no server')), read: () => Promise.resolve() });
  await assert.rejects(writeSnapshot(path, failing), /no server/);
  assert.deepEqual([readdirSync(root), readFileSync(path, 'utf8')], [['x.jsonl'], 'old']);
  await writeSnapshot(path, liveOn(CLUSTER));
  assert.deepEqual(namesIn(await ask(await open(path))).length, 6);
});

const refusals: [what: string, path: (root: string) => string, message: RegExp][] = [
  ['a directory', (root) => root, /^error: open .*: is a directory$/],
  ['a device', () => '/dev/null', /^error: open \/dev\/null: not a regular file$/],
  ['a directory that does not exist', (root) => join(root, 'no/x'), /^error: the path ".*no\/x" does not exist$/],
  ['a directory that is a file', (root) => join(root, 'file/x'), /^error: open .*: not a directory$/],
];
for (const [what, path, message] of refusals)
  test(`cannot be written: ${what}`, async () => {
    const root = place({ file: '' });
    await assert.rejects(
      writeSnapshot(path(root), liveOn(CLUSTER)),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });

test('records, fields and kinds of later versions are left out', async () => {
  const { path } = await taken('x.jsonl');
  const [header, ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const strange = [
    { record: 'weather', items: [{ is: 'fine' }] },
    { apiVersion: 'example.com/v9', kind: 'Widget', metadata: { name: 'w' } },
    {
      record: 'outcome',
      need: { kind: 'widgets', namespace: null, name: null, labelSelector: null },
      outcome: { read: true },
    },
    {
      record: 'outcome',
      need: { kind: 'nodes', namespace: 'x' },
      outcome: { read: false, failure: { kind: 'eclipse', message: 'dark' } },
      more: 1,
    },
  ];
  writeFileSync(path, [header, ...strange.map((each) => JSON.stringify(each)), ...rest].join('\n'));
  const world = await ask(await open(path), [...EVERYTHING, list('nodes', 'x')]);
  assert.equal(world.size, 6);
  assert.ok(world.isRead(list('nodes')));
});

test('a snapshot with a line cut off is none', async () => {
  const { path } = await taken('x.jsonl');
  const text = readFileSync(path, 'utf8').trimEnd();
  writeFileSync(path, text.slice(0, text.lastIndexOf('\n')));
  await assert.rejects(open(path), /the snapshot breaks off/);
});

test('a snapshot through a link, and from standard input', async () => {
  const { root, path } = await taken('x.jsonl.gz');
  symlinkSync(path, join(root, 'link'));
  assert.equal((await ask(await open(join(root, 'link')))).size, 6);
  assert.equal((await ask(await open('-', { stdin: Readable.from([readFileSync(path)]) }))).size, 6);
});

test('50 MB of snapshot are read without being held', async () => {
  const line = `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', annotations: { big: 'x'.repeat(100_000) } } })}\n`;
  const lines = function* () {
    yield Buffer.from('{"format":"whocan-escalate/snapshot","version":1,"facts":{}}\n');
    for (let i = 0; i < 500; i += 1) yield Buffer.from(line);
    yield Buffer.from('{"record":"end"}\n');
  };
  const world = await ask(await open('-', { stdin: Readable.from(lines()) }));
  assert.equal(world.size, 1);
});
