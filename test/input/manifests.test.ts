import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from 'js-yaml';
import type { InputOptions } from '../../src/cluster/input/open.ts';
import { isBootstrap } from '../../src/rbac/bootstrap.ts';
import { upstreamObjects } from '../../src/rbac/upstream.ts';
import { list } from '../../src/world/needs.ts';
import type { World } from '../../src/world/world.ts';
import { ask, binding, clusterRole, json, listOf, open, place, pod, stored, worldIn } from './inputs.ts';

type Fields = Record<string, unknown>;
const yaml = (...documents: unknown[]): string => documents.map((each) => `---\n${dump(each)}`).join('');

const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'x' }] } };
const workload = (kind: string, spec: Fields = {}, metadata: Fields = {}): Fields => ({
  apiVersion: kind === 'ReplicationController' ? 'v1' : kind.endsWith('Job') ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: {
    ...(kind.endsWith('Job') || kind === 'ReplicationController' ? {} : { selector: { matchLabels: { app: 'web' } } }),
    template: TEMPLATE,
    ...spec,
  },
});
const onLinux = (kind: string, nodeSelector: Fields): Fields =>
  workload(kind, { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector } } });
const cronJob = (spec: Fields = {}): Fields =>
  workload('CronJob', { template: undefined, jobTemplate: { spec: { template: TEMPLATE } }, ...spec });
const node = (name: string, labels: Fields = {}, spec: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
});
const namespace = (name: string, metadata: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...metadata },
});
const account = (ns: string, name: string, more: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: ns },
  ...more,
});
const podNames = (world: World): string[] =>
  world
    .list('pods')
    .map((each) => `${each.namespace}/${each.name}${each.node === null ? '' : ` on ${each.node}`}`)
    .sort();

