import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admittedInNamespace } from '../../src/questions/admit/admitted.ts';
import { classify } from '../../src/questions/admit/kinds.ts';
import { writesFor } from '../../src/questions/admit/writes.ts';
import { child, type Raw } from '../../src/world/raw.ts';
import { NEWEST } from '../../src/world/version.ts';
import { cluster } from '../helpers/cluster.ts';
import { collectionPath, load } from '../helpers/load.ts';
import { withControlPlane } from '../helpers/real.ts';

/*
 * What the server takes of pods and of templates differs: some is filled in, and some is looked at, only when pods are
 * made. Each spec is sent as each kind, and where that is accepted the pod that its controller makes as well, all as
 * dry runs.
 */
const app = { name: 'app', image: 'app' };
const c = (more: object) => ({ containers: [{ ...app, ...more }] });
const p = (...ports: object[]) => c({ ports });
const vol = (volume: object) => ({
  ...c({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
  volumes: [{ name: 'v', ...volume }],
});

/** Of every kind that makes pods. */
const OF_ALL_KINDS: [why: string, spec: object][] = [
  ['nothing special', c({})],
  ['hostNetwork and a port', { hostNetwork: true, ...p({ containerPort: 80 }) }],
  ['hostNetwork and the same port of the host', { hostNetwork: true, ...p({ containerPort: 80, hostPort: 80 }) }],
  ['hostNetwork and the port 0 of the host', { hostNetwork: true, ...p({ containerPort: 80, hostPort: 0 }) }],
  ['hostNetwork and another port of the host', { hostNetwork: true, ...p({ containerPort: 80, hostPort: 81 }) }],
  [
    'hostNetwork and two containers with one port',
    {
      hostNetwork: true,
      containers: [
        { ...app, ports: [{ containerPort: 80 }] },
        { ...app, name: 'b', ports: [{ containerPort: 80 }] },
      ],
    },
  ],
  [
    'hostNetwork and one port by two protocols',
    {
      hostNetwork: true,
      containers: [
        { ...app, ports: [{ containerPort: 80 }] },
        { ...app, name: 'b', ports: [{ containerPort: 80, protocol: 'UDP' }] },
      ],
    },
  ],
  ['hostNetwork and a port twice', { hostNetwork: true, ...p({ containerPort: 80 }, { containerPort: 80 }) }],
  ['a port twice', p({ containerPort: 80 }, { containerPort: 80 })],
  [
    'one port of the host for two containers',
    {
      containers: [
        { ...app, ports: [{ containerPort: 80, hostPort: 80 }] },
        { ...app, name: 'b', ports: [{ containerPort: 81, hostPort: 80 }] },
      ],
    },
  ],
  [
    'hostNetwork and the port of an init container',
    { hostNetwork: true, ...c({}), initContainers: [{ ...app, name: 'i', ports: [{ containerPort: 80 }] }] },
  ],
  [
    'hostNetwork and another port of the host for an init container',
    {
      hostNetwork: true,
      ...c({}),
      initContainers: [{ ...app, name: 'i', ports: [{ containerPort: 80, hostPort: 81 }] }],
    },
  ],
  [
    'hostNetwork and a sidecar with the same port',
    {
      hostNetwork: true,
      ...p({ containerPort: 80 }),
      initContainers: [{ ...app, name: 'i', restartPolicy: 'Always', ports: [{ containerPort: 80 }] }],
    },
  ],
  ['hostNetwork and users of its own', { hostNetwork: true, hostUsers: false, ...c({}) }],
  ['a negative grace period', { ...c({}), terminationGracePeriodSeconds: -1 }],
  ['limits without requests', c({ resources: { limits: { cpu: '1' } } })],
  ['a hostname that is none', { ...c({}), hostname: 'A_b' }],
  ['a subdomain with a dot', { ...c({}), subdomain: 'x.y' }],
  ['a deadline', { ...c({}), activeDeadlineSeconds: 5 }],
  ['a node and a scheduling gate', { ...c({}), nodeName: 'n', schedulingGates: [{ name: 'g' }] }],
  ['an image with a blank before it', c({ image: ' x' })],
];

/** Of a pod and of a Deployment. */
const OF_TWO_KINDS: [why: string, spec: object][] = [
  ['port no number', p({ name: 'http' })],
  ['port str', p({ containerPort: '80' })],
  ['grace neg big', { ...c({}), terminationGracePeriodSeconds: -30 }],
  ['grace zero', { ...c({}), terminationGracePeriodSeconds: 0 }],
  ['huge limit', c({ resources: { limits: { 'hugepages-2Mi': '2Mi', cpu: 1, memory: '1Mi' } } })],
  ['ext limit', c({ resources: { limits: { 'example.com/gpu': 1 } } })],
  ['restart empty', { ...c({}), restartPolicy: '' }],
  ['restart null', { ...c({}), restartPolicy: null }],
  ['dns empty', { ...c({}), dnsPolicy: '' }],
  ['dns bad', { ...c({}), dnsPolicy: 'X' }],
  ['sa old', { ...c({}), serviceAccount: 'default' }],
  ['sa both', { ...c({}), serviceAccount: 'default', serviceAccountName: 'x' }],
  ['sa empty old', { ...c({}), serviceAccount: 'default', serviceAccountName: '' }],
  ['pull empty', c({ imagePullPolicy: '' })],
  ['pull bad', c({ imagePullPolicy: 'Sometimes' })],
  ['tmp bad', c({ terminationMessagePolicy: 'X' })],
  ['tm path empty', c({ terminationMessagePath: '' })],
  ['proto empty', p({ containerPort: 80, protocol: '' })],
  ['proto lower', p({ containerPort: 80, protocol: 'tcp' })],
  ['probe none', c({ livenessProbe: {} })],
  ['probe http empty', c({ livenessProbe: { httpGet: {} } })],
  ['probe http', c({ livenessProbe: { httpGet: { port: 80 } } })],
  ['probe http path', c({ livenessProbe: { httpGet: { port: 'http', path: '', scheme: '' } } })],
  [
    'probe zero',
    c({
      livenessProbe: {
        httpGet: { port: 80 },
        periodSeconds: 0,
        timeoutSeconds: 0,
        successThreshold: 0,
        failureThreshold: 0,
      },
    }),
  ],
  ['probe neg', c({ livenessProbe: { httpGet: { port: 80 }, periodSeconds: -1 } })],
  ['probe success2', c({ livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 } })],
  ['probe two', c({ livenessProbe: { httpGet: { port: 80 }, exec: { command: ['a'] } } })],
  ['probe grpc', c({ livenessProbe: { grpc: { port: 80 } } })],
  ['hook none', c({ lifecycle: { preStop: {} } })],
  ['hook sleep', c({ lifecycle: { preStop: { sleep: { seconds: 5 } } } })],
  ['hook sleep zero', c({ lifecycle: { preStop: { sleep: { seconds: 0 } } } })],
  ['hook http', c({ lifecycle: { preStop: { httpGet: { port: 80 } } } })],
  ['sc null', { ...c({ securityContext: null }), securityContext: null }],
  ['vol none', vol({})],
  ['vol null', vol({ emptyDir: null })],
  ['vol secret', vol({ secret: { secretName: 's' } })],
  ['vol secret none', vol({ secret: {} })],
  ['vol cm', vol({ configMap: { name: 'c' } })],
  ['vol cm none', vol({ configMap: {} })],
  ['vol host path', vol({ hostPath: { path: '/x' } })],
  ['vol host path bad', vol({ hostPath: { path: '/x', type: 'X' } })],
  ['vol host path none', vol({ hostPath: {} })],
  ['vol host path dots', vol({ hostPath: { path: '/x/../y' } })],
  ['vol iscsi', vol({ iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } })],
  ['vol rbd', vol({ rbd: { monitors: ['a'], image: 'i' } })],
  ['vol azure managed', vol({ azureDisk: { diskName: 'd', diskURI: '/subscriptions/x', kind: 'Managed' } })],
  ['vol scale', vol({ scaleIO: { gateway: 'g', system: 's', secretRef: { name: 's' }, volumeName: 'v' } })],
  ['vol nfs', vol({ nfs: { server: 's', path: '/x' } })],
  ['vol nfs rel', vol({ nfs: { server: 's', path: 'x' } })],
  ['vol git', vol({ gitRepo: { repository: 'r' } })],
  ['vol ebs', vol({ awsElasticBlockStore: { volumeID: 'v' } })],
  ['vol gce', vol({ gcePersistentDisk: { pdName: 'v' } })],
  ['vol csi', vol({ csi: { driver: 'd.example.com' } })],
  ['vol pvc', vol({ persistentVolumeClaim: { claimName: 'c' } })],
  ['vol downward', vol({ downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'metadata.name' } }] } })],
  ['vol proj token', vol({ projected: { sources: [{ serviceAccountToken: { path: 'x' } }] } })],
  ['vol proj trust', vol({ projected: { sources: [{ clusterTrustBundle: { name: 'a', path: 'x' } }] } })],
  [
    'vol ephemeral',
    vol({
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    }),
  ],
  ['vol ephemeral none', vol({ ephemeral: {} })],
  ['vol image', vol({ image: { reference: 'i' } })],
  ['vol image none', vol({ image: {} })],
  ['vol two', vol({ emptyDir: {}, hostPath: { path: '/x' } })],
  ['vol empty medium', vol({ emptyDir: { medium: 'Memory' } })],
  ['vol photon', vol({ photonPersistentDisk: { pdID: 'x' } })],
  ['vol quobyte', vol({ quobyte: { registry: 'a:1', volume: 'v' } })],
  ['vol storage os', vol({ storageos: { volumeName: 'a' } })],
  ['vol flex', vol({ flexVolume: { driver: 'a/b' } })],
  ['vol fc', vol({ fc: { targetWWNs: ['a'], lun: 0 } })],
  ['vol cinder', vol({ cinder: { volumeID: 'a' } })],
  ['vol ceph', vol({ cephfs: { monitors: ['a'] } })],
  ['vol gluster', vol({ glusterfs: { endpoints: 'e', path: 'p' } })],
  ['vol vsphere', vol({ vsphereVolume: { volumePath: 'e' } })],
  ['vol portworx', vol({ portworxVolume: { volumeID: 'e' } })],
  ['vol flocker', vol({ flocker: { datasetName: 'e' } })],
  ['vol azure file', vol({ azureFile: { secretName: 'e', shareName: 's' } })],
  [
    'mount twice',
    {
      ...c({
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/v' },
        ],
      }),
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  ],
  [
    'mount colon',
    { ...c({ volumeMounts: [{ name: 'v', mountPath: '/v:x' }] }), volumes: [{ name: 'v', emptyDir: {} }] },
  ],
  ['mount empty', { ...c({ volumeMounts: [{ name: 'v', mountPath: '' }] }), volumes: [{ name: 'v', emptyDir: {} }] }],
  ['env field', c({ env: [{ name: 'a', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] })],
  ['env field v', c({ env: [{ name: 'a', valueFrom: { fieldRef: { apiVersion: '', fieldPath: 'metadata.name' } } }] })],
  ['env no name', c({ env: [{ value: 'x' }] })],
  [
    'env dup',
    c({
      env: [
        { name: 'a', value: 'x' },
        { name: 'a', value: 'x' },
      ],
    }),
  ],
  ['env num', c({ env: [{ name: 'a', value: 1 }] })],
  ['pull secret', { ...c({}), imagePullSecrets: [{}] }],
  [
    'topo',
    { ...c({}), topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule' }] },
  ],
  ['set hostname', { ...c({}), setHostnameAsFQDN: true }],
  ['share', { ...c({}), hostPID: true, shareProcessNamespace: true }],
  ['os win', { ...c({}), os: { name: 'windows' } }],
  ['os win run', { ...c({ securityContext: { runAsUser: 1 } }), os: { name: 'windows' } }],
  ['os bad', { ...c({}), os: { name: 'beos' } }],
  ['ephemeral', { ...c({}), ephemeralContainers: [{ name: 'e', image: 'e' }] }],
  ['deadline zero', { ...c({}), activeDeadlineSeconds: 0 }],
  ['node name', { ...c({}), nodeName: 'n' }],
  ['gates', { ...c({}), schedulingGates: [{ name: 'g' }] }],
  ['sidecar bad', { ...c({ restartPolicy: 'Always' }) }],
  ['init probe', { ...c({}), initContainers: [{ ...app, name: 'i', livenessProbe: { httpGet: { port: 80 } } }] }],
  ['init same', { ...c({}), initContainers: [app] }],
  ['seccomp bad', c({ securityContext: { seccompProfile: { type: 'X' } } })],
  ['seccomp local', c({ securityContext: { seccompProfile: { type: 'Localhost' } } })],
  ['seccomp typeless', c({ securityContext: { seccompProfile: {} } })],
  ['run as neg', c({ securityContext: { runAsUser: -1 } })],
  ['ape', c({ securityContext: { privileged: true, allowPrivilegeEscalation: false } })],
  ['ape sys', c({ securityContext: { capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false } })],
  [
    'ape cap sys',
    c({ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false } }),
  ],
  ['proc mount', c({ securityContext: { procMount: 'Unmasked' } })],
  ['proc mount users', { ...c({ securityContext: { procMount: 'Unmasked' } }), hostUsers: false }],
  ['fs group neg', { ...c({}), securityContext: { fsGroup: -1 } }],
  ['sysctl', { ...c({}), securityContext: { sysctls: [{ name: 'a b', value: 'x' }] } }],
  [
    'sysctl dup',
    {
      ...c({}),
      securityContext: {
        sysctls: [
          { name: 'net.a', value: 'x' },
          { name: 'net.a', value: 'y' },
        ],
      },
    },
  ],
  ['sysctl host net', { ...c({}), hostNetwork: true, securityContext: { sysctls: [{ name: 'net.a', value: 'x' }] } }],
  ['app armor bad', c({ securityContext: { appArmorProfile: { type: 'Localhost' } } })],
  ['no containers', { containers: [] }],
  ['no name', { containers: [{ image: 'x' }] }],
  ['name upper', { containers: [{ name: 'App', image: 'x' }] }],
  ['hostname override', { ...c({}), hostnameOverride: 'x' }],
  [
    'win host process',
    { ...c({ securityContext: { windowsOptions: { hostProcess: true } } }), os: { name: 'windows' } },
  ],
  [
    'restart rules',
    c({
      restartPolicy: 'Never',
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }],
    }),
  ],
];

