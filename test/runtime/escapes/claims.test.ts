import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behindClaims, claimNeeds } from '../../../src/runtime/escapes/claims.ts';
import { strengthOfPod } from '../../../src/spawn/probes/strength.ts';
import { describeNeed, list } from '../../../src/world/needs.ts';
import type { Pod } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { reduce } from '../../../src/world/reduce/index.ts';
import { type ClusterBuilder, cluster } from '../../helpers/cluster.ts';

const volume = (spec: Raw, name = 'pv') => reduce({ kind: 'persistentvolumes' }, { metadata: { name }, spec });
const claim = (spec: Raw, namespace = 'shop') =>
  reduce({ kind: 'persistentvolumeclaims' }, { metadata: { namespace, name: 'data' }, spec });
const FOR_DATA = { claimRef: { namespace: 'shop', name: 'data' } };
const ROOT = { hostPath: { path: '/' } };
const BOUND = { volumeName: 'pv' };

/** What is told of a claim: the path, or the unknown. */
function told(builder: ClusterBuilder): string {
  const found = behindClaims('shop', builder.world())('data');
  if (found.kind === 'unknown') return `${found.unknown.kind} ${found.unknown.what}: ${found.unknown.why}`;
  return 'path' in found ? `${found.kind} ${found.path}` : found.kind;
}

const both = (claimSpec: Raw, volumeSpec: Raw) =>
  cluster().with('persistentvolumeclaims', claim(claimSpec)).with('persistentvolumes', volume(volumeSpec));

const cases: readonly [builder: ClusterBuilder, expected: string, why: string][] = [
  [both(BOUND, { ...FOR_DATA, ...ROOT }), 'path /', 'a bound claim names its volume'],
  [both({}, { ...FOR_DATA, ...ROOT }), 'path /', 'a volume that is kept for the claim'],
  [both({}, ROOT), 'invisible which volume claim data gets: it is not bound yet', 'a volume that anybody may get'],
  [both(BOUND, { ...FOR_DATA, local: { path: '/mnt/a' } }), 'path /mnt/a', 'a local volume is a path too'],
  [
    both(BOUND, { ...FOR_DATA, local: { path: '/dev/sdb' }, volumeMode: 'Block' }),
    'device /dev/sdb',
    'a raw disk of the node',
  ],
  [both(BOUND, { ...FOR_DATA, csi: { driver: 'd', volumeHandle: 'h' } }), 'elsewhere', 'a disk of the cloud'],
  [both(BOUND, { ...FOR_DATA, nfs: { server: 's', path: '/' } }), 'elsewhere', 'a path of another machine'],
  [cluster().with('persistentvolumeclaims', claim(BOUND)), 'elsewhere', 'a volume that does not exist'],
  [cluster(), 'elsewhere', 'a claim that does not exist'],
  [
    cluster().with('persistentvolumeclaims', claim(BOUND, 'dev')).with('persistentvolumes', volume(ROOT)),
    'elsewhere',
    'a claim of another namespace',
  ],
  [both(BOUND, ROOT).refuse(list('persistentvolumes'), 403), 'path /', 'what was read although the list was refused'],
  [
    cluster().with('persistentvolumeclaims', claim(BOUND)).refuse(list('persistentvolumes'), 403),
    'unreadable persistentvolume pv: 403',
    'volumes are refused',
  ],
  [
    cluster().refuse(list('persistentvolumeclaims'), 403),
    'unreadable persistentvolumeclaim shop/data: 403',
    'claims are refused',
  ],
];
for (const [builder, expected, why] of cases) test(`${why}: ${expected}`, () => assert.equal(told(builder), expected));

test('a claim or a volume that is malformed is unknown', () => {
  for (const kind of ['persistentvolumeclaims', 'persistentvolumes'] as const) {
    const world = both(BOUND, {}).world();
    const other = cluster()
      .with('persistentvolumeclaims', ...(kind === 'persistentvolumes' ? [claim(BOUND)] : []))
      .world();
    other.addMalformed(
      kind,
      kind === 'persistentvolumes' ? 'persistentvolumes pv' : 'persistentvolumeclaims shop/data',
      'spec is not an object',
    );
    assert.equal(behindClaims('shop', other)('data').kind, 'unknown');
    assert.equal(behindClaims('shop', world)('data').kind, 'elsewhere');
  }
});

