import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { namespaceLifecycle } from '../../src/admission/built-in/namespace-lifecycle.ts';
import { nodeRestriction } from '../../src/admission/built-in/node-restriction.ts';
import { quota } from '../../src/admission/built-in/quota/quota.ts';
import type { Admission, Layer } from '../../src/admission/layer.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { creating, podOf } from '../admission/objects.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { worldOf } from '../helpers/world-of.ts';

const NODE = { token: 'node-n1', user: 'system:node:n1', groups: ['system:nodes'] };
const MIRROR = { 'kubernetes.io/config.mirror': 'x' };

/** The layer's verdict and its words, against a dry-run of the same request. */
async function agrees(
  plane: ControlPlane,
  layer: Layer,
  world: World,
  request: AdmissionRequest,
  token?: string,
): Promise<Admission> {
  const ours = layer.admits(request, world);
  const reply = await plane.request(
    'POST',
    `/api/v1/namespaces/${request.namespace}/pods?dryRun=All`,
    request.object,
    token ? { token } : {},
  );
  const { message = '' } = reply.body as { message?: string };
  assert.equal(
    ours.value === 'yes',
    reply.status === 201,
    `we say ${ours.value}, the server ${reply.status} ${message}`,
  );
  if (reply.status === 201) return ours;
  const [first] = ours.evidence;
  assert.ok(first && message.includes(first.detail), `we say "${first?.detail}", the server "${message}"`);
  return ours;
}

function namespaces(plane: ControlPlane): void {
  before(async () => {
    for (const name of ['living', 'dying']) await plane.request('POST', '/api/v1/namespaces', { metadata: { name } });
    for (const name of ['living', 'dying']) await waitForServiceAccount(plane, name);
    await plane.request('POST', '/api/v1/namespaces/dying/configmaps', {
      metadata: { name: 'held', finalizers: ['example.com/held'] },
    });
    await plane.request('DELETE', '/api/v1/namespaces/dying');
  });
  for (const [namespace, why] of [
    ['living', 'it lives'],
    ['dying', 'it is being terminated, and something holds it'],
    ['absent', 'there is none'],
  ] as const) {
    test(`a pod in namespace ${namespace}: ${why}`, async () => {
      const { items } = (await plane.request('GET', '/api/v1/namespaces')).body as { items: Raw[] };
      const world = worldOf(items.map((each) => ({ ...each, apiVersion: 'v1', kind: 'Namespace' })));
      await agrees(plane, namespaceLifecycle, world, inNamespace(namespace, podOf()));
    });
  }
}

const inNamespace = (
  namespace: string,
  { metadata, ...pod }: Raw,
  more: Partial<AdmissionRequest> = {},
): AdmissionRequest => creating({ ...pod, metadata: { ...(metadata as Raw), namespace } }, { namespace, ...more });

type Resources = Record<string, string>;
const asking = (requests: Resources, limits: Resources = {}) => podOf({ resources: { requests, limits } });

/** [name of the namespace and trap, spec of the quota, used, pod, our verdict] */
const QUOTAS: [string, Raw & { hard: Resources }, Resources, Raw, 'yes' | 'no' | 'depends'][] = [
  ['no-pods', { hard: { pods: '0' } }, {}, podOf(), 'no'],
  ['count-pods', { hard: { 'count/pods': '0' } }, {}, podOf(), 'no'],
  ['count-others', { hard: { 'count/deployments.apps': '0', services: '0' } }, {}, podOf(), 'yes'],
  ['one-left', { hard: { pods: '2' } }, { pods: '1' }, podOf(), 'yes'],
  ['used-up', { hard: { pods: '2' } }, { pods: '2' }, podOf(), 'depends'],
  ['needs-cpu', { hard: { 'requests.cpu': '1' } }, {}, podOf(), 'no'],
  ['plain-cpu', { hard: { cpu: '1' } }, {}, podOf(), 'no'],
  ['has-cpu', { hard: { 'requests.cpu': '1' } }, {}, asking({ cpu: '1' }), 'yes'],
  ['too-much-cpu', { hard: { 'requests.cpu': '1' } }, {}, asking({ cpu: '1001m' }), 'no'],
  ['limit-is-a-request', { hard: { 'requests.memory': '1Gi' } }, {}, asking({}, { memory: '1Gi' }), 'yes'],
  ['limits-are-not-requests', { hard: { 'limits.memory': '1Gi' } }, {}, asking({ memory: '1Gi' }), 'no'],
  ['memory-left', { hard: { memory: '1Gi' } }, { memory: '512Mi' }, asking({ memory: '600Mi' }), 'depends'],
  ['zero-of-it', { hard: { 'requests.cpu': '0' } }, {}, asking({ cpu: '0' }), 'yes'],
  [
    'gpu',
    { hard: { 'requests.example.com/gpu': '1' } },
    {},
    asking({ 'example.com/gpu': '2' }, { 'example.com/gpu': '2' }),
    'no',
  ],
  ['gpu-not-asked', { hard: { 'requests.example.com/gpu': '0' } }, {}, podOf(), 'yes'],
  ['init-is-the-largest', { hard: { cpu: '1' } }, {}, withInit({ cpu: '2' }), 'no'],
  ['sidecar-adds-up', { hard: { cpu: '1' } }, {}, withInit({ cpu: '600m' }, 'Always'), 'no'],
  ['init-does-not-add-up', { hard: { cpu: '1' } }, {}, withInit({ cpu: '600m' }), 'yes'],
  ['best-effort', { hard: { pods: '0' }, scopes: ['BestEffort'] }, {}, podOf(), 'no'],
  ['not-best-effort', { hard: { pods: '0' }, scopes: ['BestEffort'] }, {}, asking({ cpu: '1m' }), 'yes'],
  ['not-terminating', { hard: { pods: '0' }, scopes: ['NotTerminating'] }, {}, podOf(), 'no'],
  [
    'with-a-deadline',
    { hard: { pods: '0' }, scopes: ['NotTerminating'] },
    {},
    podOf({}, { activeDeadlineSeconds: 5 }),
    'yes',
  ],
  ['two-scopes', { hard: { pods: '0' }, scopes: ['NotTerminating', 'NotBestEffort'] }, {}, podOf(), 'yes'],
  ['class-in', classes('In', ['system-node-critical']), {}, podOf(), 'yes'],
  ['class-not-in', classes('NotIn', ['system-node-critical']), {}, podOf(), 'no'],
  ['class-absent', classes('DoesNotExist'), {}, podOf(), 'no'],
  ['class-exists', classes('Exists'), {}, podOf(), 'yes'],
  ['pod-level', { hard: { cpu: '1' } }, {}, podOf({}, { resources: { requests: { cpu: '500m' } } }), 'yes'],
];

