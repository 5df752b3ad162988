import type { Raw } from '../../../src/world/raw.ts';
import type { Random } from '../random.ts';

/** A pod being made: containers of every kind that may be created, and what is around them. */
export interface Draft {
  metadata: { name: string; annotations: Record<string, string>; labels: Record<string, string> };
  spec: Raw & { containers: DraftContainer[]; initContainers: DraftContainer[]; volumes: Raw[]; securityContext: Raw };
}

export type DraftContainer = Raw & { name: string; securityContext: Raw };

export const containersOf = ({ spec }: Draft): DraftContainer[] => [...spec.initContainers, ...spec.containers];

/**
 * A pod that the level lets in, in each of its versions where a newer one does not relax or widen it. No two look
 * alike.
 */
export function goodPod(random: Random, level: string, minor: number): Draft {
  const draft = bare(random);
  const isWindows = random.chance(0.08);
  if (isWindows) draft.spec.os = { name: 'windows' };
  if (level === 'restricted') restrict(draft, random, isWindows);
  for (const decorate of random.some(isWindows ? ANYWHERE : [...ANYWHERE, ...ON_LINUX], 0, 5))
    decorate(draft, random, minor);
  if (level === 'restricted' && !isWindows && random.chance(0.15)) relax(draft, random, minor);
  if (level !== 'restricted' && !isWindows) for (const loosen of random.some(LOOSER, 0, 3)) loosen(draft, random);
  return draft;
}

function bare(random: Random): Draft {
  const container = (name: string): DraftContainer => ({ name, image: random.pick(IMAGES), securityContext: {} });
  const containers = random.some(['app', 'sidecar', 'proxy', 'c-4'], 1, 3).map(container);
  const initContainers = random.chance(0.35) ? random.some(['init', 'setup'], 1, 2).map(container) : [];
  return {
    metadata: { name: 'generated', annotations: {}, labels: {} },
    spec: { containers, initContainers, volumes: [], securityContext: {} },
  };
}

/** What restricted asks for is said by the pod, or by each container, or by both. */
function restrict(draft: Draft, random: Random, isWindows: boolean): void {
  const everywhere: [Raw, ...Raw[]] = [
    draft.spec.securityContext,
    ...containersOf(draft).map(({ securityContext }) => securityContext),
  ];
  const say = (field: string, value: () => unknown): void => {
    const [pod, ...containers] = everywhere;
    const how = random.pick(['pod', 'containers', 'both']);
    if (how !== 'containers') pod[field] = value();
    if (how !== 'pod')
      for (const each of how === 'both' ? random.some(containers, 0, 2) : containers) each[field] = value();
  };
  say('runAsNonRoot', () => true);
  if (isWindows) return;
  say('seccompProfile', () => random.pick(PROFILES)());
  for (const { securityContext } of containersOf(draft)) {
    securityContext.allowPrivilegeEscalation = false;
    securityContext.capabilities = {
      drop: random.pick([['ALL'], ['ALL', 'NET_RAW'], ['CHOWN', 'ALL']]),
      ...(random.chance(0.2) && { add: ['NET_BIND_SERVICE'] }),
    };
  }
}

/** Root is nobody in a pod with users of its own, as newer policies see it. */
function relax(draft: Draft, random: Random, minor: number): void {
  draft.spec.hostUsers = false;
  if (minor < 35) return;
  const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
  Object.assign(securityContext, random.pick<Raw>([{ runAsNonRoot: false }, { runAsNonRoot: null }, { runAsUser: 0 }]));
}

type Change = (draft: Draft, random: Random, minor: number) => void;

/** A container of any kind. */
export const anyContainer = (draft: Draft, random: Random): DraftContainer => random.pick(containersOf(draft));

const addVolume = (draft: Draft, random: Random, volume: Raw): void => {
  const name = `v${draft.spec.volumes.length}`;
  draft.spec.volumes.push({ name, ...volume });
  if (random.chance(0.5)) anyContainer(draft, random).volumeMounts = [{ name, mountPath: `/mnt/${name}` }];
};