const GENERATED = 'shop/web-xxxxxxxxxx-xxxxx';
const makes: [why: string, documents: unknown[], pods: string[]][] = [
  ['a Deployment', [workload('Deployment')], [GENERATED]],
  ['three replicas that differ in nothing but their names', [workload('Deployment', { replicas: 3 })], [GENERATED]],
  ['scaled to zero', [workload('Deployment', { replicas: 0 })], []],
  ['paused', [workload('Deployment', { paused: true })], []],
  ['a ReplicaSet', [workload('ReplicaSet')], ['shop/web-xxxxx']],
  [
    'a ReplicaSet of a Deployment that is there too: once',
    [
      workload('Deployment'),
      workload('ReplicaSet', {}, { name: 'web-1', ownerReferences: [{ kind: 'Deployment', name: 'web' }] }),
    ],
    ['shop/web-1-xxxxx'],
  ],
  ['a ReplicationController', [workload('ReplicationController', { selector: { app: 'web' } })], ['shop/web-xxxxx']],
  ['a ReplicationController selects what its template says', [workload('ReplicationController')], ['shop/web-xxxxx']],
  ['a StatefulSet: each by its own name', [workload('StatefulSet', { replicas: 2 })], ['shop/web-0', 'shop/web-1']],
  [
    'whose ordinals begin elsewhere',
    [workload('StatefulSet', { replicas: 2, ordinals: { start: 5 } })],
    ['shop/web-5', 'shop/web-6'],
  ],
  ['a Job', [workload('Job')], ['shop/web-xxxxx']],
  ['a Job that is suspended', [workload('Job', { suspend: true })], []],
  ['a Job without work', [workload('Job', { completions: 0 })], []],
  [
    'a Job whose name is made up',
    [workload('Job', {}, { name: undefined, generateName: 'web-' })],
    ['shop/web-xxxxx-xxxxx'],
  ],
  ['a CronJob', [cronJob()], ['shop/web-29000000-xxxxx']],
  ['a CronJob that is suspended', [cronJob({ suspend: true })], []],
  ['a DaemonSet where no node is known', [workload('DaemonSet')], ['shop/web-xxxxx']],
  [
    'a DaemonSet: on every node',
    [workload('DaemonSet'), node('n1'), stored(node('n2'))],
    ['shop/web-xxxxx-n1 on n1', 'shop/web-xxxxx-n2 on n2'],
  ],
  [
    'that its nodeSelector lets it',
    [
      workload('DaemonSet', { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeSelector: { gpu: 'a' } } } }),
      node('n1', { gpu: 'a' }),
      node('n2'),
    ],
    ['shop/web-xxxxx-n1 on n1'],
  ],
  [
    'what a kubelet will say of its node, a manifest of it need not',
    [
      onLinux('DaemonSet', {
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
      }),
      node('n1'),
    ],
    ['shop/web-xxxxx-n1 on n1'],
  ],
  [
    'where it says otherwise, that counts',
    [
      onLinux('DaemonSet', { 'kubernetes.io/os': 'linux' }),
      node('n1', { 'kubernetes.io/os': 'windows' }),
      { ...node('n2'), status: { nodeInfo: { operatingSystem: 'windows' } } },
      { ...node('n3'), status: 'odd' },
    ],
    ['shop/web-xxxxx-n3 on n3'],
  ],
  [
    'its hostname is its name',
    [onLinux('DaemonSet', { 'kubernetes.io/hostname': 'n2' }), node('n1'), node('n2')],
    ['shop/web-xxxxx-n2 on n2'],
  ],
  [
    'a node that a server has stored has its labels and no others',
    [
      onLinux('DaemonSet', { 'kubernetes.io/os': 'linux' }),
      stored(node('n1')),
      stored(node('n2', { 'kubernetes.io/os': 'linux' })),
    ],
    ['shop/web-xxxxx-n2 on n2'],
  ],
  [
    'without a toleration not on a tainted one',
    [
      workload('DaemonSet'),
      node('n1', {}, { taints: [{ key: 'cp', effect: 'NoSchedule' }] }),
      node('n2', {}, { taints: [{ key: 'cp', effect: 'PreferNoSchedule' }] }),
    ],
    ['shop/web-xxxxx-n2 on n2'],
  ],
  [
    'but on one that is not ready',
    [workload('DaemonSet'), node('n1', {}, { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] })],
    ['shop/web-xxxxx-n1 on n1'],
  ],
  [
    'on no node that fits',
    [workload('DaemonSet', { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, nodeName: 'n9' } } }), node('n1')],
    [],
  ],
  [
    'by node affinity',
    [
      workload('DaemonSet', {
        template: {
          ...TEMPLATE,
          spec: {
            ...TEMPLATE.spec,
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
                },
              },
            },
          },
        },
      }),
      node('n1', { zone: 'a' }),
      node('n2', { zone: 'b' }),
    ],
    ['shop/web-xxxxx-n1 on n1'],
  ],
  [
    'a pod that is there and says so is not made again',
    [
      workload('Deployment'),
      pod('shop', 'mine', {
        metadata: { name: 'mine', namespace: 'shop', ownerReferences: [{ kind: 'Deployment', name: 'web' }] },
      }),
    ],
    ['shop/mine'],
  ],
  [
    'nor one that its selector matches',
    [
      workload('Deployment'),
      pod('shop', 'mine', { metadata: { name: 'mine', namespace: 'shop', labels: { app: 'web' } } }),
    ],
    ['shop/mine'],
  ],
  [
    'nor one of a ReplicaSet that is not there',
    [
      workload('Deployment'),
      pod('shop', 'mine', {
        metadata: {
          name: 'mine',
          namespace: 'shop',
          labels: { app: 'web' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d' }],
        },
      }),
    ],
    ['shop/mine'],
  ],
  [
    'one of another workload is not its own',
    [
      workload('ReplicaSet'),
      pod('shop', 'mine', {
        metadata: {
          name: 'mine',
          namespace: 'shop',
          labels: { app: 'web' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'other' }],
        },
      }),
    ],
    ['shop/mine', 'shop/web-xxxxx'],
  ],
  [
    'nor one of another namespace',
    [
      workload('ReplicaSet'),
      pod('ci', 'mine', { metadata: { name: 'mine', namespace: 'ci', labels: { app: 'web' } } }),
    ],
    ['ci/mine', 'shop/web-xxxxx'],
  ],
  [
    'a pod of a Job of a CronJob',
    [
      cronJob(),
      pod('shop', 'mine', {
        metadata: { name: 'mine', namespace: 'shop', ownerReferences: [{ kind: 'Job', name: 'web-28999999' }] },
      }),
    ],
    ['shop/mine'],
  ],
  ['what a server stored makes none: its pods were not read', [stored(workload('Deployment'))], []],
  ['beside manifests neither', [stored(workload('Deployment')), namespace('shop')], []],
  [
    'a custom resource makes none',
    [
      {
        apiVersion: 'example.com/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { template: TEMPLATE },
      },
    ],
    [],
  ],
  ['a workload in a List', [listOf(workload('Deployment'))], [GENERATED]],
];
for (const [why, documents, pods] of makes)
  test(`made pods: ${why}`, async () => assert.deepEqual(podNames(await worldIn(yaml(...documents))), pods));

