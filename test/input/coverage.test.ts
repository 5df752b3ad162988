import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, list, type Need } from '../../src/world/needs.ts';
import * as manifests from './inputs.ts';
import { ask, json, listOf, open, place, stored, worldIn } from './inputs.ts';

const pod: typeof manifests.pod = (...fields) => stored(manifests.pod(...fields));
const binding: typeof manifests.binding = (...fields) => stored(manifests.binding(...fields));
const clusterRole: typeof manifests.clusterRole = (...fields) => stored(manifests.clusterRole(...fields));

const NOT = 'not in the file';
const ONLY_SHOP = 'only those of namespace shop are in the file';
const EVERYWHERE = json(listOf(pod('shop', 'web'), pod('ci', 'a'), binding('shop', 'b'), clusterRole('view')));
const SHOP = json(
  listOf(
    pod('shop', 'web', { metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } } }),
    clusterRole('view'),
  ),
);

const cases: [why: string, file: string, need: Need, outcome: 'read' | string, objects: number][] = [
  ['a cluster-scoped kind that occurs was read', SHOP, list('clusterroles'), 'read', 1],
  ['a kind that does not occur was not', SHOP, list('clusterrolebindings'), NOT, 0],
  ['nor in a namespace', SHOP, list('rolebindings', 'shop'), NOT, 0],
  ['a List of several namespaces was read from all', EVERYWHERE, list('pods'), 'read', 2],
  ['and so were other kinds in it that are in one only', EVERYWHERE, list('rolebindings'), 'read', 1],
  ['and a namespace that it does not name is empty', EVERYWHERE, list('rolebindings', 'prod'), 'read', 0],
  ['a List of one namespace was read from that one', SHOP, list('pods'), ONLY_SHOP, 1],
  ['which is known', SHOP, list('pods', 'shop'), 'read', 1],
  ['others are not', SHOP, list('pods', 'ci'), ONLY_SHOP, 0],
  [
    'a List for each namespace: no others',
    json(listOf(pod('a', 'x')), listOf(pod('b', 'x'))),
    list('pods'),
    'only those of namespaces a, b are in the file',
    2,
  ],
  [
    'objects of other kinds show that all namespaces were read',
    json(listOf(pod('a', 'x'), { ...pod('b', 'x'), kind: 'ConfigMap' })),
    list('pods'),
    'read',
    1,
  ],
  ['objects outside of lists belong together', json(pod('a', 'x'), pod('b', 'x')), list('pods'), 'read', 2],
  [
    'the namespace of a cluster-scoped object says nothing',
    json(listOf(pod('a', 'x'), clusterRole('c', { metadata: { name: 'c', namespace: 'b' } }))),
    list('pods', 'b'),
    'only those of namespace a are in the file',
    0,
  ],
  ['an object that is there', SHOP, get('pods', 'shop', 'web'), 'read', 1],
  ['an object that is not, where all were read', SHOP, get('pods', 'shop', 'db'), 'pods "db" not found', 0],
  [
    'in the words of the API server',
    SHOP,
    get('clusterroles', null, 'edit'),
    'clusterroles.rbac.authorization.k8s.io "edit" not found',
    0,
  ],
  ['an object of a namespace that was not read', SHOP, get('pods', 'ci', 'web'), ONLY_SHOP, 0],
  ['an object of a kind that was not read', SHOP, get('nodes', null, 'n'), NOT, 0],
  ['labels select', SHOP, list('pods', 'shop', 'app=web'), 'read', 1],
  ['labels leave out', SHOP, list('pods', 'shop', 'app!=web'), 'read', 0],
];
for (const [why, file, need, outcome, objects] of cases)
  test(why, async () => {
    const world = await ask(await open(`${place({ input: file })}/input`), [need]);
    const came = world.ownOutcome(need);
    assert.equal(came?.read ? 'read' : came?.failure.message, outcome);
    assert.equal(world.size, objects);
  });

test('failures have a kind', async () => {
  const world = await ask(await open(`${place({ input: SHOP })}/input`), [list('nodes'), get('pods', 'shop', 'db')]);
  assert.deepEqual(world.ownOutcome(list('nodes')), {
    read: false,
    failure: { kind: 'notInFile', status: null, message: NOT },
  });
  assert.deepEqual(world.ownOutcome(get('pods', 'shop', 'db')), {
    read: false,
    failure: { kind: 'notFound', status: 404, message: 'pods "db" not found' },
  });
});

