import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDemo } from '../../src/cluster/input/demo/demo.ts';
import records from '../../src/cluster/input/demo/objects.json' with { type: 'json' };
import { isBootstrap } from '../../src/rbac/bootstrap.ts';
import { ALL_KINDS, kindOf } from '../../src/world/kinds.ts';
import { list } from '../../src/world/needs.ts';
import { child, children, isRaw, type Raw, text } from '../../src/world/raw.ts';
import { World } from '../../src/world/world.ts';

const raw: readonly Raw[] = (records as readonly unknown[]).filter(isRaw);
const objects = raw.filter(({ kind }) => kind !== undefined);
const source = openDemo({ serverVersion: null, namespace: null });
const world = new World(await source.facts(false));
await source.read(
  ALL_KINDS.map((kind) => list(kind)),
  world,
);

const metadata = (object: Raw): Raw => child(object, 'metadata');
const keyOf = (object: Raw): string => `${object.kind}/${metadata(object).namespace ?? ''}/${metadata(object).name}`;
const podSpecs = (namespace: string): Raw[] =>
  objects
    .filter((each) => each.kind === 'Pod' && metadata(each).namespace === namespace)
    .map((each) => child(each, 'spec'));
const containers = (spec: Raw): Raw[] => children(spec, 'containers').map((each) => child(each, 'securityContext'));
const drops = (context: Raw): unknown => child(context, 'capabilities').drop;

test('it is a whole snapshot of this server, read at a fixed time by olivia of the platform team', () => {
  assert.deepEqual(raw.at(-1), { record: 'end' });
  const { context, namespace, gitVersion, version, readAt, origin, self } = world.facts;
  assert.deepEqual(
    { context, namespace, gitVersion, version, readAt, origin },
    {
      context: 'demo',
      namespace: 'shop',
      gitVersion: 'v1.37.2',
      version: { major: 1, minor: 37 },
      readAt: '2026-11-20T09:30:00.000Z',
      origin: 'demo',
    },
  );
  assert.deepEqual(self?.user, { name: 'olivia', groups: ['platform', 'system:authenticated'] });
  assert.equal(self?.incomplete, null);
});

test('every object of a kind that is known is read, and none is malformed', () => {
  const known = objects.filter((each) => kindOf(String(each.apiVersion), String(each.kind)));
  assert.equal(world.size, known.length);
  assert.deepEqual(world.malformed(...ALL_KINDS), []);
});

test('every list was read, the empty ones too', () => {
  for (const kind of ALL_KINDS) assert.ok(world.isRead(list(kind)), kind);
});

test('kinds that no question reads may stand in the file', () => {
  assert.ok(objects.some((each) => each.kind === 'NetworkPolicy'));
});

/** What the metrics API aggregates to them makes them differ, as on most clusters. */
const AGGREGATED = new Set(['view', 'edit', 'admin']);

test('exactly what the API server made itself is recognised as built in', () => {
  const grants = [
    ...world.list('clusterroles'),
    ...world.list('roles'),
    ...world.list('clusterrolebindings'),
    ...world.list('rolebindings'),
  ];
  const builtIn = grants.filter(isBootstrap).map(({ kind, namespace, name }) => `${kind}/${namespace ?? ''}/${name}`);
  const labelled = objects.filter(
    (each) => child(metadata(each), 'labels')['kubernetes.io/bootstrapping'] === 'rbac-defaults',
  );
  const expected = labelled.filter((each) => !AGGREGATED.has(String(metadata(each).name))).map(keyOf);
  assert.ok(expected.length > 130);
  assert.deepEqual(builtIn.sort(), expected.sort());
});

test('no date is later than the reading, and every grant says who wrote it', () => {
  const dates = JSON.stringify(records).match(/"20\d\d-[^"]+Z"/g) ?? [];
  assert.deepEqual(
    dates.filter((date) => date > '"2026-11-20T09:30:00.000Z"'),
    [],
  );
  const grants = objects.filter((each) => String(each.apiVersion).startsWith('rbac.'));
  assert.deepEqual(
    grants.filter((each) => !text(children(metadata(each), 'managedFields')[0] ?? {}, 'manager')).map(keyOf),
    [],
  );
});

test('there are no values in it', () => {
  assert.doesNotMatch(JSON.stringify(records), /"value":|last-applied|"args":/);
});

const levels: [string, string | undefined][] = [
  ['shop', 'baseline'],
  ['payments', 'restricted'],
  ['ci', undefined],
  ['legacy', undefined],
  ['monitoring', 'privileged'],
];

for (const [namespace, level] of levels) {
  test(`namespace ${namespace} enforces ${level ?? 'what the server does by default'}`, () => {
    assert.equal(world.find('namespaces', null, namespace)?.labels['pod-security.kubernetes.io/enforce'], level);
  });
}

test('one node has a runtime that drops NET_RAW by itself', () => {
  const runtimes = objects
    .filter((each) => each.kind === 'Node')
    .map((each) => String(child(child(each, 'status'), 'nodeInfo').containerRuntimeVersion));
  assert.deepEqual(
    runtimes.map((each) => each.replace(/[.\d]+$/, '')),
    ['containerd://', 'containerd://', 'cri-o://'],
  );
});

test('containers show each way with capabilities: the default, ALL dropped, a spelling that drops nothing, privileged', () => {
  const shop = podSpecs('shop').flatMap(containers).map(drops);
  assert.ok(shop.some((each) => each === undefined));
  assert.ok(shop.some((each) => JSON.stringify(each) === '["ALL"]'));
  assert.ok(shop.some((each) => JSON.stringify(each) === '["CAP_NET_RAW"]'));
  assert.ok(
    podSpecs('ci')
      .flatMap(containers)
      .some((each) => each.privileged === true),
  );
});

test('pods reach the node by its files, its network and its processes', () => {
  assert.ok(podSpecs('ci').some((spec) => children(spec, 'volumes').some((volume) => volume.hostPath)));
  assert.ok(podSpecs('monitoring').some((spec) => spec.hostNetwork === true && spec.hostPID === true));
});

test('the API server’s own pod shows its flags', () => {
  const commands = podSpecs('kube-system').flatMap((spec) =>
    children(spec, 'containers').map(({ command }) => JSON.stringify(command)),
  );
  assert.ok(commands.some((each) => each?.includes('--authorization-mode=Node,RBAC')));
});
