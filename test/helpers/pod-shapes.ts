import assert from 'node:assert/strict';
import type { Raw } from '../../src/world/raw.ts';
import type { ControlPlane } from './control-plane.ts';
import { load } from './load.ts';
import { generateCases } from './pod-security/cases.ts';
import { must } from './pod-security/stage.ts';
import { random } from './random.ts';

/**
 * Makes pods of all shapes in namespace `pods`, with statuses as the kubelet might have written them. Resolves with how
 * many the server took.
 */
export async function makePods(plane: ControlPlane): Promise<number> {
  await load(plane, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'pods' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'pods', name: 'default' } },
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'sandbox' }, handler: 'runsc' },
  ]);
  const generated = generateCases(7, { major: 1, minor: 37 }, { alone: 12, good: 30, mixed: 60, invalid: 0 }).map(
    ({ pod }) => pod,
  );
  const made = await Promise.all([EVERYTHING, ...generated].map((pod, index) => make(plane, pod, `p${index}`)));
  await must(plane, 'PUT', '/api/v1/namespaces/pods/pods/p0/ephemeralcontainers', await debugged(plane));
  await must(plane, 'PUT', '/api/v1/namespaces/pods/pods/p0/status', { ...(await get(plane)), status: STATUSES });
  return made.filter((each) => each).length;
}

/** All that a reduction looks at and no generated pod has. */
const EVERYTHING = {
  metadata: {
    name: 'everything',
    labels: { app: 'web', empty: '' },
    annotations: { note: 'ключ🙂' },
    ownerReferences: [
      { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'a' },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d7', uid: 'b', controller: true },
    ],
  },
  spec: {
    nodeName: 'n1',
    nodeSelector: { pool: 'b' },
    runtimeClassName: 'sandbox',
    shareProcessNamespace: true,
    restartPolicy: 'OnFailure',
    volumes: [
      { name: 'host', hostPath: { path: '/var/log' } },
      { name: 'claim', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'driver', csi: { driver: 'csi.example.com' } },
      { name: 'flex', flexVolume: { driver: 'example.com/flex' } },
      { name: 'secret', secret: { secretName: 'tls' } },
      {
        name: 'token',
        projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'x' } }] },
      },
      { name: 'image', image: { reference: 'registry.example/x' } },
      { name: 'own', emptyDir: {} },
    ],
    initContainers: [
      { name: 'mesh', image: 'i', restartPolicy: 'Always', securityContext: { capabilities: { add: ['NET_ADMIN'] } } },
    ],
    containers: [
      {
        name: 'app',
        image: 'i',
        ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }],
        env: [
          { name: 'A', value: 'b' },
          { name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } },
        ],
        envFrom: [{ secretRef: { name: 'all' } }, { configMapRef: { name: 'c' } }],
        volumeMounts: [
          { name: 'host', mountPath: '/log', readOnly: true, subPath: 'pods' },
          { name: 'secret', mountPath: '/tls', subPathExpr: '$(A)' },
          { name: 'token', mountPath: '/token' },
        ],
        volumeDevices: [{ name: 'claim', devicePath: '/dev/x' }],
        livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } },
        startupProbe: { tcpSocket: { port: 80, host: '10.0.0.2' } },
        lifecycle: { preStop: { httpGet: { port: 80, host: '10.0.0.3' } } },
        securityContext: { readOnlyRootFilesystem: true, runAsUser: 2147483647, allowPrivilegeEscalation: false },
      },
    ],
  },
};

const STATUSES = {
  phase: 'Running',
  initContainerStatuses: [{ name: 'mesh', state: { running: { startedAt: '2026-01-01T00:00:00Z' } }, ...seen(0) }],
  containerStatuses: [{ name: 'app', state: { terminated: { exitCode: -1 } }, ...seen(2147483647) }],
  ephemeralContainerStatuses: [{ name: 'debug', state: { waiting: { reason: 'x' } }, ...seen(null) }],
};

function seen(uid: number | null) {
  const user = uid === null ? {} : { user: { linux: { uid, gid: 0 } } };
  return { image: 'i', imageID: '', ready: false, restartCount: 0, ...user };
}

/** Some are refused by checks that no plug-in leaves out. */
async function make(plane: ControlPlane, pod: Raw, name: string): Promise<boolean> {
  const metadata = { ...(pod.metadata as Raw), name, namespace: 'pods' };
  const { status, body } = await plane.request('POST', '/api/v1/namespaces/pods/pods', { ...pod, metadata });
  assert.ok(pod !== EVERYTHING || status === 201, JSON.stringify(body));
  if (status === 201 && pod !== EVERYTHING) await report(plane, name);
  return status === 201;
}

/** A status as the kubelet might have written it. */
async function report(plane: ControlPlane, name: string): Promise<void> {
  const path = `/api/v1/namespaces/pods/pods/${name}`;
  const { body } = await plane.request('GET', path);
  const { spec } = body as { spec: { containers: { name: string }[]; initContainers?: { name: string }[] } };
  const dice = random(name.length * 1000 + Number(name.slice(1)));
  const states = [{ running: {} }, { waiting: {} }, { terminated: { exitCode: dice.pick([0, 1, 137]) } }];
  const of = (containers: { name: string }[] = []) =>
    containers.map((each) => ({ name: each.name, state: dice.pick(states), ...seen(dice.pick([null, 0, 1000])) }));
  const status = {
    phase: dice.pick(['Running', 'Pending', 'Succeeded']),
    containerStatuses: of(spec.containers),
    initContainerStatuses: of(spec.initContainers),
  };
  await plane.request('PUT', `${path}/status`, { ...(body as Raw), status });
}

async function get(plane: ControlPlane): Promise<Raw> {
  return (await plane.request('GET', '/api/v1/namespaces/pods/pods/p0')).body as Raw;
}

async function debugged(plane: ControlPlane): Promise<Raw> {
  const pod = await get(plane);
  const ephemeralContainers = [
    { name: 'debug', image: 'i', securityContext: { capabilities: { add: ['SYS_PTRACE'] } } },
  ];
  return { ...pod, spec: { ...(pod.spec as Raw), ephemeralContainers } };
}