function withInit(requests: Resources, restartPolicy?: string): Raw {
  const init = { name: 'init', image: 'i', resources: { requests }, ...(restartPolicy && { restartPolicy }) };
  return podOf({ resources: { requests: { cpu: '600m' } } }, { initContainers: [init] });
}

function classes(operator: string, values: string[] = []) {
  return {
    hard: { pods: '0' },
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values.length > 0 && { values }) }],
    },
  };
}

function quotas(plane: ControlPlane): void {
  const stored = new Map<string, Raw>();
  before(async () => {
    await Promise.all(
      [...QUOTAS.map(([name]) => name), WATCHED].map((name) =>
        plane.request('POST', '/api/v1/namespaces', { metadata: { name } }),
      ),
    );
    await Promise.all(QUOTAS.map(([name]) => waitForServiceAccount(plane, name)));
    await setQuota(plane, WATCHED, { hard: { 'count/configmaps': '0' } });
    await refused(plane, WATCHED, 'configmaps');
    await Promise.all(
      QUOTAS.map(async ([namespace, spec, used]) =>
        stored.set(namespace, await setQuota(plane, namespace, spec, used)),
      ),
    );
    await setQuota(plane, WATCHED, { hard: { 'count/secrets': '0' } });
    await refused(plane, WATCHED, 'secrets');
  });
  for (const [namespace, , , pod, expected] of QUOTAS) {
    test(`quota ${namespace}: ${expected}`, async () => {
      const world = worldOf([{ ...stored.get(namespace), apiVersion: 'v1', kind: 'ResourceQuota' }]);
      assert.equal((await agrees(plane, quota, world, inNamespace(namespace, pod))).value, expected);
    });
  }

  test('what a LimitRange fills in is not missing', async () => {
    const namespace = 'has-cpu';
    const limit = {
      metadata: { name: 'l' },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '100m' } }] },
    };
    const made = (await plane.request('POST', `/api/v1/namespaces/${namespace}/limitranges`, limit)).body as Raw;
    const world = worldOf([
      { ...stored.get(namespace), apiVersion: 'v1', kind: 'ResourceQuota' },
      { ...made, apiVersion: 'v1', kind: 'LimitRange' },
    ]);
    const request = inNamespace(namespace, podOf());
    assert.equal(quota.admits(request, world).value, 'yes');
    await until(
      async () =>
        (await plane.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, request.object)).status === 201,
    );
  });
}

/**
 * A namespace whose quota changes before and after all others: once admission counts by it, it counts by them, since it
 * sees all in one watch.
 */
const WATCHED = 'watched';

/** As the quota controller does it: the limits to the status, with what is used. */
async function setQuota(
  plane: ControlPlane,
  namespace: string,
  spec: Raw & { hard: Resources },
  used: Resources = {},
): Promise<Raw> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
  await plane.request('DELETE', `${path}/q`);
  const made = (await plane.request('POST', path, { metadata: { name: 'q' }, spec })).body as Raw;
  const zero = Object.fromEntries(Object.keys(spec.hard).map((key) => [key, '0']));
  const reply = await plane.request('PUT', `${path}/q/status`, {
    ...made,
    status: { hard: spec.hard, used: { ...zero, ...used } },
  });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body as Raw;
}

