import type { Raw } from '../../world/raw.ts';

/** How far the code in a pod gets, strongest first. */
export const STRENGTHS = ['node root', 'host namespaces only', 'root in a container', 'restricted'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** A pod that is made for exactly one privilege, so that what admission says of the pod it says of the privilege. */
export interface Probe {
  /** Id of the technique, which `explain ID` explains. */
  id: string;
  /** The privilege in few words. */
  words: string;
  strength: Strength;
  /**
   * Variants of a pod spec with the privilege. The first sets nothing else at all. The second obeys every other rule
   * that people write: it has resources and probes, a user that is not root, and nothing else allowed. Those after them
   * are fallbacks, which leave out fields whose values a cluster may choose by itself. They are only tried where a
   * refusal rests on such a field (`isFallback`, `LEFT_OUT_BY_FALLBACKS`). Admission that refuses all variants refuses
   * the privilege.
   */
  specs: readonly Raw[];
}

/**
 * Matches the path of a field that fallbacks leave out. OpenShift gives each namespace users and groups of its own and
 * refuses all others, its older SCCs refuse a seccomp profile too, and its newest demand a user namespace.
 */
export const LEFT_OUT_BY_FALLBACKS = /\b(runAsUser|runAsGroup|fsGroup|supplementalGroups|seccompProfile|hostUsers)\b/;

const IMAGE = 'registry.k8s.io/pause:3.10';
const NAME = 'whocan-escalate';

interface Privilege {
  pod?: Raw;
  container?: Raw;
  /** Capabilities on top of none. */
  add?: readonly string[];
  volume?: Raw;
  /** Whether the privilege only makes sense if the process may become root, which the obedient variant forbids. */
  needsEscalation?: true;
}

/**
 * The variants of a pod with the privilege: with nothing else, as well-behaved as the privilege allows, and that one
 * without users and groups, and without seccomp as well.
 */
function variantsOf({ pod = {}, container = {}, add, volume, needsEscalation }: Privilege): Raw[] {
  const volumes = volume ? { volumes: [{ name: 'node', ...volume }] } : {};
  const mounts = volume ? { volumeMounts: [{ name: 'node', mountPath: '/node' }] } : {};
  const capabilities = add ? { capabilities: { add: [...add] } } : {};
  const obedient = {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 0,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], ...(add ? { add: [...add] } : {}) },
    seccompProfile: { type: 'RuntimeDefault' },
    ...container,
  };
  const { allowPrivilegeEscalation: _, ...escalating } = obedient;
  const probe = { exec: { command: ['true'] } };
  const resources = { cpu: '10m', memory: '16Mi', 'ephemeral-storage': '16Mi' };
  const behaved = (leave: (context: Raw) => Raw): Raw => ({
    ...{ automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 30 },
    securityContext: leave({
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    ...pod,
    containers: [
      {
        ...{ name: NAME, image: IMAGE, imagePullPolicy: 'Always', livenessProbe: probe, readinessProbe: probe },
        resources: { requests: resources, limits: resources },
        securityContext: { ...leave(needsEscalation ? escalating : obedient), ...container },
        ...mounts,
      },
    ],
    ...volumes,
  });
  const fallbacks = [withoutIds, (context: Raw) => withoutSeccomp(withoutIds(context))].map(behaved);
  for (const spec of fallbacks) FALLBACKS.add(spec);
  return [
    {
      ...pod,
      containers: [{ name: NAME, image: IMAGE, securityContext: { ...capabilities, ...container }, ...mounts }],
      ...volumes,
    },
    behaved((context) => context),
    ...fallbacks,
  ];
}

const withoutIds = ({ runAsUser: _, runAsGroup: __, fsGroup: ___, ...context }: Raw): Raw => context;
const withoutSeccomp = ({ seccompProfile: _, ...context }: Raw): Raw => context;

/** Whether a variant only leaves out fields of one before it. */
export const isFallback = (spec: Raw): boolean => FALLBACKS.has(spec);

const FALLBACKS = new WeakSet<Raw>();

const hostPath = (path: string): Privilege => ({ volume: { hostPath: { path } } });

const probe = (id: string, words: string, strength: Strength, privilege: Privilege): Probe => ({
  id,
  words,
  strength,
  specs: variantsOf(privilege),
});

/** A pod without any privilege, which nobody has a reason to refuse. */
export const HARMLESS: Probe = {
  ...{ id: 'container-restricted', words: 'a user that is not root, without capabilities', strength: 'restricted' },
  specs: [...variantsOf({}).slice(1), ...variantsOf({ pod: { hostUsers: false } }).slice(2)],
};

/** The probes, strongest first: those that take the node, those that enter its namespaces, those that stay inside. */
export const PROBES: readonly Probe[] = [
  probe('priv-container', 'privileged container', 'node root', {
    container: { privileged: true },
    needsEscalation: true,
  }),
  probe('hostpath-root', 'hostPath /', 'node root', hostPath('/')),
  probe('hostpath-kubelet', 'hostPath /var/lib/kubelet', 'node root', hostPath('/var/lib/kubelet')),
  probe('hostpath-runtime-socket', 'hostPath of the runtime socket', 'node root', hostPath('/run/containerd')),
  probe('cap-sys-ptrace', 'SYS_PTRACE with hostPID', 'node root', { pod: { hostPID: true }, add: ['SYS_PTRACE'] }),
  probe('cap-sys-admin', 'capability SYS_ADMIN', 'node root', { add: ['SYS_ADMIN'], needsEscalation: true }),
  probe('cap-sys-module', 'capability SYS_MODULE', 'node root', { add: ['SYS_MODULE'] }),
  probe('hostpid', 'hostPID', 'host namespaces only', { pod: { hostPID: true } }),
  probe('hostnetwork', 'hostNetwork', 'host namespaces only', { pod: { hostNetwork: true } }),
  probe('hostipc', 'hostIPC', 'host namespaces only', { pod: { hostIPC: true } }),
  probe('container-root', 'user 0 with the runtime’s default capabilities', 'root in a container', {
    pod: { securityContext: { runAsNonRoot: false, runAsUser: 0 } },
    container: {
      runAsNonRoot: false,
      runAsUser: 0,
      capabilities: {},
      allowPrivilegeEscalation: true,
      readOnlyRootFilesystem: false,
    },
  }),
  HARMLESS,
];

/**
 * A pod with a claim of a hostPath PersistentVolume, which Pod Security does not look through. It reaches the socket of
 * the runtime, which is open to group 0.
 */
export const VOLUME_CLAIM_PROBE: Probe = probe('pv-hostpath', 'hostPath through a PersistentVolume', 'node root', {
  volume: { persistentVolumeClaim: { claimName: NAME } },
});

/** The name of the objects that probes are made of, and of their container. */
export const PROBE_NAME = NAME;