/** What no check minds, on any system. */
const ANYWHERE: readonly Change[] = [
  (draft, random) => {
    for (const volume of random.some(VOLUMES, 1, 4)) addVolume(draft, random, volume());
  },
  (draft, random) => {
    const container = random.pick(draft.spec.containers);
    const handler = random.pick<Raw>([
      { httpGet: { port: 80 } },
      { tcpSocket: { port: 'web' } },
      { exec: { command: ['true'] } },
    ]);
    container[random.pick(['livenessProbe', 'readinessProbe', 'startupProbe'])] = { ...handler };
    container.lifecycle = { [random.pick(['postStart', 'preStop'])]: { httpGet: { port: 80, host: '' } } };
  },
  (draft, random) => {
    anyContainer(draft, random).ports = random.some<Raw>(
      [{ containerPort: 80 }, { containerPort: 81, hostPort: 0, name: 'web' }],
      1,
      2,
    );
  },
  ({ metadata }, random) => Object.assign(metadata.labels, random.pick([{ app: 'web' }, { team: 'a', tier: 'b' }])),
  ({ metadata }, random) =>
    Object.assign(metadata.annotations, random.pick([{ note: 'unconfined' }, { 'example.com/x': '' }])),
  ({ spec }, random) => Object.assign(spec, random.pick(PLAIN_SPECS)),
  ({ spec }) =>
    Object.assign(spec, { automountServiceAccountToken: false, hostNetwork: false, hostPID: false, hostIPC: false }),
  ({ spec }, random) => {
    const [first] = spec.initContainers;
    if (first)
      Object.assign(
        first,
        { restartPolicy: 'Always' },
        random.chance(0.5) && { readinessProbe: { tcpSocket: { port: 1 } } },
      );
  },
];

/** What no check minds where the kernel is Linux. */
const ON_LINUX: readonly Change[] = [
  ({ spec }, random, minor) => {
    const names = SYSCTLS.filter(([, since]) => since <= minor).map(([name]) => name);
    spec.securityContext.sysctls = random.some(names, 1, 3).map((name) => ({ name, value: '1' }));
  },
  (draft, random, minor) => {
    const types = [
      '',
      'container_t',
      'container_init_t',
      'container_kvm_t',
      ...(minor >= 31 ? ['container_engine_t'] : []),
    ];
    const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
    securityContext.seLinuxOptions = random.pick<Raw>([
      { type: random.pick(types) },
      { level: 's0:c1,c2', type: random.pick(types) },
    ]);
  },
  (draft, random) => {
    const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
    securityContext.appArmorProfile = random.pick<Raw>([
      { type: 'RuntimeDefault' },
      { type: 'Localhost', localhostProfile: 'mine' },
    ]);
  },
  (draft, random) => {
    const { name } = anyContainer(draft, random);
    const isSaid = [draft.spec, ...containersOf(draft)].some(({ securityContext }) => securityContext.appArmorProfile);
    if (!isSaid) draft.metadata.annotations[APP_ARMOR + name] = random.pick(['', 'runtime/default', 'localhost/mine']);
  },
  (draft, random) => {
    anyContainer(draft, random).securityContext.procMount = 'Default';
  },
  ({ spec }, random) => {
    spec.hostUsers = random.chance(0.5);
  },
  (draft, random) => {
    const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
    securityContext.runAsUser = random.pick([1, 1000]);
  },
  ({ spec }, random) =>
    Object.assign(
      spec.securityContext,
      random.pick([{ fsGroup: 0 }, { supplementalGroups: [0, 10] }, { runAsGroup: 0 }]),
    ),
  (draft) => {
    if (!draft.spec.os)
      anyContainerOf(draft).securityContext.windowsOptions = { hostProcess: false, runAsUserName: 'ContainerUser' };
  },
  ({ spec }) => {
    if (!containersHaveWindowsOptions(spec)) spec.os = { name: 'linux' };
  },
];

/** What baseline lets be and restricted does not. */
const LOOSER: readonly ((draft: Draft, random: Random) => void)[] = [
  (draft, random) => {
    anyContainer(draft, random).securityContext.capabilities = {
      add: random.some(DEFAULT_CAPABILITIES, 1, 4),
      drop: random.some(['ALL', 'KILL'], 0, 1),
    };
  },
  (draft, random) => {
    const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
    Object.assign(securityContext, random.pick([{ runAsUser: 0 }, { runAsNonRoot: false }]));
  },
  (draft, random) => {
    anyContainer(draft, random).securityContext.allowPrivilegeEscalation = true;
  },
  (draft, random) => addVolume(draft, random, random.pick(MORE_VOLUMES)()),
  (draft, random) => {
    const { securityContext } = random.pick([draft.spec, anyContainer(draft, random)]);
    securityContext.seccompProfile = random.pick(PROFILES)();
  },
];

