import type { Raw } from '../../../src/world/raw.ts';
import type { Random } from '../random.ts';
import { anyContainer, type Draft } from './good-pod.ts';

type Break = [name: string, apply: (draft: Draft, random: Random) => void];

/** What the server refuses as invalid before admission looks at it, and a few neighbours that it does not. */
export const BREAKS: readonly Break[] = [
  ['no image', (draft, random) => Object.assign(anyContainer(draft, random), { image: undefined })],
  ['an empty image', (draft, random) => Object.assign(anyContainer(draft, random), { image: '' })],
  ['an image with blanks around', (draft, random) => Object.assign(anyContainer(draft, random), { image: ' nginx ' })],
  ['no container', ({ spec }) => Object.assign(spec, { containers: [] })],
  [
    'two of one name',
    ({ spec }) =>
      void spec.containers.push({ ...spec.containers[0], name: spec.containers[0]?.name ?? '', securityContext: {} }),
  ],
  [
    'an init container of that name',
    ({ spec }) =>
      void spec.initContainers.push({ name: spec.containers[0]?.name ?? '', image: 'i', securityContext: {} }),
  ],
  ['a name with capitals', (draft, random) => Object.assign(anyContainer(draft, random), { name: 'App' })],
  ['a name with dots', (draft, random) => Object.assign(anyContainer(draft, random), { name: 'a.b' })],
  ['a name too long', (draft, random) => Object.assign(anyContainer(draft, random), { name: 'a'.repeat(64) })],
  ['no name', (draft, random) => Object.assign(anyContainer(draft, random), { name: '' })],
  ['a pod name with capitals', ({ metadata }) => Object.assign(metadata, { name: 'Web' })],
  ['a pod name with an underscore', ({ metadata }) => Object.assign(metadata, { name: 'a_b' })],
  ['privileged that may not escalate', inContext({ privileged: true, allowPrivilegeEscalation: false })],
  [
    'CAP_SYS_ADMIN that may not escalate',
    inContext({ capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false }),
  ],
  ['seccomp Localhost without a profile', anywhere({ seccompProfile: { type: 'Localhost' } })],
  [
    'seccomp with a profile it cannot have',
    anywhere({ seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'x' } }),
  ],
  ['seccomp profile up the tree', anywhere({ seccompProfile: { type: 'Localhost', localhostProfile: '../x' } })],
  ['seccomp profile from the root', anywhere({ seccompProfile: { type: 'Localhost', localhostProfile: '/x' } })],
  ['seccomp without a type', anywhere({ seccompProfile: {} })],
  ['seccomp of no type', anywhere({ seccompProfile: { type: 'unconfined' } })],
  ['AppArmor Localhost without a profile', anywhere({ appArmorProfile: { type: 'Localhost' } })],
  ['AppArmor Localhost with blanks', anywhere({ appArmorProfile: { type: 'Localhost', localhostProfile: ' a' } })],
  [
    'AppArmor with a profile it cannot have',
    anywhere({ appArmorProfile: { type: 'Unconfined', localhostProfile: 'x' } }),
  ],
  ['AppArmor without a type', anywhere({ appArmorProfile: {} })],
  ['AppArmor of no type', anywhere({ appArmorProfile: { type: 'Off' } })],
  [
    'an AppArmor annotation for nobody',
    ({ metadata }) =>
      Object.assign(metadata.annotations, { 'container.apparmor.security.beta.kubernetes.io/gone': 'unconfined' }),
  ],
  ['an AppArmor annotation of no kind', annotation('container.apparmor.security.beta.kubernetes.io/', 'mine "x"')],
  ['a seccomp annotation of no kind', annotation('container.seccomp.security.alpha.kubernetes.io/', 'mine')],
  [
    'a seccomp annotation for the pod of no kind',
    ({ metadata }) => Object.assign(metadata.annotations, { 'seccomp.security.alpha.kubernetes.io/pod': '' }),
  ],
  ['a seccomp annotation up the tree', annotation('container.seccomp.security.alpha.kubernetes.io/', 'localhost/../x')],
  [
    'annotation and field that differ',
    (draft, random) => {
      annotation(
        'container.seccomp.security.alpha.kubernetes.io/',
        random.pick(['unconfined', 'localhost/b', 'docker/default']),
      )(draft, random);
      for (const { securityContext } of draft.spec.containers)
        securityContext.seccompProfile = random.pick<Raw>([
          { type: 'RuntimeDefault' },
          { type: 'Localhost', localhostProfile: 'a' },
        ]);
    },
  ],
  [
    'AppArmor annotation and field that differ',
    (draft, random) => {
      annotation(
        'container.apparmor.security.beta.kubernetes.io/',
        random.pick(['unconfined', 'localhost/b', 'runtime/default', '']),
      )(draft, random);
      draft.spec.securityContext.appArmorProfile = random.pick<Raw>([
        { type: 'RuntimeDefault' },
        { type: 'Localhost', localhostProfile: 'b' },
      ]);
    },
  ],
  [
    'its own users and the host’s processes',
    ({ spec }, random) =>
      Object.assign(spec, { hostUsers: false, [random.pick(['hostPID', 'hostIPC', 'hostNetwork'])]: true }),
  ],
  ['Linux fields on Windows', ({ spec }) => Object.assign(spec, { os: { name: 'windows' } })],
  [
    'Linux fields on Windows, for certain',
    (draft, random) => {
      draft.spec.os = { name: 'windows' };
      Object.assign(
        random.pick([draft.spec, anyContainer(draft, random)]).securityContext,
        random.pick<Raw>(LINUX_FIELDS),
      );
      Object.assign(
        draft.spec,
        random.pick<Raw>([{}, { hostPID: true }, { hostUsers: true }, { shareProcessNamespace: false }]),
      );
    },
  ],
  [
    'Windows fields on Linux',
    (draft, random) => {
      draft.spec.os = { name: 'linux' };
      random.pick([draft.spec, anyContainer(draft, random)]).securityContext.windowsOptions = { hostProcess: false };
    },
  ],
  [
    'a system that does not exist',
    ({ spec }, random) => Object.assign(spec, { os: { name: random.pick(['Linux', '', 'plan9']) } }),
  ],
  ['Unmasked with the host’s users', inContext({ procMount: 'Unmasked' })],
  ['a procMount of no kind', inContext({ procMount: 'unmasked' })],
  ['a sysctl that is no name', sysctl('Kernel.X', 'a..b', '', 'net.ipv4.*')],
  ['a sysctl twice', sysctl('kernel.shm_rmid_forced', 'kernel.shm_rmid_forced')],
  [
    'a sysctl of the host’s network',
    (draft, random) =>
      sysctl('net.ipv4.tcp_syncookies', 'net/core/somaxconn')(
        Object.assign(draft, { spec: Object.assign(draft.spec, { hostNetwork: true }) }),
        random,
      ),
  ],
  [
    'a sysctl of the host’s IPC',
    (draft, random) =>
      sysctl(
        'kernel.shm_rmid_forced',
        'kernel.sem',
        'fs.mqueue.x',
      )(Object.assign(draft, { spec: Object.assign(draft.spec, { hostIPC: true }) }), random),
  ],
  [
    'another host port with the host’s network',
    (draft) => {
      draft.spec.hostNetwork = true;
      for (const container of draft.spec.containers.slice(0, 1))
        container.ports = [{ containerPort: 80, hostPort: 81 }];
    },
  ],
  [
    'ports the host’s network fills in',
    (draft, random) => {
      draft.spec.hostNetwork = true;
      anyContainer(draft, random).ports = [{ containerPort: 80 }, { containerPort: 81 }];
    },
  ],
  [
    'a port of the host twice',
    ({ spec }) =>
      Object.assign(spec.containers[0] ?? {}, {
        ports: [
          { containerPort: 1, hostPort: 9 },
          { containerPort: 2, hostPort: 9 },
        ],
      }),
  ],
  [
    'ports that are none',
    (draft, random) =>
      Object.assign(anyContainer(draft, random), {
        ports: [
          random.pick<Raw>([
            { containerPort: 0 },
            { containerPort: 70_000 },
            { containerPort: 1, hostPort: -1 },
            { containerPort: 1, protocol: 'tcp' },
            { containerPort: 1, name: 'Web' },
            { containerPort: 1, name: '123' },
          ]),
        ],
      }),
  ],
  [
    'two sources in one volume',
    ({ spec }) => void spec.volumes.push({ name: 'two', emptyDir: {}, hostPath: { path: '/' } }),
  ],
  [
    'a volume twice',
    ({ spec }) => void spec.volumes.push({ name: 'twin', emptyDir: {} }, { name: 'twin', emptyDir: {} }),
  ],
  ['a volume without a name', ({ spec }) => void spec.volumes.push({ name: '', emptyDir: {} })],
  ['a volume with a bad name', ({ spec }) => void spec.volumes.push({ name: 'A_b', emptyDir: {} })],
  [
    'a hostPath without a path',
    ({ spec }, random) =>
      void spec.volumes.push({
        name: 'h',
        hostPath: random.pick<Raw>([{ path: '' }, { path: '/a/../b' }, { path: '/', type: 'Dir' }]),
      }),
  ],
  [
    'sources that lack something',
    ({ spec }, random) =>
      void spec.volumes.push({
        name: 'lacks',
        ...random.pick<Raw>([
          { secret: {} },
          { configMap: {} },
          { nfs: { server: 's' } },
          { nfs: { server: 's', path: 'p' } },
          { persistentVolumeClaim: {} },
          { csi: {} },
          { gitRepo: {} },
        ]),
      }),
  ],
  [
    'a mount of nothing',
    (draft, random) =>
      Object.assign(anyContainer(draft, random), { volumeMounts: [{ name: 'gone', mountPath: '/x' }] }),
  ],
  [
    'a path mounted twice',
    (draft, random) => {
      draft.spec.volumes.push({ name: 'm' });
      anyContainer(draft, random).volumeMounts = [
        { name: 'm', mountPath: '/x' },
        { name: 'm', mountPath: '/x' },
      ];
    },
  ],
  ['ephemeral containers', ({ spec }) => Object.assign(spec, { ephemeralContainers: [{ name: 'debug', image: 'i' }] })],
  ['a restart policy of no kind', ({ spec }) => Object.assign(spec, { restartPolicy: 'Sometimes' })],
  [
    'a pull policy of no kind',
    (draft, random) => Object.assign(anyContainer(draft, random), { imagePullPolicy: 'never' }),
  ],
  ['a DNS policy of no kind', ({ spec }) => Object.assign(spec, { dnsPolicy: 'None' })],
  [
    'probes of an init container',
    ({ spec }) => {
      spec.initContainers = [
        {
          name: 'probed',
          image: 'i',
          securityContext: {},
          livenessProbe: { tcpSocket: { port: 1, host: 'h' } },
          lifecycle: { preStop: { exec: { command: ['x'] } } },
        },
      ];
    },
  ],
  ['a probe that does nothing', (draft) => void Object.assign(draft.spec.containers[0] ?? {}, { livenessProbe: {} })],
  [
    'a probe that does two things',
    (draft) =>
      void Object.assign(draft.spec.containers[0] ?? {}, {
        readinessProbe: { httpGet: { port: 1 }, tcpSocket: { port: 1 } },
      }),
  ],
  [
    'a probe of no port',
    (draft, random) =>
      void Object.assign(draft.spec.containers[0] ?? {}, {
        startupProbe: { tcpSocket: { port: random.pick([0, 70_000, '', 'No']) } },
      }),
  ],
  ['users that are none', anywhere({ runAsUser: -1 })],
  ['groups that are none', anywhere({ runAsGroup: 2 ** 31 })],
  [
    'HostProcess without the host’s network',
    ({ spec }) => Object.assign(spec.securityContext, { windowsOptions: { hostProcess: true } }),
  ],
  [
    'HostProcess of some',
    ({ spec }) => {
      spec.hostNetwork = true;
      const [first] = spec.containers;
      if (first) first.securityContext.windowsOptions = { hostProcess: true };
      spec.initContainers.push({ name: 'other', image: 'i', securityContext: {} });
    },
  ],
  [
    'HostProcess that pod and container disagree on',
    ({ spec }) => {
      spec.hostNetwork = true;
      spec.securityContext.windowsOptions = { hostProcess: true };
      const [first] = spec.containers;
      if (first) first.securityContext.windowsOptions = { hostProcess: false };
    },
  ],
  [
    'processes shared with the host and among each other',
    ({ spec }) => Object.assign(spec, { hostPID: true, shareProcessNamespace: true }),
  ],
  ['a node name that is none', ({ spec }) => Object.assign(spec, { nodeName: 'N_1' })],
  ['a deadline of nothing', ({ spec }) => Object.assign(spec, { activeDeadlineSeconds: 0 })],
  ['a host name that is none', ({ spec }) => Object.assign(spec, { hostname: 'a.b' })],
];

function inContext(fields: Raw): Break[1] {
  return (draft, random) => Object.assign(anyContainer(draft, random).securityContext, structuredClone(fields));
}

function anywhere(fields: Raw): Break[1] {
  return (draft, random) =>
    Object.assign(random.pick([draft.spec, anyContainer(draft, random)]).securityContext, structuredClone(fields));
}

function annotation(prefix: string, value: string): Break[1] {
  return ({ metadata, spec }) =>
    Object.assign(metadata.annotations, { [prefix + (spec.containers[0]?.name ?? '')]: value });
}

function sysctl(...names: string[]): Break[1] {
  return ({ spec }, random) => {
    spec.securityContext.sysctls = (names.length > 2 ? random.some(names, 1, 2) : names).map((name) => ({
      name,
      value: '1',
    }));
  };
}

const LINUX_FIELDS: readonly Raw[] = [
  { seLinuxOptions: {} },
  { seccompProfile: { type: 'RuntimeDefault' } },
  { runAsUser: 1 },
  { appArmorProfile: { type: 'Unconfined' } },
  { privileged: false },
  { allowPrivilegeEscalation: false },
  { capabilities: {} },
  { procMount: 'Default' },
  { fsGroup: 1 },
  { readOnlyRootFilesystem: true },
];