test('the claim is read first, and then its volume', () => {
  const needs = (builder: ClusterBuilder) => claimNeeds('shop', ['data'], builder.world()).map(describeNeed);
  assert.deepEqual(needs(cluster()), ['persistentvolumeclaim shop/data']);
  assert.deepEqual(needs(both(BOUND, ROOT)), ['persistentvolumeclaim shop/data', 'persistentvolume pv']);
});

const web = (mount: Raw, source: Raw): Raw => ({
  metadata: { namespace: 'shop', name: 'web' },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] }],
    volumes: [{ name: 'v', ...source }],
  },
  status: { phase: 'Running' },
});
const CLAIM = { persistentVolumeClaim: { claimName: 'data' } };

/** `root in a container, perhaps node root`: what the pod has. */
function strength(builder: ClusterBuilder, pod: Raw, everyVolume = false): string {
  const world = builder.world();
  const reduced: Pod = reduce({ kind: 'pods', whole: true }, pod);
  const found = strengthOfPod(reduced, world, everyVolume);
  return `${found?.sure}${found?.maybe ? `, perhaps ${found.maybe.strength}${found.maybe.leaning ? `, probably ${found.maybe.leaning}` : ''}` : ''}`;
}

const CONTAINERD = { containerRuntimeVersion: 'containerd://2.1.4' };
const strengths: readonly [builder: ClusterBuilder, pod: Raw, everyVolume: boolean, expected: string, why: string][] = [
  [both(BOUND, { ...FOR_DATA, ...ROOT }), web({}, CLAIM), false, 'node root', 'a claim to the whole node'],
  [
    both(BOUND, { ...FOR_DATA, hostPath: { path: '/mnt/data' } }),
    web({}, CLAIM),
    false,
    'root in a container',
    'a claim to something of no worth',
  ],
  [
    both(BOUND, { ...FOR_DATA, hostPath: { path: '/etc' } }),
    web({ readOnly: true }, CLAIM),
    false,
    'root in a container',
    'a claim that is only read',
  ],
  [
    both(BOUND, { ...FOR_DATA, hostPath: { path: '/etc' } }),
    web({ readOnly: true }, CLAIM),
    true,
    'node root',
    'but a container more mounts it as it likes',
  ],
  [
    both(BOUND, { ...FOR_DATA, hostPath: { path: '/etc' } }),
    web({}, { persistentVolumeClaim: { claimName: 'data', readOnly: true } }),
    true,
    'root in a container',
    'unless the claim is read-only for the whole pod',
  ],
  [
    cluster(),
    web({ name: 'other' }, { hostPath: { path: '/etc' } }),
    true,
    'node root',
    'what nothing mounts yet, a container more mounts',
  ],
  [
    cluster(),
    web({ name: 'other' }, { hostPath: { path: '/etc' } }),
    false,
    'root in a container',
    'what nothing mounts',
  ],
  [
    cluster().refuse(list('persistentvolumeclaims'), 403),
    web({}, CLAIM),
    false,
    'root in a container, perhaps node root, probably no',
    'a claim that was not looked through',
  ],
  [
    cluster().node('n1', CONTAINERD),
    web({}, { hostPath: { path: '/run/crio/crio.sock' } }),
    false,
    'root in a container, perhaps node root, probably no',
    'the socket of another runtime',
  ],
  [
    cluster().node('n1', CONTAINERD),
    web({}, { hostPath: { path: '/run/containerd/containerd.sock' } }),
    false,
    'node root',
    'that of its own',
  ],
];
for (const [builder, pod, everyVolume, expected, why] of strengths)
  test(`${why}: ${expected}`, () => assert.equal(strength(builder, pod, everyVolume), expected));