test('where a list is only known for some namespaces, these come with it', async () => {
  const world = await ask(await open(`${place({ input: SHOP })}/input`), [list('pods')]);
  assert.ok(world.isRead(list('pods', 'shop')));
  assert.ok(!world.isRead(list('pods', 'ci')));
});

test('--complete: kinds that do not occur have no objects', async () => {
  const world = await worldIn(SHOP, { complete: true });
  for (const need of [list('nodes'), list('pods'), list('rolebindings', 'ci')]) assert.ok(world.isRead(need));
});

test('a directory: each List counts for itself', async () => {
  const root = place({ 'a.json': EVERYWHERE, 'b.json': json(listOf({ ...binding('shop', 'c'), kind: 'Role' })) });
  const world = await ask(await open(root), [list('pods'), list('roles')]);
  assert.ok(world.isRead(list('pods')));
  assert.ok(!world.isRead(list('roles')));
  assert.ok(world.isRead(list('roles', 'shop')));
});

test('an object that does not say its namespace is in the one of -n', async () => {
  const world = await worldIn(json(pod(null, 'web')), { namespace: 'shop' });
  assert.ok(world.find('pods', 'shop', 'web'));
  assert.equal(world.facts.namespace, 'shop');
  assert.ok((await worldIn(json(pod(null, 'web')))).find('pods', 'default', 'web'));
});

test('a cluster-scoped object is in no namespace, whatever it says', async () => {
  const world = await worldIn(json(clusterRole('view', { metadata: { name: 'view', namespace: 'shop' } })));
  assert.equal(world.find('clusterroles', null, 'view')?.namespace, null);
});

test('nothing is known of the server but what the reader says', async () => {
  const { readAt, ...facts } = (await worldIn(SHOP, { serverVersion: { major: 1, minor: 30 } })).facts;
  assert.match(readAt, /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(facts, {
    context: null,
    namespace: 'default',
    gitVersion: null,
    version: { major: 1, minor: 30 },
    origin: 'file',
    self: null,
    selfFailure: null,
    flags: null,
    discovery: null,
  });
  assert.equal((await worldIn(SHOP)).facts.version, null);
});

test('an object without the shape of its kind is an unknown; the rest is there', async () => {
  const file = json(
    listOf(
      binding('shop', 'good'),
      binding('shop', 'bad', { roleRef: 'admin' }),
      binding('ci', 'nameless', { metadata: { namespace: 'ci' } }),
    ),
  );
  const world = await ask(await open(`${place({ input: file })}/input`), [
    list('rolebindings'),
    list('rolebindings', 'shop'),
    get('rolebindings', 'shop', 'bad'),
  ]);
  assert.deepEqual(
    world.malformed('rolebindings').map(({ kind, what, why }) => [kind, what, why]),
    [['unreadable', 'rolebindings shop/bad', 'roleRef is not an object']],
  );
  const whole = world.ownOutcome(list('rolebindings'));
  assert.match(
    whole?.read === false ? whole.failure.message : '',
    /^1 object could not be read: name is missing \(\S+:\d+\)$/,
  );
  assert.equal(world.isRead(list('rolebindings', 'shop')), true);
  assert.equal(world.list('rolebindings').length, 1);
  const outcome = world.ownOutcome(get('rolebindings', 'shop', 'bad'));
  assert.equal(outcome?.read === false && outcome.failure.kind, 'malformed');
});

test('CustomResourceDefinitions are objects like others', async () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', storage: true }],
    },
  };
  const world = await worldIn(json(listOf(crd)));
  assert.equal(world.find('customresourcedefinitions', null, 'widgets.example.com')?.plural, 'widgets');
});

test('of a namespace whose list has an object without a name, nothing is read as a whole, however wide somebody asked', async () => {
  const file = json(
    listOf(binding('shop', 'good'), { ...binding('shop', 'x'), metadata: { namespace: 'shop', name: 7, uid: 'u' } }),
  );
  const world = await ask(await open(`${place({ input: file })}/input`), [list('rolebindings')]);
  const own = world.ownOutcome(list('rolebindings', 'shop'));
  assert.equal(own?.read === false && own.failure.kind, 'malformed');
});
