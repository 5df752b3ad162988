import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { debug } from '../../src/questions/access/debug.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { objects } from '../helpers/question.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const RESTRICTED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const USERS = ['debbie', 'ada', 'ines', 'dora', 'rosa', 'stan', 'sue', 'phil'];
const CONTROLLERS = ['deployment', 'replicaset', 'serviceaccount'];

/** Namespaces get their level when the pods are there. `guarded` and its like are what policies look at. */
const NAMESPACES: [name: string, enforce: string | null][] = [
  ['open', null],
  ['baseline', 'baseline'],
  ['restricted', 'restricted'],
  ['guarded', null],
  ['registry', null],
  ['own-only', null],
];
const PODS: [name: string, spec: Raw, annotations?: Raw][] = [
  ['plain', { containers: [{ name: 'app', image: 'registry.corp/app:1' }] }],
  ['tight', { containers: [{ name: 'app', image: 'registry.corp/app:1', securityContext: RESTRICTED }] }],
  ['wild', { containers: [{ name: 'app', image: 'registry.corp/app:1', securityContext: { privileged: true } }] }],
  ['host', { hostNetwork: true, containers: [{ name: 'app', image: 'other/app:1' }] }],
];

const policy = (name: string, namespace: string, resources: string[], expression: string): Raw[] => [
  {
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name } },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources }],
      },
      validations: [{ expression, message: `refused by ${name}` }],
    },
  },
  {
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
    },
  },
];
const EPHEMERAL = 'pods/ephemeralcontainers';
const POLICIES = [
  ...policy('no-debug', 'guarded', [EPHEMERAL], "request.userInfo.username == 'ada'"),
  ...policy(
    'registry-only',
    'registry',
    [EPHEMERAL, 'pods'],
    "(object.spec.containers + object.spec.?ephemeralContainers.orValue([])).all(c, c.image.startsWith('registry.corp/'))",
  ),
  ...policy('own-only', 'own-only', [EPHEMERAL], "object.spec.containers.all(c, c.image.startsWith('registry.corp/'))"),
];

const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const grant = (user: string, group: string, resources: string[], verbs: string[]): Raw[] => [
  { ...RBAC, kind: 'ClusterRole', metadata: { name: user }, rules: [{ apiGroups: [group], resources, verbs }] },
  {
    ...{ ...RBAC, kind: 'ClusterRoleBinding', metadata: { name: user } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: user },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  },
];
const GRANTS = [
  ...grant('debbie', '', [EPHEMERAL], ['patch']),
  ...grant('ada', '', [EPHEMERAL], ['patch', 'update']),
  ...grant('ines', '', ['pods'], ['patch']),
  ...grant('dora', 'apps', ['deployments'], ['patch']),
  ...grant('rosa', 'apps', ['replicasets'], ['patch']),
  ...grant('stan', '', ['pods/status'], ['patch']),
  ...grant('sue', 'apps', ['deployments/scale', 'replicasets/scale'], ['patch']),
  ...grant('phil', '', ['pods/*'], ['*']),
];

const PODS_OF_OPEN = '/api/v1/namespaces/open/pods';

const tokens = USERS.map((user) => ({ token: `token-${user}`, user }));