test('a made pod is like one that its controller made', async () => {
  const world = await worldIn(
    yaml(
      workload('Deployment', { replicas: 3 }),
      workload(
        'DaemonSet',
        {
          template: {
            spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 9100 }] }] },
          },
        },
        { name: 'agent' },
      ),
      cronJob(),
    ),
  );
  const [web, agent, tick] = ['web-xxxxxxxxxx-xxxxx', 'agent-xxxxx', 'web-29000000-xxxxx'].map((name) =>
    world.find('pods', 'shop', name),
  );
  assert.deepEqual(web?.labels, { app: 'web', 'pod-template-hash': 'xxxxxxxxxx' });
  assert.deepEqual(web?.owner, { group: 'apps', kind: 'ReplicaSet', name: 'web-xxxxxxxxxx' });
  assert.equal(web?.serviceAccount, 'default');
  assert.deepEqual(web?.containers[0]?.tokenPaths, ['/var/run/secrets/kubernetes.io/serviceaccount']);
  assert.deepEqual(agent?.containers[0]?.hostPorts, [9100]);
  assert.deepEqual(tick?.owner, { group: 'batch', kind: 'Job', name: 'web-29000000' });
  assert.deepEqual(
    world.list('replicasets').map(({ name, owner }) => [name, owner?.name]),
    [['web-xxxxxxxxxx', 'web']],
  );
  assert.deepEqual(
    world.list('jobs').map(({ name, owner }) => [name, owner?.kind]),
    [['web-29000000', 'CronJob']],
  );
  assert.equal(world.facts.applied?.made.get(GENERATED)?.count, 3);
});

