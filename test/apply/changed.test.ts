import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Addition, Change, Removal } from '../../src/apply/change.ts';
import { changed } from '../../src/apply/changed.ts';
import { openDemo } from '../../src/cluster/input/demo/demo.ts';
import { ALL_KINDS, builtInKind, type KindName, keyOf, kindOf } from '../../src/world/kinds.ts';
import { list } from '../../src/world/needs.ts';
import { Malformed, type Raw } from '../../src/world/raw.ts';
import { World } from '../../src/world/world.ts';

const source = await openDemo({ serverVersion: null, namespace: null });
const demo = new World(await source.facts(true));
await source.read(
  ALL_KINDS.map((kind) => list(kind)),
  demo,
);

/** Every object of a world, whatever the order. */
const contents = (world: World): string[] =>
  world
    .kinds()
    .flatMap((kind) => world.list(kind).map((object) => `${kind} ${JSON.stringify(object)}`))
    .sort();

const gained = (before: World, after: World): string[] =>
  namesOf(after).filter((name) => !namesOf(before).includes(name));
const namesOf = (world: World): string[] =>
  world
    .kinds()
    .flatMap((kind) => world.list(kind).map((object) => `${kind} ${keyOf(object)}`))
    .sort();

function added(raw: Raw): Addition {
  const { name, namespace = null } = raw.metadata as { name: string; namespace?: string };
  const kind = kindOf(String(raw.apiVersion), String(raw.kind)) as KindName;
  return { kind, raw, name, namespace: builtInKind(kind)?.namespaced ? namespace : null, at: 'FILE:1' };
}

const core = (kind: string, namespace: string | undefined, name: string, more: Raw = {}): Raw => ({
  ...{ apiVersion: 'v1', kind, metadata: { ...(namespace && { namespace }), name } },
  ...more,
});
const spec = { containers: [{ name: 'app', image: 'i' }] };
const workload = (kind: string, more: Raw = {}): Raw => ({
  ...{ apiVersion: 'apps/v1', kind, metadata: { namespace: 'shop', name: `new-${kind.toLowerCase()}` } },
  spec: { selector: { matchLabels: { app: kind } }, template: { metadata: { labels: { app: kind } }, spec }, ...more },
});
const RBAC = 'rbac.authorization.k8s.io';
const subjects = [{ kind: 'ServiceAccount', namespace: 'shop', name: 'new' }];
const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: 'edit' };
const rules = [{ verbs: ['create'], apiGroups: [''], resources: ['pods/exec'] }];

/** Objects that the demo does not have. */
const NEW: readonly Raw[] = [
  core('Namespace', undefined, 'fresh'),
  core('ServiceAccount', 'shop', 'new'),
  core('Pod', 'shop', 'new', { spec }),
  core('ConfigMap', 'shop', 'new'),
  { ...core('Secret', 'shop', 'new'), type: 'Opaque' },
  { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { namespace: 'shop', name: 'new' }, rules },
  { apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { namespace: 'shop', name: 'new' }, roleRef, subjects },
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'new' }, roleRef, subjects },
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'new' }, rules },
  {
    ...{ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', rules },
    metadata: { name: 'new-part', labels: { [`${RBAC}/aggregate-to-view`]: 'true' } },
  },
  ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => workload(kind)),
  workload('StatefulSet', { replicas: 3 }),
  {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace: 'shop', name: 'new' } },
    spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } },
  },
  {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { namespace: 'shop', name: 'new' } },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } } },
  },
];

const only = (change: Partial<Change>): Change => ({ removals: [], additions: [], ...change });
const removalOf = ({ kind, namespace, name }: Addition): Removal => ({ kind, namespace, name });

test('what is applied and deleted again leaves the world as it was, and every change the one before', () => {
  const before = contents(demo);
  fc.assert(
    fc.property(fc.shuffledSubarray([...NEW], { minLength: 1 }), (raws) => {
      const additions = raws.map(added);
      const { world } = changed(demo, only({ additions }));
      assert.deepEqual(contents(demo), before);
      for (const { kind, namespace, name } of additions)
        assert.ok(world.find(kind, namespace, name), `${kind} ${name}`);
      const after = changed(world, only({ removals: additions.map(removalOf) }));
      assert.deepEqual(contents(after.world), before);
    }),
    { numRuns: 40 },
  );
});

test('the order in which objects stand in files changes nothing', () => {
  const additions = NEW.map(added);
  const expected = contents(changed(demo, only({ additions })).world);
  fc.assert(
    fc.property(fc.shuffledSubarray(additions, { minLength: additions.length }), (shuffled) => {
      assert.deepEqual(contents(changed(demo, only({ additions: shuffled })).world), expected);
    }),
    { numRuns: 20 },
  );
});

test('what exists and is applied as it is leaves everything as it is', () => {
  const world = changed(demo, only({ additions: NEW.map(added) })).world;
  assert.deepEqual(contents(changed(world, only({ additions: NEW.map(added) })).world), contents(world));
});