await withControlPlane({ controllers: CONTROLLERS.map((name) => `${name}-controller`), tokens }, async (plane) => {
  await load(
    plane,
    NAMESPACES.map(([name]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  );
  await load(plane, [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } }, ...GRANTS]);
  for (const [namespace] of NAMESPACES) await waitForServiceAccount(plane, namespace);
  const pods = NAMESPACES.flatMap(([namespace]) =>
    PODS.map(([name, spec]) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name },
      spec: { nodeName: 'n1', ...spec },
    })),
  );
  await load(plane, pods);
  for (const [name, enforce] of NAMESPACES)
    if (enforce !== null)
      await patch(plane, `/api/v1/namespaces/${name}`, { metadata: { labels: { [ENFORCE]: enforce } } });
  await load(plane, POLICIES);
  const sentinel = { spec: { ephemeralContainers: [{ name: 'x', image: 'x' }] } };
  await until(async () => (await debugAs(plane, 'debbie', 'guarded', 'plain', sentinel)).status === 422);
  await until(async () => (await debugAs(plane, 'debbie', 'registry', 'plain', sentinel)).status === 422);
  await until(async () => (await debugAs(plane, 'debbie', 'own-only', 'host', sentinel)).status === 422);

  test('who adds an ephemeral container, held against what the server takes', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    const counts = { yes: 0, no: 0 };
    for (const [namespace] of NAMESPACES)
      for (const [name] of PODS) {
        const said = await answer(debug, objects(namespace, name));
        for (const user of USERS) {
          const taken = await isDebugged(plane, user, namespace, name);
          counts[taken] += 1;
          assert.equal(verdictOf(said, user), taken, `${user} debugs ${namespace}/${name}: the server says ${taken}`);
        }
      }
    t.diagnostic(JSON.stringify(counts));
    assert.ok(counts.yes >= 15 && counts.no >= 30, JSON.stringify(counts));
  });

  test('a pending pod takes one, and a static pod none', async (t) => {
    const mirror = {
      ...{ apiVersion: 'v1', kind: 'Pod' },
      metadata: { namespace: 'open', name: 'static', annotations: { 'kubernetes.io/config.mirror': 'x' } },
      spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'app' }] },
    };
    const pending = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'open', name: 'pending' },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    };
    await load(plane, [mirror, pending]);
    const { answer } = await caller(t, plane, plane.adminToken);
    for (const [name, expected] of [
      ['static', 'no'],
      ['pending', 'yes'],
    ] as const) {
      assert.equal(await isDebugged(plane, 'debbie', 'open', name), expected);
      const said = await answer(debug, objects('open', name));
      assert.equal(verdictOf(said, 'debbie'), expected);
      assert.doesNotMatch(said.summary, /would fail/);
    }
  });

  test('who changes the image of a pod, held against what the server takes', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    for (const [namespace] of NAMESPACES)
      for (const [name] of PODS) {
        const said = await answer(pod, objects(namespace, name));
        for (const user of ['ines', 'stan', 'phil', 'debbie']) {
          const body = { spec: { containers: [{ name: 'app', image: 'mine/tool:1' }] } };
          const { status } = await patch(plane, `/api/v1/namespaces/${namespace}/pods/${name}?dryRun=All`, body, user);
          const found = said.findings.find(({ id, subject }) => id === 'pod-image-swap' && subject.name === user);
          const ours =
            found?.verdict === 'yes'
              ? 'yes'
              : found?.verdict === 'depends' && found.leaning === 'no'
                ? 'refused as tried'
                : 'no';
          const expected =
            status === 200 ? 'yes' : namespace === 'registry' && user === 'ines' ? 'refused as tried' : 'no';
          assert.equal(ours, expected, `${user} changes the image of ${namespace}/${name}: ${status}`);
        }
      }
  });

  test('who changes the template behind a pod gets theirs run with its account', async (t) => {
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'registry.corp/app:1' }] } };
    await load(plane, [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: 'open', name: 'web' },
        spec: { selector: { matchLabels: labels }, template },
      },
    ]);
    const first = await podWith(plane, 'registry.corp/app:1');
    const { answer } = await caller(t, plane, plane.adminToken);
    const said = await answer(pod, objects('open', first.name));
    const through = (user: string): string[] =>
      said.findings
        .filter(({ subject }) => subject.name === user)
        .map(({ object, verdict }) => `${verdict} ${object.kind}`);
    assert.deepEqual(through('dora'), ['yes Deployment']);
    assert.deepEqual(through('rosa'), ['yes ReplicaSet']);
    assert.deepEqual([through('sue'), through('stan'), through('phil')], [[], [], []]);

    const image = (each: string): Raw => ({
      spec: { template: { spec: { containers: [{ name: 'app', image: each }] } } },
    });
    const set = `/apis/apps/v1/namespaces/open/replicasets/${first.owner}`;
    // Nobody's any more, so that the Deployment leaves it alone; then none of its pods, then one that is made of the
    // new template.
    const orphan = { metadata: { ownerReferences: null, labels: { app: 'mine' } }, ...image('rosa/tool:1') };
    assert.equal((await patch(plane, set, orphan, 'rosa')).status, 200);
    assert.equal((await patch(plane, set, { spec: { replicas: 0 } }, 'rosa')).status, 200);
    await waitFor(
      plane,
      `${PODS_OF_OPEN}/${first.name}`,
      (body, status) => status === 404 || 'deletionTimestamp' in ((body as { metadata: Raw }).metadata ?? {}),
    );
    assert.equal((await patch(plane, set, { spec: { replicas: 1 } }, 'rosa')).status, 200);
    await podWith(plane, 'rosa/tool:1');

    assert.equal(
      (await patch(plane, '/apis/apps/v1/namespaces/open/deployments/web', image('dora/tool:1'), 'dora')).status,
      200,
    );
    await podWith(plane, 'dora/tool:1');
  });
});

/** A pod that runs the image, with what owns it. */
async function podWith(plane: ControlPlane, image: string): Promise<{ name: string; owner: string }> {
  type Item = {
    metadata: { name: string; ownerReferences?: { name: string }[] };
    spec: { containers: { image: string }[] };
  };
  const has = ({ spec, metadata }: Item): boolean =>
    spec.containers[0]?.image === image && metadata.ownerReferences !== undefined;
  const body = await waitFor(plane, PODS_OF_OPEN, (list) => (list as { items: Item[] }).items.some(has));
  const found = (body as { items: Item[] }).items.find(has);
  return { name: found?.metadata.name ?? '', owner: found?.metadata.ownerReferences?.[0]?.name ?? '' };
}

/** Whether the server takes any of the containers that somebody would try. */
async function isDebugged(plane: ControlPlane, user: string, namespace: string, name: string): Promise<'yes' | 'no'> {
  for (const securityContext of [{}, RESTRICTED])
    for (const image of ['busybox', 'registry.corp/tool:1']) {
      const body = { spec: { ephemeralContainers: [{ name: 'debugger', image, securityContext }] } };
      if ((await debugAs(plane, user, namespace, name, body)).status === 200) return 'yes';
    }
  return 'no';
}

function debugAs(plane: ControlPlane, user: string, namespace: string, name: string, body: Raw) {
  return patch(plane, `/api/v1/namespaces/${namespace}/pods/${name}/ephemeralcontainers?dryRun=All`, body, user);
}

function patch(plane: ControlPlane, path: string, body: Raw, user?: string) {
  return plane.request('PATCH', path, body, {
    ...(user === undefined ? {} : { token: `token-${user}` }),
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await isSo()); )
    if (Date.now() > deadline) throw new Error('still not so');
}

const verdictOf = ({ findings }: Answer, user: string): string =>
  findings.find(({ subject }) => subject.name === user)?.verdict ?? 'no';