test('the claims of a StatefulSet are those of the pod', async () => {
  const spec = { replicas: 2, volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
  const world = await worldIn(yaml(workload('StatefulSet', spec)), { whole: true });
  assert.deepEqual(
    world.list('pods').map(({ volumes }) => volumes.map(({ detail }) => detail)[0]),
    ['data-web-0', 'data-web-1'],
  );
  assert.equal(world.find('pods', 'shop', 'web-1')?.labels['apps.kubernetes.io/pod-index'], '1');
});

test('a million replicas do not fill the memory', async () => {
  assert.equal((await worldIn(yaml(workload('StatefulSet', { replicas: 1_000_000 })))).list('pods').length, 1000);
});

test('a template that is none costs an unknown', async () => {
  const world = await worldIn(
    yaml(
      workload('Deployment', { template: { spec: { containers: 'c' } } }),
      workload('Job', { template: { metadata: { labels: [] } } }),
    ),
  );
  assert.equal(world.list('pods').length, 0);
  assert.deepEqual(
    world.malformed('pods').map(({ what, why }) => `${what}: ${why}`),
    ['pods shop/web-xxxxxxxxxx-xxxxx: containers is not a list of objects', 'pods shop/web: labels is not an object'],
  );
});

const tokens: [why: string, documents: unknown[], mounted: boolean][] = [
  ['by default', [pod('shop', 'p', { spec: TEMPLATE.spec })], true],
  [
    'unless the pod says no',
    [pod('shop', 'p', { spec: { ...TEMPLATE.spec, automountServiceAccountToken: false } })],
    false,
  ],
  [
    'or its account',
    [pod('shop', 'p', { spec: TEMPLATE.spec }), account('shop', 'default', { automountServiceAccountToken: false })],
    false,
  ],
  [
    'an account that stands behind the pod',
    [account('shop', 'default', { automountServiceAccountToken: false }), pod('shop', 'p', { spec: TEMPLATE.spec })],
    false,
  ],
  [
    'where the pod does not say yes',
    [
      pod('shop', 'p', { spec: { ...TEMPLATE.spec, automountServiceAccountToken: true } }),
      account('shop', 'default', { automountServiceAccountToken: false }),
    ],
    true,
  ],
  [
    'another account says nothing of it',
    [
      pod('shop', 'p', { spec: { ...TEMPLATE.spec, serviceAccountName: 'b' } }),
      account('shop', 'default', { automountServiceAccountToken: false }),
    ],
    true,
  ],
  [
    'nor one of another namespace',
    [pod('shop', 'p', { spec: TEMPLATE.spec }), account('ci', 'default', { automountServiceAccountToken: false })],
    true,
  ],
  [
    'an account that a server has',
    [
      pod('shop', 'p', { spec: TEMPLATE.spec }),
      stored(account('shop', 'default', { automountServiceAccountToken: false })),
    ],
    false,
  ],
  ['a pod that a server has is as it is', [stored(pod('shop', 'p', { spec: TEMPLATE.spec }))], false],
  [
    'a mirror pod has none',
    [
      pod('shop', 'p', {
        metadata: { name: 'p', namespace: 'shop', annotations: { 'kubernetes.io/config.mirror': 'x' } },
        spec: TEMPLATE.spec,
      }),
    ],
    false,
  ],
];
for (const [why, documents, mounted] of tokens)
  test(`the token is mounted: ${why}`, async () => {
    const world = await worldIn(yaml(...documents));
    assert.equal((world.find('pods', 'shop', 'p')?.containers[0]?.tokenPaths.length ?? 0) > 0, mounted);
  });

const homes: [why: string, documents: unknown[], said: string | null, where: string][] = [
  ['-n', [pod(null, 'p'), binding('ci', 'b')], 'shop', 'shop'],
  ['the only namespace that is named', [pod(null, 'p'), binding('ci', 'b')], null, 'ci'],
  ['by a Namespace', [pod(null, 'p'), namespace('ci')], null, 'ci'],
  [
    'by a subject',
    [
      pod(null, 'p'),
      {
        ...clusterRole('x'),
        kind: 'ClusterRoleBinding',
        roleRef: { kind: 'ClusterRole', name: 'x' },
        subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'ci' }],
      },
    ],
    null,
    'ci',
  ],
  [
    'by a group of accounts',
    [
      pod(null, 'p'),
      {
        ...clusterRole('x'),
        kind: 'ClusterRoleBinding',
        roleRef: { kind: 'ClusterRole', name: 'x' },
        subjects: [{ kind: 'Group', name: 'system:serviceaccounts:ci' }],
      },
    ],
    null,
    'ci',
  ],
  [
    'by a cluster-scoped object that says one',
    [pod(null, 'p'), clusterRole('x', { metadata: { name: 'x', namespace: 'ci' } })],
    null,
    'ci',
  ],
  [
    'by the service of a webhook',
    [
      pod(null, 'p'),
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'w' },
        webhooks: [{ name: 'w', clientConfig: { service: { namespace: 'ci', name: 's' } } }],
      },
    ],
    null,
    'ci',
  ],
  [
    'by a kind that no question reads',
    [pod(null, 'p'), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'ci' } }],
    null,
    'ci',
  ],
  [
    'besides those that every cluster has',
    [pod(null, 'p'), binding('ci', 'b'), binding('kube-system', 'b')],
    null,
    'ci',
  ],
  ['which count where there is no other', [pod(null, 'p'), binding('kube-system', 'b')], null, 'kube-system'],
  ['of several none', [pod(null, 'p'), binding('a', 'b'), binding('b', 'b')], null, 'default'],
  ['of none default', [pod(null, 'p')], null, 'default'],
];
for (const [why, documents, said, where] of homes)
  test(`an object without a namespace is in that of: ${why}`, async () => {
    const world = await worldIn(yaml(...documents), { namespace: said });
    assert.deepEqual(podNames(world), [`${where}/p`]);
    assert.equal(world.facts.namespace, where);
    assert.equal(world.facts.applied?.home?.namespace, where);
  });

test('where each says its namespace none is guessed', async () => {
  assert.equal((await worldIn(yaml(pod('shop', 'p')))).facts.applied?.home, null);
});

