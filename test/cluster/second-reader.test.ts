import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from '../../src/cluster/connect/connection.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { list } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { cluster } from '../helpers/cluster.ts';
import { httpConnection } from '../helpers/http-connection.ts';
import { load } from '../helpers/load.ts';
import { makePods } from '../helpers/pod-shapes.ts';
import { withControlPlane } from '../helpers/real.ts';
import { type Judged, readWithClientNode } from '../helpers/second-reader.ts';
import { storyObjects } from '../helpers/story.ts';

const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'odd:ключ' };
const SELECTOR = {
  matchLabels: { a: 'b', 'example.com/c': '' },
  matchExpressions: [
    { key: 'k', operator: 'NotIn', values: ['v'] },
    { key: 'l', operator: 'Exists' },
  ],
};

/** What the API takes and hardly anybody writes. */
const ODD = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'odd', labels: { empty: '' }, annotations: { note: 'ключ🙂\n', empty: '' } },
  },
  {
    ...{ ...RBAC, kind: 'ClusterRole', metadata: { name: 'odd:ключ', labels: { unset: '', 'example.com/x': 'y' } } },
    aggregationRule: { clusterRoleSelectors: [SELECTOR, {}] },
    rules: [
      { apiGroups: ['', '*'], resources: ['pods', 'pods/*'], resourceNames: ['', 'ü'], verbs: ['get', ''] },
      { nonResourceURLs: ['/x/*', '*'], verbs: ['*'] },
    ],
  },
  { ...RBAC, kind: 'ClusterRole', metadata: { name: 'no-rules' }, rules: null },
  { ...RBAC, kind: 'ClusterRole', metadata: { name: 'empty-rules' }, rules: [] },
  { ...RBAC, kind: 'Role', metadata: { name: 'no-rules', namespace: 'odd' } },
  {
    ...RBAC,
    kind: 'Role',
    metadata: { name: 'long', namespace: 'odd' },
    rules: Array.from({ length: 40 }, (_, i) => ({ apiGroups: [''], resources: [`r${i}`], verbs: ['get'] })),
  },
  { ...RBAC, kind: 'ClusterRoleBinding', metadata: { name: 'nobody' }, roleRef },
  { ...RBAC, kind: 'ClusterRoleBinding', metadata: { name: 'no-subjects' }, roleRef, subjects: [] },
  {
    ...{
      ...RBAC,
      kind: 'RoleBinding',
      metadata: { name: 'many', namespace: 'odd' },
      roleRef: { ...roleRef, kind: 'Role', name: 'gone' },
    },
    subjects: [
      { kind: 'User', apiGroup: roleRef.apiGroup, name: 'ключ→🙂 Ã©\u0000' },
      { kind: 'Group', apiGroup: roleRef.apiGroup, name: 'system:authenticated' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'elsewhere' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'elsewhere' },
    ],
  },
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'silent' } },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'spoken', labels: { 'kubernetes.io/os': 'linux' } },
    status: statusOfNode(10255),
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'windows' },
    status: { ...statusOfNode(0), nodeInfo: { ...statusOfNode(0).nodeInfo, operatingSystem: 'windows' } },
  },
];

const KINDS = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings', 'pods', 'nodes', 'namespaces'] as const;
/** Fewer would prove little. */
const LEAST = {
  roles: 30,
  clusterroles: 80,
  rolebindings: 30,
  clusterrolebindings: 60,
  pods: 150,
  nodes: 3,
  namespaces: 6,
};

await withControlPlane({ controllers: [] }, async (plane) => {
  await load(plane, [...storyObjects(), ...ODD]);
  // A namespace that is being deleted, and stays so while nobody cleans it up.
  await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'leaving' } }]);
  await plane.request('DELETE', '/api/v1/namespaces/leaving');
  const count = await makePods(plane);
  const connection = httpConnection(plane.url, { token: plane.adminToken, ca: plane.caData, namespace: 'pods' });
  const [json, protobuf, judged] = await Promise.all([
    read(connection, 'application/json'),
    read(connection),
    readWithClientNode(plane.kubeconfigFile),
  ]);

  test('each reads in its own way', () => {
    assert.deepEqual([...json.types], ['application/json']);
    assert.deepEqual([...protobuf.types].sort(), ['application/json', 'application/vnd.kubernetes.protobuf']);
    assert.ok(count > 150, `${count} pods were admitted`);
  });

  for (const kind of KINDS)
    test(`${kind} are the same from JSON, from protobuf and to @kubernetes/client-node`, (t) => {
      const others: readonly (Judged[typeof kind][number] & { name: string; namespace: string | null })[] =
        judged[kind];
      t.diagnostic(`${others.length} ${kind}`);
      assert.ok(others.length >= LEAST[kind], `${others.length}`);
      for (const world of [json.world, protobuf.world]) {
        assert.equal(world.list(kind).length, others.length);
        for (const other of others) assert.deepEqual(plain(world.find(kind, other.namespace, other.name)), other);
      }
    });

  test('the pod with all that we look at shows it', () => {
    const whole = protobuf.world.find('pods', 'pods', 'p0');
    assert.deepEqual(
      whole?.containers.map(({ kind, status }) => [kind, status?.state, status?.exitCode, status?.uid]),
      [
        ['sidecar', 'running', null, 0],
        ['regular', 'terminated', -1, 2147483647],
        ['ephemeral', 'waiting', null, null],
      ],
    );
    assert.deepEqual(
      whole?.volumes.map(({ source }) => source),
      ['hostPath', 'persistentVolumeClaim', 'csi', 'flexVolume', 'secret', 'image'],
    );
    for (const pod of json.world.list('pods'))
      assert.deepEqual(protobuf.world.find('pods', pod.namespace, pod.name), pod);
  });
});

/** Without what is worked out of an object, which nobody else keeps. */
function plain(object: object | undefined): object | undefined {
  if (object === undefined) return undefined;
  const { whole: _, beyond: __, ...rest } = object as { whole?: unknown; beyond?: unknown };
  return rest;
}

async function read(
  connection: Connection,
  accept?: string,
): Promise<{ world: World; types: Set<string | undefined> }> {
  const types = new Set<string | undefined>();
  const watched: Connection = {
    ...connection,
    async send(request) {
      const response = await connection.send(
        accept ? { ...request, headers: { ...request.headers, accept } } : request,
      );
      types.add(response.headers['content-type']);
      return response;
    },
  };
  const world = new World(cluster().world().facts);
  await new LiveSource(new ApiClient(watched)).read(
    KINDS.map((kind) => list(kind)),
    world,
  );
  return { world, types };
}

function statusOfNode(port: number) {
  const nodeInfo = {
    ...{
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '6.1',
      osImage: 'Talos (v1.11.0)',
      architecture: 'amd64',
    },
    ...{
      containerRuntimeVersion: 'containerd://2.2.1',
      kubeletVersion: 'v1.37.2',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
    },
  };
  return { daemonEndpoints: { kubeletEndpoint: { Port: port } }, nodeInfo };
}