const anyContainerOf = ({ spec }: Draft): DraftContainer => spec.containers[0] as DraftContainer;

const containersHaveWindowsOptions = ({ containers, initContainers }: Draft['spec']): boolean =>
  [...containers, ...initContainers].some(({ securityContext }) => securityContext.windowsOptions);

export const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

const DEFAULT_CAPABILITIES = [
  ...[
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
    'SETUID',
  ],
  'SYS_CHROOT',
];

/** With the policy version that first allows each. */
export const SYSCTLS: readonly [name: string, since: number][] = [
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
];

const PROFILES: readonly (() => Raw)[] = [
  () => ({ type: 'RuntimeDefault' }),
  () => ({ type: 'Localhost', localhostProfile: 'a/b.json' }),
];

const VOLUMES: readonly (() => Raw)[] = [
  () => ({}),
  () => ({ emptyDir: { medium: 'Memory' } }),
  () => ({ configMap: { name: 'c' } }),
  () => ({ secret: { secretName: 's', defaultMode: 0 } }),
  () => ({
    projected: {
      sources: [{ serviceAccountToken: { path: 't' } }, { downwardAPI: { items: [{ path: 'n', fieldRef: FIELD }] } }],
    },
  }),
  () => ({ downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } }),
  () => ({ persistentVolumeClaim: { claimName: 'p' } }),
  () => ({ image: { reference: 'registry.example.com/data:v1' } }),
  () => ({ nobodyKnows: { path: '/' } }),
  () => ({ csi: { driver: 'd.example.com' } }),
  () => ({
    ephemeral: {
      volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    },
  }),
];
const FIELD = { fieldPath: 'metadata.namespace' };

/** Sources that baseline minds not. */
export const MORE_VOLUMES: readonly (() => Raw)[] = [
  () => ({ nfs: { server: 's', path: '/p' } }),
  () => ({ gitRepo: { repository: 'r' } }),
  () => ({ iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:storage', lun: 0 } }),
  () => ({ glusterfs: { endpoints: 'e', path: 'p' } }),
  () => ({ rbd: { monitors: ['m'], image: 'i' } }),
  () => ({ flexVolume: { driver: 'a/b' } }),
  () => ({ cinder: { volumeID: 'v' } }),
  () => ({ cephfs: { monitors: ['m'] } }),
  () => ({ fc: { wwids: ['w'] } }),
  () => ({ azureFile: { secretName: 's', shareName: 'n' } }),
  () => ({ azureDisk: { diskName: 'd', diskURI: 'https://blob/d' } }),
  () => ({ vsphereVolume: { volumePath: 'p' } }),
  () => ({ quobyte: { registry: 'r:1', volume: 'v' } }),
  () => ({ portworxVolume: { volumeID: 'v' } }),
  () => ({ scaleIO: { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 's' } } }),
  () => ({ storageos: { volumeName: 'v' } }),
  () => ({ photonPersistentDisk: { pdID: 'p' } }),
  () => ({ flocker: { datasetName: 'd' } }),
  () => ({ gcePersistentDisk: { pdName: 'p' } }),
  () => ({ awsElasticBlockStore: { volumeID: 'v' } }),
];

const IMAGES = [
  'nginx',
  'nginx:latest',
  'nginx:1.29',
  'registry.example.com:5000/a/b',
  'a/b@sha256:'.padEnd(75, '0'),
  'Not An Image',
  'ghcr.io/x/y:latest',
];

const PLAIN_SPECS: readonly Raw[] = [
  { restartPolicy: 'Never' },
  { dnsPolicy: 'Default', hostname: 'h', subdomain: '' },
  { terminationGracePeriodSeconds: -5 },
  { tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }], nodeSelector: { a: 'b' } },
  { serviceAccountName: 'default' },
  { serviceAccount: 'default', schedulerName: 'mine' },
  { enableServiceLinks: false, shareProcessNamespace: true },
];