test('namespaces that are named exist, with the label that each has, and the account default; so do the four of every cluster', async () => {
  const world = await worldIn(yaml(namespace('shop', { labels: { team: 'a' } }), binding('ci', 'b')));
  assert.deepEqual(
    world
      .list('namespaces')
      .map(({ name, labels }) => [name, labels])
      .sort(),
    [
      ...['ci', 'default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => [
        name,
        { 'kubernetes.io/metadata.name': name },
      ]),
      ['shop', { team: 'a', 'kubernetes.io/metadata.name': 'shop' }],
    ],
  );
  for (const { name } of world.list('namespaces')) assert.ok(world.find('serviceaccounts', name, 'default'));
  assert.ok(world.find('serviceaccounts', 'kube-system', 'deployment-controller'));
});

test('a Namespace that could not be understood is not made another', async () => {
  const world = await worldIn(yaml(namespace('shop', { labels: 'x' }), binding('shop', 'b')));
  assert.equal(world.find('namespaces', null, 'shop'), undefined);
  assert.equal(world.malformed('namespaces').length, 1);
});

const roleNames = (world: World): string[] => world.list('clusterroles').map(({ name }) => name);
const standing: [why: string, content: string, more: Partial<InputOptions>, has: boolean][] = [
  ['manifests', yaml(clusterRole('mine')), {}, true],
  ['manifests that are complete', yaml(clusterRole('mine')), { complete: true }, true],
  ["kubectl's output", json(listOf(stored(clusterRole('mine')))), {}, false],
  ["kubectl's output that is complete", json(listOf(stored(pod('shop', 'p')))), { complete: true }, false],
  ["kubectl's output, from which the uid was taken", json(listOf(clusterRole('mine'))), {}, true],
  [
    'from which it was taken alone',
    json(
      listOf(
        clusterRole('mine', {
          metadata: { name: 'mine', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z' },
        }),
      ),
    ),
    {},
    false,
  ],
  [
    'what a generator writes',
    yaml(clusterRole('mine', { metadata: { name: 'mine', creationTimestamp: null, uid: '', resourceVersion: '' } })),
    {},
    true,
  ],
  ['manifests beside the roles of a server', json(listOf(stored(clusterRole('mine'))), pod('shop', 'p')), {}, false],
  ['manifests beside the pods of a server', json(listOf(stored(pod('shop', 'p'))), clusterRole('mine')), {}, true],
];
for (const [why, content, more, has] of standing)
  test(`upstream's roles ${has ? 'exist' : 'are only what is there'}: ${why}`, async () => {
    assert.equal(roleNames(await worldIn(content, more)).includes('edit'), has);
  });

test("upstream's objects are those of the asked version, and built in by content", async () => {
  const at = (minor: number) => worldIn(yaml(clusterRole('mine')), { serverVersion: { major: 1, minor } });
  for (const minor of [29, 33, 37]) {
    const world = await at(minor);
    const added = [
      ...world.list('clusterroles'),
      ...world.list('clusterrolebindings'),
      ...world.list('roles'),
      ...world.list('rolebindings'),
    ];
    assert.deepEqual(
      added.filter((each) => !isBootstrap(each)).map(({ name }) => name),
      ['mine'],
      `1.${minor}`,
    );
  }
  const [older, newer] = await Promise.all([at(29), at(37)]);
  assert.notDeepEqual(
    older.find('clusterroles', null, 'system:aggregate-to-edit')?.rules,
    newer.find('clusterroles', null, 'system:aggregate-to-edit')?.rules,
  );
  assert.deepEqual(upstreamObjects({ major: 1, minor: 12 }), upstreamObjects({ major: 1, minor: 29 }));
  assert.deepEqual(upstreamObjects({ major: 1, minor: 99 }), upstreamObjects({ major: 1, minor: 37 }));
});

test('a role of the manifests that has the name of one of upstream’s is theirs', async () => {
  const world = await worldIn(yaml(clusterRole('cluster-admin')));
  assert.deepEqual(world.find('clusterroles', null, 'cluster-admin')?.rules, []);
});

const RULE = { apiGroups: ['x.io'], resources: ['widgets'], verbs: ['get'] };
const to = (name: string, label: string, rules: unknown[] = [RULE]): Fields =>
  clusterRole(name, {
    metadata: { name, labels: { [`rbac.authorization.k8s.io/aggregate-to-${label}`]: 'true' } },
    rules,
  });
const grants = (world: World, name: string): boolean =>
  world.find('clusterroles', null, name)?.rules.some(({ resources }) => resources.includes('widgets')) ?? false;
const aggregates: [why: string, documents: unknown[], roles: Record<string, boolean>][] = [
  ['into edit, and so into admin', [to('w', 'edit')], { edit: true, admin: true, view: false }],
  ['into view, and so into edit and admin', [to('w', 'view')], { edit: true, admin: true, view: true }],
  [
    'a role of the manifests that selects',
    [
      to('w', 'mine'),
      clusterRole('mine', {
        aggregationRule: {
          clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-mine': 'true' } }],
        },
      }),
    ],
    { mine: true, edit: false },
  ],
  [
    'what it has itself is overwritten',
    [clusterRole('mine', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] }, rules: [RULE] })],
    { mine: false },
  ],
  [
    'one that a server has keeps its rules',
    [
      stored(
        clusterRole('mine', {
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
          rules: [RULE],
        }),
      ),
      pod('shop', 'p'),
    ],
    { mine: true },
  ],
  [
    'and gets those of manifests',
    [
      stored(
        clusterRole('edit', {
          aggregationRule: {
            clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } }],
          },
        }),
      ),
      to('w', 'edit'),
    ],
    { edit: true },
  ],
];
for (const [why, documents, roles] of aggregates)
  test(`ClusterRoles are aggregated: ${why}`, async () => {
    const world = await worldIn(yaml(...documents));
    for (const [name, has] of Object.entries(roles)) assert.equal(grants(world, name), has, name);
  });