const brought: [why: string, raw: Raw, names: RegExp[]][] = [
  [
    'a namespace has its account',
    core('Namespace', undefined, 'fresh'),
    [/^namespaces fresh$/, /^serviceaccounts fresh\/default$/],
  ],
  [
    'a namespace that nothing describes exists all the same',
    core('ConfigMap', 'fresh', 'x'),
    [/^ConfigMap. fresh\/x$/, /^namespaces fresh$/, /^serviceaccounts fresh\/default$/],
  ],
  [
    'a Deployment makes a ReplicaSet, which makes pods',
    workload('Deployment'),
    [
      /^deployments shop\/new-deployment$/,
      /^pods shop\/new-deployment-x+-xxxxx$/,
      /^replicasets shop\/new-deployment-x+$/,
    ],
  ],
  [
    'the pods of a StatefulSet have names of their own',
    workload('StatefulSet', { replicas: 2 }),
    [/^pods shop\/new-statefulset-0$/, /^pods shop\/new-statefulset-1$/, /^statefulsets shop\/new-statefulset$/],
  ],
  ['a workload of no replicas makes nothing more', workload('StatefulSet', { replicas: 0 }), [/^statefulsets shop\//]],
];
for (const [why, raw, names] of brought)
  test(why, () => {
    const found = gained(demo, changed(demo, only({ additions: [added(raw)] })).world);
    assert.deepEqual(
      names.map((name) => found.filter((each) => name.test(each)).length),
      names.map(() => 1),
      found.join(),
    );
    assert.equal(
      found.filter((each) => !each.startsWith('pods') && !each.startsWith('repl')).length,
      names.filter(({ source }) => !/pods|repl/.test(source)).length,
    );
  });

test('the token of an account that does not exist is not kept', () => {
  const secret = {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
    metadata: { namespace: 'shop', name: 't', annotations: { 'kubernetes.io/service-account.name': 'ghost' } },
  };
  assert.deepEqual(gained(demo, changed(demo, only({ additions: [added(secret)] })).world), []);
  const both = [added(secret), added(core('ServiceAccount', 'shop', 'ghost'))];
  assert.deepEqual(gained(demo, changed(demo, only({ additions: both })).world), [
    'secrets shop/t',
    'serviceaccounts shop/ghost',
  ]);
});

test('labels that a manifest does not name stay', () => {
  const [namespace] = demo.list('namespaces').filter(({ labels: own }) => Object.keys(own).length > 1);
  assert.ok(namespace);
  const raw = {
    ...core('Namespace', undefined, namespace.name),
    metadata: { name: namespace.name, labels: { a: 'b' } },
  };
  const { world } = changed(demo, only({ additions: [added(raw)] }));
  assert.deepEqual(world.find('namespaces', null, namespace.name)?.labels, { ...namespace.labels, a: 'b' });
});

const gone: [removal: Removal, left: (world: World) => unknown][] = [
  [
    { kind: 'namespaces', namespace: null, name: 'shop' },
    (world) => world.kinds().flatMap((kind) => world.list(kind, 'shop')),
  ],
  [
    { kind: 'nodes', namespace: null, name: 'worker-1' },
    (world) => world.list('pods').filter(({ node }) => node === 'worker-1'),
  ],
  [
    { kind: 'deployments', namespace: 'shop', name: 'cart' },
    (world) => world.list('pods', 'shop').filter(({ name }) => name.startsWith('cart-')),
  ],
  [
    { kind: 'serviceaccounts', namespace: 'shop', name: 'cart' },
    (world) =>
      world
        .list('pods', 'shop')
        .filter(
          ({ serviceAccount, containers }) =>
            serviceAccount === 'cart' && containers.some(({ tokenPaths }) => tokenPaths.length > 0),
        ),
  ],
];
for (const [removal, left] of gone)
  test(`${removal.kind} ${keyOf(removal)} takes along what cannot be without it`, () => {
    assert.notDeepEqual(left(demo), []);
    assert.deepEqual(left(changed(demo, only({ removals: [removal] })).world), []);
  });

test('a pod whose controller stays is made again, and that is said', () => {
  const pod = demo.list('pods', 'shop').find(({ owner }) => owner?.kind === 'ReplicaSet');
  assert.ok(pod);
  const { world, notes } = changed(demo, only({ removals: [{ kind: 'pods', namespace: 'shop', name: pod.name }] }));
  assert.deepEqual(gained(demo, world), [`pods shop/${pod.owner?.name}-xxxxx`]);
  assert.match(notes.join(), /makes pod shop\/.* again: its owner has to go too/);
});

test('bindings outlive their account, and that is said', () => {
  const { world, notes } = changed(
    demo,
    only({ removals: [{ kind: 'serviceaccounts', namespace: 'ci', name: 'builder' }] }),
  );
  assert.equal(world.list('rolebindings').length, demo.list('rolebindings').length);
  assert.match(notes.join(), /rolebinding ci\/builder.* still names? serviceaccount ci\/builder/);
});

test('an object without the API’s shape is refused with its place', () => {
  const raw = { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { namespace: 'shop', name: 'x' }, rules: 'all' };
  assert.throws(
    () => changed(demo, only({ additions: [added(raw)] })),
    (error) => error instanceof Malformed && /^FILE:1: roles shop\/x: /.test(error.message),
  );
});
