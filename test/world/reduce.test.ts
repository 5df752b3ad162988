import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindName } from '../../src/world/kinds.ts';
import { Malformed, type Raw } from '../../src/world/raw.ts';
import { reduce } from '../../src/world/reduce/index.ts';

const metadata = { name: 'x', namespace: 'shop' };

const malformed: [KindName, Raw, RegExp, string][] = [
  ['roles', {}, /name is missing/, 'no metadata'],
  ['roles', { metadata: { name: 7 } }, /name is not a string/, 'a number for a name'],
  ['roles', { metadata: { name: '' } }, /name is empty/, 'an empty name'],
  ['roles', { metadata, rules: 'all' }, /rules is not a list/, 'rules that are text'],
  ['roles', { metadata, rules: [{ verbs: 'get' }] }, /verbs is not a list of strings/, 'a verb that is no list'],
  ['roles', { metadata, rules: [{ verbs: [1] }] }, /verbs is not a list of strings/, 'a verb that is a number'],
  ['roles', { metadata, rules: [null] }, /rules is not a list of objects/, 'a rule that is null'],
  [
    'services',
    { metadata, spec: { ports: [{ port: { toString: true } }] } },
    /port is not an integer/,
    'a port that is an object',
  ],
  ['services', { metadata, spec: { ports: [{ port: '80' }] } }, /port is not an integer/, 'a port that is text'],
  ['services', { metadata, spec: { ports: [{ port: 80.5 }] } }, /port is not an integer/, 'half a port'],
  ['services', { metadata, spec: { ports: [{ port: [80] }] } }, /port is not an integer/, 'a list as port'],
  ['services', { metadata, spec: { ports: [{}] } }, /port is missing/, 'a port without its number'],
  ['rolebindings', { metadata, roleRef: { kind: 'Role' } }, /name is missing/, 'a roleRef without a name'],
  ['rolebindings', { metadata }, /kind is missing/, 'no roleRef'],
  [
    'rolebindings',
    { metadata, roleRef: { kind: 'Role', name: 'r' }, subjects: {} },
    /subjects is not a list/,
    'subjects that are an object',
  ],
  ['pods', { metadata: [] }, /metadata is not an object/, 'metadata that is a list'],
  ['pods', { metadata, spec: { containers: [{}] } }, /name is missing/, 'a container without a name'],
];
for (const [kind, raw, message, why] of malformed) {
  test(`${kind} with ${why} is malformed`, () => {
    assert.throws(
      () => reduce({ kind }, raw),
      (error) => error instanceof Malformed && message.test(error.message),
    );
  });
}

test('absent lists are empty, absent dates null', () => {
  assert.deepEqual(reduce({ kind: 'roles' }, { metadata, rules: null }), {
    kind: 'Role',
    ...metadata,
    created: null,
    changed: null,
    manager: null,
    labels: {},
    rules: [],
    selectors: null,
  });
});