test('what a selected role has twice is there once', async () => {
  const world = await worldIn(yaml(to('a', 'view'), to('b', 'edit')));
  assert.equal(
    world.find('clusterroles', null, 'edit')?.rules.filter(({ resources }) => resources.includes('widgets')).length,
    1,
  );
});

const folders: [why: string, files: Record<string, string>, need: ReturnType<typeof list>, read: boolean][] = [
  [
    'a kind that the charts have and the server was not asked for',
    {
      'got.json': json(listOf(stored(pod('shop', 'p')))),
      'chart.yaml': yaml(binding('shop', 'b'), binding('ci', 'b')),
    },
    list('rolebindings'),
    false,
  ],
  [
    'one that the server printed',
    {
      'got.json': json(listOf(stored(pod('shop', 'p')), stored(pod('ci', 'p')))),
      'chart.yaml': yaml(binding('shop', 'b')),
    },
    list('pods'),
    true,
  ],
  [
    'in the namespace that it printed',
    {
      'got.json': json(listOf(stored(pod('shop', 'p')))),
      'chart.yaml': yaml(workload('Deployment', {}, { namespace: 'ci' })),
    },
    list('pods', 'ci'),
    false,
  ],
  [
    'a file of a server’s own objects beside another',
    { 'got.yaml': yaml(stored(pod('shop', 'p')), binding('shop', 'b')), 'chart.yaml': yaml(clusterRole('c')) },
    list('rolebindings', 'shop'),
    true,
  ],
  [
    'whose kinds are its own alone',
    { 'got.yaml': yaml(stored(pod('shop', 'p'))), 'chart.yaml': yaml(binding('shop', 'b')) },
    list('rolebindings', 'shop'),
    false,
  ],
  [
    'charts alone',
    { 'a.yaml': yaml(binding('shop', 'b')), 'b.yaml': yaml(binding('ci', 'b')) },
    list('rolebindings'),
    true,
  ],
  ['workloads show their pods', { 'a.yaml': yaml(workload('Deployment')) }, list('pods', 'shop'), true],
  [
    'so do those that have none',
    { 'a.yaml': yaml(workload('Deployment', { replicas: 0 })) },
    list('pods', 'shop'),
    true,
  ],
  ['what every cluster has shows no kind', { 'a.yaml': yaml(pod('shop', 'p')) }, list('clusterrolebindings'), false],
  ['not even namespaces', { 'a.yaml': yaml(pod('shop', 'p')) }, list('namespaces'), false],
];
for (const [why, files, need, read] of folders)
  test(`of a folder is read: ${why}`, async () => {
    const world = await ask(await open(place(files)), [need]);
    assert.equal(world.isRead(need), read);
  });
