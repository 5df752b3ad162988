import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import type { Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { load } from '../helpers/load.ts';
import { must } from '../helpers/pod-security/stage.ts';
import { objects } from '../helpers/question.ts';
import { withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { seen } from '../helpers/staging.ts';

const tokens = [
  { token: 'token-shop', user: 'shop-only' },
  { token: 'token-pods', user: 'pods-only' },
];
const RBAC = 'rbac.authorization.k8s.io';
const scope = (namespace: string | null, selector: string | null = null) => ({ refs: [], selector, namespace });

const node = (name: string, containerRuntimeVersion: string) => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/os': 'linux' } } },
  status: { nodeInfo: { containerRuntimeVersion, operatingSystem: 'linux' } },
});

function pod(namespace: string, name: string, nodeName: string | null, securityContext: Raw, more: Raw = {}) {
  const spec = {
    ...(nodeName ? { nodeName } : {}),
    containers: [{ name: 'app', image: 'i', securityContext }],
    ...more,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name, labels: { app: name } }, spec };
}

const ROOT = { runAsUser: 0 };
const LOCKED = { runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

await withControlPlane({ controllers: [], tokens }, async (plane) => {
  const namespaces = ['shop', 'ci'];
  await load(plane, [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...namespaces.map((namespace) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace, name: 'default' },
    })),
    node('n1', 'containerd://1.7.27'),
    node('n2', 'cri-o://1.34.0'),
    node('n3', 'pouch://1.0'),
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'sandbox' }, handler: 'runsc' },
  ]);
  await load(plane, [
    pod('shop', 'web', 'n1', ROOT),
    pod('shop', 'db', 'n2', ROOT),
    pod('shop', 'odd', 'n3', ROOT),
    pod('shop', 'boxed', 'n1', ROOT, { runtimeClassName: 'sandbox' }),
    pod('shop', 'image', 'n1', {}),
    pod('shop', 'locked', 'n1', LOCKED),
    pod('shop', 'waiting', null, ROOT),
    pod('ci', 'builder', 'n1', { privileged: true, runAsUser: 0 }),
    role('Role', 'shop', 'pods', ['pods', 'namespaces']),
    role('ClusterRole', undefined, 'pods', ['pods', 'namespaces']),
    binding('RoleBinding', 'shop', 'Role', 'shop-only'),
    binding('ClusterRoleBinding', undefined, 'ClusterRole', 'pods-only'),
  ]);
  const running = {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'app',
        image: 'i',
        imageID: '',
        ready: true,
        restartCount: 0,
        state: { running: {} },
        user: { linux: { uid: 0, gid: 0 } },
      },
    ],
  };
  const path = '/api/v1/namespaces/shop/pods/image';
  await must(plane, 'PUT', `${path}/status`, { ...(await must(plane, 'GET', path)), status: running });
  await seen(plane, 'sentinel', 'shop');

  const answers = (findings: readonly { object: { name: string }; answer?: string }[]) =>
    Object.fromEntries(findings.map(({ object, answer }) => [object.name, answer]));
  const TRUTH = {
    web: 'yes',
    db: 'no',
    odd: 'unknown',
    boxed: 'unknown',
    image: 'yes',
    locked: 'no',
    waiting: 'unknown',
  };

  test('a namespace: by the runtimes of its nodes, the RuntimeClass and the user that a status tells', async (t) => {
    const { answer, sent } = await caller(t, plane, plane.adminToken);
    const found = await answer(rawSockets, scope('shop'));
    assert.deepEqual(answers(found.findings), TRUTH);
    assert.equal(found.findings.find(({ object }) => object.name === 'image')?.container?.uid, 0);
    assert.equal(
      found.findings.find(({ object }) => object.name === 'web')?.container?.neighbours,
      4,
      'three of shop, and one of ci',
    );
    assert.ok(
      sent.every(({ what }) => what.startsWith('GET ') || / \/apis\/\S+\/selfsubject(rules)?reviews$/.test(what)),
      'nothing but GET and self reviews',
    );
  });

  test('the cluster, in protobuf, says the same of the namespace', async (t) => {
    const found = await (await caller(t, plane, plane.adminToken)).answer(rawSockets, scope(null));
    assert.deepEqual(answers(found.findings), { ...TRUTH, builder: 'yes' });
    assert.equal(found.summary, '3 of 8 containers can open raw sockets in the cluster (3 pods), 3 may');
  });

  test('a pod reads that pod, its node, its RuntimeClass, who is beside it, and little else', async (t) => {
    const { answer, sent } = await caller(t, plane, plane.adminToken);
    assert.equal((await answer(rawSockets, objects('shop', 'boxed'))).leaning, 'no');
    assert.deepEqual(sent.map(({ what }) => what.replace(/limit=\d+&?/, '').replace(/\?$/, '')).sort(), [
      'GET /api/v1/namespaces/shop',
      'GET /api/v1/namespaces/shop/pods/boxed',
      'GET /api/v1/nodes/n1',
      'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1',
      'GET /apis/apps/v1/daemonsets',
      'GET /apis/node.k8s.io/v1/runtimeclasses/sandbox',
      'GET /version',
      'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
      'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    ]);
  });

  test('labels select on the server', async (t) => {
    const found = await (await caller(t, plane, plane.adminToken)).answer(
      rawSockets,
      scope('shop', 'app in (web, db)'),
    );
    assert.deepEqual(answers(found.findings), { web: 'yes', db: 'no' });
  });

  test('the commands that are printed show what is claimed, by the real kubectl', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    const { findings } = await answer(rawSockets, scope('shop'));
    const shown = async (name: string): Promise<string[]> => {
      const steps = findings.find(({ object }) => object.name === name)?.evidence ?? [];
      const ran = await Promise.all(steps.map(({ command }) => runAs(plane, plane.adminToken, command ?? 'false')));
      assert.ok(
        ran.every(({ code }) => code === 0),
        JSON.stringify(ran),
      );
      return ran.map(({ output }) => output);
    };
    assert.deepEqual(await shown('web'), ['containerd://1.7.27', '{"runAsUser":0}', '{"runAsUser":0}', '']);
    assert.deepEqual(await shown('image'), ['containerd://1.7.27', '0', '{}', '']);
  });

  test('who may not read nodes gets a depends where runtimes disagree, and a no where none does', async (t) => {
    const found = await (await caller(t, plane, 'token-pods')).answer(rawSockets, scope(null));
    assert.deepEqual(answers(found.findings), {
      ...TRUTH,
      web: 'unknown',
      db: 'unknown',
      image: 'unknown',
      builder: 'yes',
    });
    assert.ok(found.unknowns.some(({ kind, what }) => kind === 'unreadable' && what === 'node n1'));
    assert.match(found.network?.unknown ?? '', /^daemonsets: 403 Forbidden/);
  });

  test('who may read one namespace gets that, and a depends for the rest', async (t) => {
    const { answer, ask, sent } = await caller(t, plane, 'token-shop');
    const found = await answer(rawSockets, scope(null));
    assert.deepEqual(Object.keys(answers(found.findings)).sort(), Object.keys(TRUTH).sort());
    assert.equal(found.verdict, 'depends');
    assert.ok(found.unknowns.some(({ what }) => what === 'pods in namespaces other than shop'));
    assert.ok(sent.filter(({ status }) => status === 403).length < 12, JSON.stringify(sent));
    const { errors } = await ask(rawSockets, scope('ci'));
    assert.match(errors[0]?.message ?? '', /^error: could not read pods in namespace ci: 403 Forbidden/);
  });
});

function role(kind: string, namespace: string | undefined, name: string, resources: string[]) {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name, namespace },
    rules: [{ apiGroups: [''], resources, verbs: ['get', 'list'] }],
  };
}

function binding(kind: string, namespace: string | undefined, roleKind: string, user: string) {
  return {
    ...{ apiVersion: `${RBAC}/v1`, kind, metadata: { name: user, namespace } },
    roleRef: { apiGroup: RBAC, kind: roleKind, name: 'pods' },
    subjects: [{ kind: 'User', name: user, apiGroup: RBAC }],
  };
}