const labels = { app: 'web' };
const metadata = { namespace: 'shop', name: 'web' };
const never = (spec: object): object => ({ restartPolicy: 'Never', ...spec });
const workload =
  (apiVersion: string, kind: string, more: object = {}) =>
  (spec: object): Raw => ({
    ...{ apiVersion, kind, metadata },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec }, ...more },
  });
const job = (spec: object) => ({ template: { metadata: { labels }, spec: never(spec) } });
const KINDS: Record<string, (spec: object) => Raw> = {
  Pod: (spec) => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec }),
  Deployment: workload('apps/v1', 'Deployment'),
  ReplicaSet: workload('apps/v1', 'ReplicaSet'),
  DaemonSet: workload('apps/v1', 'DaemonSet'),
  StatefulSet: workload('apps/v1', 'StatefulSet', { serviceName: 'web' }),
  ReplicationController: workload('v1', 'ReplicationController', { selector: labels }),
  Job: (spec) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: job(spec) }),
  CronJob: (spec) => ({
    ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata },
    spec: { schedule: '0 0 * * *', jobTemplate: { spec: job(spec) } },
  }),
  PodTemplate: (spec) => ({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata,
    template: { metadata: { labels }, spec },
  }),
};
const ADMIN = { name: 'admin', groups: ['system:masters'] };