async function refused(plane: ControlPlane, namespace: string, resource: string): Promise<void> {
  await until(async () => {
    const reply = await plane.request('POST', `/api/v1/namespaces/${namespace}/${resource}?dryRun=All`, {
      metadata: { name: 'x' },
    });
    return reply.status === 403 && JSON.stringify(reply.body).includes('exceeded quota');
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await isSo()); )
    assert.ok(Date.now() < deadline, 'still not as expected');
}

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };

/** [what, spec, more metadata, whether a node may create it] */
const MIRRORS: [string, object, object, boolean][] = [
  ['a mirror pod of its own', {}, {}, true],
  [
    'hostPath and privileged, which it can have anyway',
    { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    {},
    true,
  ],
  ['no mirror pod', {}, { annotations: {} }, false],
  ['another node', { nodeName: 'n2' }, {}, false],
  ['no node', { nodeName: '' }, {}, false],
  ['no owner', {}, { ownerReferences: [] }, false],
  [
    'owned by a pod',
    {},
    { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'n1', uid: 'u', controller: true }] },
    false,
  ],
  ['not its controller', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u' }] }, false],
  [
    'two owners',
    {},
    {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u', controller: true },
        { apiVersion: 'v1', kind: 'Node', name: 'n2', uid: 'v' },
      ],
    },
    false,
  ],
  [
    'blocks the deletion of its node',
    {},
    {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u', controller: true, blockOwnerDeletion: true },
      ],
    },
    false,
  ],
  ['a claim', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }, {}, false],
  ['an ephemeral claim', { volumes: [{ name: 'v', ephemeral: claim() }] }, {}, false],
  ['a resource claim', { resourceClaims: [{ name: 'r', resourceClaimName: 'r' }] }, {}, false],
  ['a CSI volume', { volumes: [{ name: 'v', csi: { driver: 'd' } }] }, {}, false],
  ['an emptyDir without a type', { volumes: [{ name: 'v' }] }, {}, true],
  [
    'the downward API, projected',
    { volumes: [{ name: 'v', projected: { sources: [{ downwardAPI: {} }] } }] },
    {},
    true,
  ],
  [
    'a trust bundle',
    { volumes: [{ name: 'v', projected: { sources: [{ clusterTrustBundle: { name: 'b', path: 'p' } }] } }] },
    {},
    false,
  ],
];

/** References that another plug-in refuses first, in other words: for these the verdict alone is compared. */
const REFUSED_ELSEWHERE: [string, object][] = [
  ['a service account', { serviceAccountName: 'default' }],
  ['a secret', { volumes: [{ name: 'v', secret: { secretName: 's' } }] }],
  ['a config map', { volumes: [{ name: 'v', configMap: { name: 'c' } }] }],
  [
    'a secret in the environment',
    {
      containers: [
        { name: 'a', image: 'i', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      ],
    },
  ],
  [
    'a config map in the environment',
    { containers: [{ name: 'a', image: 'i', envFrom: [{ configMapRef: { name: 's' } }] }] },
  ],
  ['a pull secret', { imagePullSecrets: [{ name: 's' }] }],
  ['a projected token', { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'p' } }] } }] }],
  ['a projected secret', { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 's' } }] } }] }],
];

function claim(): object {
  return {
    volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  };
}

function nodes(plane: ControlPlane): void {
  let uid = '';
  before(async () => {
    const made = (await plane.request('POST', '/api/v1/nodes', node)).body as { metadata: { uid: string } };
    uid = made.metadata.uid;
  });
  const asNode = (spec: object, metadata: object): AdmissionRequest => {
    const owned = {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true }],
      annotations: MIRROR,
      ...metadata,
    };
    return inNamespace('living', podOf({}, { nodeName: 'n1', ...spec }, owned), {
      user: { name: NODE.user, groups: NODE.groups },
    });
  };
  for (const [what, spec, metadata, allowed] of MIRRORS) {
    test(`a node ${allowed ? 'creates' : 'does not create'} ${what}`, async () => {
      const request = asNode(spec, metadata);
      assert.equal(nodeRestriction().admits(request, worldOf([node])).value, allowed ? 'yes' : 'no');
      await agrees(plane, nodeRestriction(), worldOf([node]), request, NODE.token);
    });
  }
  for (const [what, spec] of REFUSED_ELSEWHERE) {
    test(`a node does not create a mirror pod with ${what}`, async () => {
      const request = asNode(spec, {});
      const reply = await plane.request('POST', '/api/v1/namespaces/living/pods?dryRun=All', request.object, {
        token: NODE.token,
      });
      assert.equal(reply.status, 403, JSON.stringify(reply.body));
      assert.equal(nodeRestriction().admits(request, worldOf([node])).value, 'no');
    });
  }
}

await withControlPlane({ tokens: [NODE] }, (plane) => {
  namespaces(plane);
  quotas(plane);
  nodes(plane);
});
