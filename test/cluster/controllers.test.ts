import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPod, defaultTemplate } from '../../src/admission/request/defaults/pod.ts';
import { madeOf } from '../../src/spawn/writes/controllers.ts';
import { isRaw, type Raw } from '../../src/world/raw.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { collectionPath } from '../helpers/load.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';

const labels = { app: 'web' };
const metadata = { labels, annotations: { 'example.com/note': 'x' } };
const spec = {
  ...{ hostPID: true, serviceAccountName: 'default', tolerations: [{ key: 'a', operator: 'Exists' }] },
  containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  volumes: [{ name: 'data', emptyDir: {} }],
};
const workload = (apiVersion: string, kind: string, name: string, more: object = {}, pod: object = {}): Raw => ({
  ...{ apiVersion, kind, metadata: { name, namespace: 'shop', annotations: { 'example.com/own': 'y' } } },
  spec: { selector: { matchLabels: labels }, template: { metadata, spec: { ...spec, ...pod } }, ...more },
});

const CONTROLLERS = [
  'deployment',
  'replicaset',
  'statefulset',
  'daemonset',
  'job',
  'replicationcontroller',
  'serviceaccount',
];

const PODS = '/api/v1/namespaces/shop/pods';

/** Each workload, and where what its controller makes is found. CronJobs wait for the minute, and are left out. */
const cases: [resource: { group: string; resource: string }, parent: Raw, makes: string][] = [
  [
    { group: 'apps', resource: 'deployments' },
    workload('apps/v1', 'Deployment', 'web'),
    '/apis/apps/v1/namespaces/shop/replicasets',
  ],
  [{ group: 'apps', resource: 'replicasets' }, workload('apps/v1', 'ReplicaSet', 'single'), PODS],
  [
    { group: '', resource: 'replicationcontrollers' },
    workload('v1', 'ReplicationController', 'old', { selector: labels }),
    PODS,
  ],
  [
    { group: 'apps', resource: 'daemonsets' },
    workload('apps/v1', 'DaemonSet', 'agent', {}, { hostNetwork: true, tolerations: [{ operator: 'Exists' }] }),
    PODS,
  ],
  [
    { group: 'apps', resource: 'statefulsets' },
    workload('apps/v1', 'StatefulSet', 'db', {
      serviceName: 'db',
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    }),
    PODS,
  ],
  [
    { group: 'batch', resource: 'jobs' },
    workload('batch/v1', 'Job', 'once', { selector: undefined }, { restartPolicy: 'Never' }),
    PODS,
  ],
];

await withControlPlane({ controllers: CONTROLLERS.map((name) => `${name}-controller`) }, async (plane) => {
  await plane.request('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
  });
  await plane.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
  await waitForServiceAccount(plane, 'shop');

  for (const [kind, parent, path] of cases)
    test(`what the controller of ${kind.resource} makes`, async () => {
      const { status, body } = await plane.request(
        'POST',
        collectionPath(parent as Parameters<typeof collectionPath>[0]),
        parent,
      );
      assert.equal(status, 201, JSON.stringify(body));
      const made = await madeBy(plane, path, (parent.metadata as { name: string }).name);
      const ours = madeOf(kind, parent) ?? assert.fail('nothing');
      assert.deepEqual(told(path === PODS ? defaultPod(ours) : withTemplate(ours)), told(made));
    });
});

/** By the one of that name. */
async function madeBy(plane: ControlPlane, path: string, owner: string): Promise<Raw> {
  const isMade = (item: Raw): boolean =>
    ((item.metadata as { ownerReferences?: { name: string }[] }).ownerReferences ?? []).some(
      ({ name }) => name === owner,
    );
  const body = await waitFor(plane, path, (list) => (list as { items: Raw[] }).items.some(isMade));
  return (body as { items: Raw[] }).items.find(isMade) ?? assert.fail('gone');
}

const withTemplate = (set: Raw): Raw => {
  const own = set.spec as Raw & { template: Raw };
  return { ...set, spec: { ...own, template: defaultTemplate(own.template) } };
};

/** Without what the server alone knows: names, hashes, uids, times. */
function told({ metadata: raw, spec: its }: Raw): unknown {
  const { labels: own, annotations, generateName, ownerReferences, finalizers } = raw as Raw;
  const { nodeName: _, ...rest } = its as Raw;
  return JSON.parse(
    JSON.stringify(plain({ labels: own, annotations, generateName, ownerReferences, finalizers, spec: rest })),
  );
}

function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each));
  if (isRaw(value))
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, each]) => (IGNORED.has(name) ? [] : [[name, plain(each, name)]])),
    );
  if (typeof value !== 'string') return value;
  if (MADE_UP.has(key)) return '*';
  return value.replace(/kube-api-access-\w+/, 'kube-api-access').replace(/^(web|db|agent)-[\w-]*$/, '$1-*');
}

const MADE_UP: ReadonlySet<string> = new Set([
  'uid',
  'pod-template-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'controller-revision-hash',
]);
const IGNORED: ReadonlySet<string> = new Set([
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'nodeAffinity',
  'creationTimestamp',
]);