/** Admitted; refused itself; accepted, and its pods refused. */
function said(raw: Raw): 'admitted' | 'refused' | 'later' {
  const world = cluster().namespace('shop').account('shop', 'default').account('shop', 'x').world();
  const { verdict, refusedLater } = admittedInNamespace({ ...kindOf(raw), raw, from: 'file:1' }, 'shop', ADMIN, world);
  assert.notEqual(verdict, 'depends');
  return verdict === 'yes' ? 'admitted' : refusedLater ? 'later' : 'refused';
}

function kindOf(raw: Raw) {
  const found = classify(String(raw.apiVersion), String(raw.kind));
  return found.is === 'pods' ? { kind: found.kind } : assert.fail(`${raw.kind} makes no pods`);
}

const writes = (raw: Raw) => writesFor(kindOf(raw).kind, raw, 'shop', ADMIN, NEWEST);

/** The spec of the pod or of the template. */
function specOf(object: Raw): Raw {
  if (object.kind === 'Pod') return child(object, 'spec');
  const holder = object.kind === 'PodTemplate' ? object : child(object, 'spec');
  return child(
    child(object.kind === 'CronJob' ? child(child(holder, 'jobTemplate'), 'spec') : holder, 'template'),
    'spec',
  );
}

/** Each value by its path, but for what only a server knows, and quantities that it writes otherwise. */
function values(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null)
    return OWN.test(`${path} ${value}`) ? [] : [`${path} ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, each]) => values(each, `${path}.${key}`));
}
const OWN = /kube-api-access|\.tolerations\.|creationTimestamp/;

await withControlPlane({ controllers: [] }, async (plane) => {
  const account = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'shop', name },
  });
  await load(plane, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    account('default'),
    account('x'),
  ]);
  const send = (raw: Raw) =>
    plane.request('POST', `${collectionPath({ apiVersion: '', kind: '', ...raw })}?dryRun=All`, raw) as Promise<{
      status: number;
      body: Raw;
    }>;

  const rows = [
    ...OF_ALL_KINDS.flatMap(([why, spec]) => Object.keys(KINDS).map((kind) => ({ why, spec, kind }))),
    ...OF_TWO_KINDS.flatMap(([why, spec]) => ['Pod', 'Deployment'].map((kind) => ({ why, spec, kind }))),
  ];
  const counts = { admitted: 0, refused: 0, later: 0 };
  for (const { why, spec, kind } of rows)
    test(`the server agrees with what becomes of a ${kind} with ${why}`, async () => {
      const raw = KINDS[kind]?.(spec) ?? assert.fail();
      const own = await send(raw);
      const ours = said(raw);
      if (own.status >= 300) return assert.equal(ours, 'refused', JSON.stringify(own.body.message));
      const made = kind === 'Pod' ? own : await send({ ...writes(raw).sent, apiVersion: 'v1', kind: 'Pod' });
      assert.equal(ours, made.status < 300 ? 'admitted' : 'later', JSON.stringify(made.body.message));
      counts[ours] += 1;
      assert.deepEqual(
        values(specOf({ ...writes(raw).requests[0].object, kind })).sort(),
        values(specOf({ ...own.body, kind })).sort(),
      );
    });

  test('each outcome is there', () => assert.ok(counts.admitted > 150 && counts.later >= 20, JSON.stringify(counts)));
});