test('the last write that managedFields show', () => {
  const managedFields = [
    { manager: 'helm', time: '2024-05-01T00:00:00Z' },
    { manager: 'kubectl-edit', time: '2025-01-01T00:00:00Z' },
    { manager: 'unknown' },
    { manager: 'kubectl-create', time: '2023-01-01T00:00:00Z' },
  ];
  const { created, changed, manager } = reduce(
    { kind: 'roles' },
    {
      metadata: { ...metadata, creationTimestamp: '2023-01-01T00:00:00Z', managedFields },
    },
  );
  assert.deepEqual([created, changed, manager], ['2023-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 'kubectl-edit']);
});

test('an empty namespace is none', () => {
  assert.equal(reduce({ kind: 'clusterroles' }, { metadata: { name: 'x', namespace: '' } }).namespace, null);
});

test('where containers hold a token: projected sources anywhere, Secrets at the old place', () => {
  const at = '/var/run/secrets/kubernetes.io/serviceaccount';
  const pod = reduce(
    { kind: 'pods' },
    {
      metadata,
      spec: {
        volumes: [
          { name: 'token', projected: { sources: [{ configMap: {} }, { serviceAccountToken: { path: 'token' } }] } },
          { name: 'old', secret: { secretName: 'default-token-x' } },
          { name: 'other', secret: { secretName: 'tls' } },
        ],
        initContainers: [{ name: 'init', volumeMounts: [{ name: 'old', mountPath: `${at}/` }] }],
        containers: [
          {
            name: 'app',
            volumeMounts: [
              { name: 'token', mountPath: '/vault' },
              { name: 'other', mountPath: '/tls' },
            ],
          },
        ],
        ephemeralContainers: [{ name: 'debug' }],
      },
    },
  );
  const seen = pod.containers.map(({ name, kind, tokenPaths }) => ({ name, kind, tokenPaths }));
  assert.deepEqual(seen, [
    { name: 'init', kind: 'init', tokenPaths: [at] },
    { name: 'app', kind: 'regular', tokenPaths: ['/vault'] },
    { name: 'debug', kind: 'ephemeral', tokenPaths: [] },
  ]);
});

test('a projected volume is as many as it has Secrets', () => {
  const projected = {
    sources: [{ secret: { name: 'tls' } }, { configMap: { name: 'c' } }, { secret: { name: 'db' } }],
  };
  const containers = [{ name: 'app', volumeMounts: [{ name: 'all', mountPath: '/all' }] }];
  const { volumes, containers: reduced } = reduce(
    { kind: 'pods' },
    { metadata, spec: { volumes: [{ name: 'all', projected }], containers } },
  );
  assert.deepEqual(volumes, [
    { name: 'all', source: 'secret', detail: 'tls', type: '', readOnly: false },
    { name: 'all', source: 'secret', detail: 'db', type: '', readOnly: false },
  ]);
  assert.equal(reduced[0]?.mounts.length, 1);
});

test('what a claim and a volume are reduced to, and what is not understood', () => {
  const claim = (spec: unknown) =>
    reduce({ kind: 'persistentvolumeclaims' }, { metadata: { namespace: 'shop', name: 'c' }, spec });
  assert.deepEqual(claim({ volumeName: 'pv' }), { namespace: 'shop', name: 'c', volume: 'pv' });
  assert.equal(claim({}).volume, null);
  assert.throws(() => claim({ volumeName: 7 }), Malformed);
  const volume = (spec: unknown) => reduce({ kind: 'persistentvolumes' }, { metadata: { name: 'pv' }, spec });
  const bound = {
    capacity: { storage: '1Gi' },
    claimRef: { namespace: 'shop', name: 'c' },
    nodeAffinity: { required: {} },
  };
  const plain = { namespace: null, name: 'pv', block: false, claim: { namespace: 'shop', name: 'c' } };
  assert.deepEqual(volume({ ...bound, hostPath: { path: '/', type: 'Directory' } }), {
    ...plain,
    source: 'hostPath',
    path: '/',
    type: 'Directory',
  });
  assert.deepEqual(volume({ ...bound, local: { path: '/mnt' }, volumeMode: 'Block' }), {
    ...plain,
    block: true,
    source: 'local',
    path: '/mnt',
    type: '',
  });
  assert.deepEqual(volume({ ...bound, csi: { driver: 'd', volumeHandle: 'h' } }), {
    ...plain,
    source: 'csi',
    path: null,
    type: '',
  });
  for (const spec of [7, { hostPath: {} }, { local: { path: 7 } }, { claimRef: { namespace: 'shop' } }])
    assert.throws(() => volume(spec), Malformed);
});

test('a pod without a service account runs as default', () => {
  assert.equal(reduce({ kind: 'pods' }, { metadata, spec: {} }).serviceAccount, 'default');
  assert.equal(reduce({ kind: 'pods' }, { metadata, spec: { serviceAccount: 'old' } }).serviceAccount, 'old');
});

test('a mirror pod runs as nobody', () => {
  const annotations = { 'kubernetes.io/config.mirror': 'hash' };
  assert.equal(reduce({ kind: 'pods' }, { metadata: { ...metadata, annotations }, spec: {} }).serviceAccount, null);
});

const API_SERVER = {
  metadata: {
    name: 'x',
    namespace: 'kube-system',
    labels: { component: 'kube-apiserver' },
    annotations: { 'kubernetes.io/config.mirror': 'h' },
  },
  spec: {
    containers: [{ name: 'kube-apiserver', command: ['kube-apiserver', '--allow-privileged=true'], args: ['--v=2'] }],
  },
};
const withMetadata = (change: Raw): Raw => ({ ...API_SERVER, metadata: { ...API_SERVER.metadata, ...change } });
const flags: [Raw, readonly string[] | null, string][] = [
  [API_SERVER, ['kube-apiserver', '--allow-privileged=true', '--v=2'], "of a kube-apiserver's static pod"],
  [withMetadata({ namespace: 'shop' }), null, 'not of one in another namespace'],
  [withMetadata({ labels: { component: 'etcd' } }), null, 'not of another component'],
  [withMetadata({ annotations: {} }), null, 'not of a pod that somebody made through the API'],
];
for (const [raw, expected, why] of flags)
  test(`command lines are kept ${why}`, () => assert.deepEqual(reduce({ kind: 'pods' }, raw).flags, expected));

const beyond: [Raw, string | null, string][] = [
  [{ hostNetwork: true }, 'baseline', "the host's network"],
  [{ containers: [{ name: 'a', securityContext: { privileged: true } }] }, 'baseline', 'privileged'],
  [{ volumes: [{ name: 'v', hostPath: {} }] }, 'baseline', 'a hostPath'],
  [{ containers: [{ name: 'a' }] }, 'restricted', 'a container that says nothing'],
  [{ containers: [{ name: 'a' }], os: { name: 'windows' } }, null, 'on Windows nothing has to be said'],
  [
    { containers: [{ name: 'a', securityContext: { allowPrivilegeEscalation: false } }] },
    null,
    'these fields show nothing',
  ],
];
for (const [spec, level, why] of beyond) {
  test(`a pod that ${level ?? 'no level'} keeps out: ${why}`, () =>
    assert.equal(reduce({ kind: 'pods' }, { metadata, spec }).beyond, level));
}

test('the system of a node', () => {
  assert.equal(
    reduce({ kind: 'nodes' }, { metadata: { name: 'n' }, status: { nodeInfo: { osImage: 'Talos (v1.11.0)' } } })
      .osImage,
    'Talos (v1.11.0)',
  );
  assert.equal(reduce({ kind: 'nodes' }, { metadata: { name: 'n' } }).osImage, '');
});

/** Of whatever kind: an object that has such a name is none that a server has stored, and no path can lead to it. */
for (const name of ['.', '..', 'a/b', '../x', 'a%2fb', '\ud800', 'x\udc00'])
  test(`nothing is called ${JSON.stringify(name)}`, () => {
    for (const kind of [
      'roles',
      'namespaces',
      'pods',
      'nodes',
      'services',
      'serviceaccounts',
      'deployments',
    ] as const) {
      assert.throws(() => reduce({ kind }, { metadata: { name } }), {
        message: 'metadata.name is none that an object can have',
      });
      const elsewhere = { metadata: { name: 'x', namespace: name } };
      assert.throws(() => reduce({ kind }, elsewhere), { message: 'metadata.namespace is none that there can be' });
    }
  });
