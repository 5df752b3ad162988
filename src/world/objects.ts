import type { Raw } from './raw.ts';

/**
 * The objects as the questions see them: only the fields that an answer uses. `namespace` is null for a cluster-scoped
 * object.
 */

export interface Named {
  namespace: string | null;
  name: string;
}

/**
 * The dates of the object as it is, never of a grant: `changed` and `manager` are those of the last write that
 * managedFields show.
 */
export interface Provenance {
  created: string | null;
  changed: string | null;
  manager: string | null;
}

export interface Rule {
  verbs: readonly string[];
  apiGroups: readonly string[];
  resources: readonly string[];
  resourceNames: readonly string[];
  nonResourceURLs: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  matchLabels: Labels;
  matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
}

export interface Role extends Named, Provenance {
  kind: 'Role' | 'ClusterRole';
  labels: Labels;
  rules: readonly Rule[];
  /** aggregationRule.clusterRoleSelectors; null where there is no aggregationRule. */
  selectors: readonly LabelSelector[] | null;
}

export interface Subject {
  kind: string;
  /** As written: null where the binding leaves it out. */
  namespace: string | null;
  name: string;
}

export interface Binding extends Named, Provenance {
  kind: 'RoleBinding' | 'ClusterRoleBinding';
  roleRef: { kind: string; name: string };
  subjects: readonly Subject[];
}

export interface Owner {
  /** API group of its kind; absent where the reference does not say. */
  group?: string;
  kind: string;
  name: string;
}

/** A profile of seccomp or AppArmor, as the API spells its type: RuntimeDefault, Localhost, Unconfined. */
export interface Profile {
  type: string;
  localhostProfile: string | null;
}

/** What the security context of a pod says, and that of a container may say again; null where it is silent. */
export interface SecurityContext {
  runAsUser: number | null;
  runAsNonRoot: boolean | null;
  seccomp: Profile | null;
  appArmor: Profile | null;
  seLinuxType: string | null;
  hostProcess: boolean | null;
}

/** What that of a container says besides. Those that say the same are one object. */
export interface ContainerContext extends SecurityContext {
  privileged: boolean;
  allowPrivilegeEscalation: boolean | null;
  /** Names of capabilities as they are written. */
  add: readonly string[];
  drop: readonly string[];
  procMount: string | null;
  readOnlyRootFilesystem: boolean;
}

/** What the kubelet reports of a container; null where it has reported nothing yet. */
export interface ContainerStatus {
  state: 'running' | 'waiting' | 'terminated';
  exitCode: number | null;
  /** The user of its first process, where the runtime tells. */
  uid: number | null;
}

/** A mount of a volume that is kept, or with `device` a block device. */
export interface Mount {
  volume: string;
  /** In the container. */
  path: string;
  readOnly: boolean;
  /**
   * `Enabled`, `IfPossible`; null: what is mounted below the volume's own root stays writable, even where `readOnly` is
   * set.
   */
  recursiveReadOnly: string | null;
  /** By subPath or subPathExpr: only something inside of the volume. */
  subPath: string | null;
  device: boolean;
}

export interface ContainerFacts {
  name: string;
  /** `sidecar`: an init container that runs as long as the pod. */
  kind: 'init' | 'sidecar' | 'regular' | 'ephemeral';
  /** Paths at which a volume with a service account token is mounted. */
  tokenPaths: readonly string[];
  context: ContainerContext;
  status: ContainerStatus | null;
  /** Its own restartPolicy; null where that of the pod holds. */
  restartPolicy: string | null;
  mounts: readonly Mount[];
  hostPorts: readonly number[];
  /** Hosts that probes and hooks name. */
  probeHosts: readonly string[];
  /** Secrets that its environment is made from. */
  secrets: readonly string[];
}

/**
 * A volume, unless it is one of the pod's own: an emptyDir, or made from the API. `detail`: path, driver, claim, Secret
 * or reference. A projected one is as many as it has Secrets, each with its name. An ephemeral volume is the claim that
 * is made for it.
 */
export interface Volume {
  name: string;
  /** The field that says of what: hostPath, persistentVolumeClaim, csi, … */
  source: string;
  detail: string;
  /** The type of a hostPath, which the kubelet checks before it mounts the path; `''` where it checks nothing. */
  type: string;
  /** Every mount of a claim that says so is read-only. */
  readOnly: boolean;
}

export interface PersistentVolumeClaim extends Named {
  /** The PersistentVolume that it is bound to; null before that. */
  volume: string | null;
}

export interface PersistentVolume extends Named {
  /** The field that says of what: hostPath, local, csi, … */
  source: string;
  /** The path on the node, where it is one, and the type of a hostPath. */
  path: string | null;
  type: string;
  /** `volumeMode: Block`. */
  block: boolean;
  claim: Named | null;
}

/** What a pod asks of the node besides its containers. */
export interface PodContext extends SecurityContext {
  hostNetwork: boolean;
  hostPID: boolean;
  hostIPC: boolean;
  /** False: in a user namespace of its own. */
  hostUsers: boolean;
  shareProcessNamespace: boolean;
  sysctls: readonly string[];
  runtimeClass: string | null;
  /** spec.os.name */
  os: string | null;
  nodeSelector: Labels;
  restartPolicy: string;
}

export interface Pod extends Named {
  labels: Labels;
  created: string | null;
  node: string | null;
  phase: string | null;
  deleting: boolean;
  /** Null for a mirror pod: the kubelet runs it without one. */
  serviceAccount: string | null;
  owner: Owner | null;
  context: PodContext;
  containers: readonly ContainerFacts[];
  volumes: readonly Volume[];
  /** Metadata and spec as the API gave them; null unless they were asked for. */
  whole: Raw | null;
  /**
   * The command line of a kube-apiserver's static pod, which tells how the server decides; null for every other pod.
   */
  flags: readonly string[] | null;
  /**
   * The mildest level of Pod Security that surely does not let it in, as far as its most telling fields show; null
   * where they show nothing.
   */
  beyond: 'baseline' | 'restricted' | null;
}

export interface ServiceAccount extends Named {
  created: string | null;
}

export interface Namespace extends Named {
  labels: Labels;
  /** Absent where there are none. */
  annotations?: Labels;
  deleting: boolean;
}

export interface Node extends Named {
  /** status.daemonEndpoints.kubeletEndpoint.Port, 10250 where it is not said. */
  kubeletPort: number;
  labels: Labels;
  /** Of status.nodeInfo; `''` where it is not said. `Talos (v1.11.0)`. */
  osImage: string;
  /** `linux`, `windows`. */
  operatingSystem: string;
  /** `containerd://2.2.1`. */
  containerRuntimeVersion: string;
}

export interface RuntimeClass extends Named {
  handler: string;
}

export interface Service extends Named {
  /** `targetPort`: the name of a port of pods; absent where it is a number, or not said. */
  ports: readonly { name: string | null; port: number; targetPort?: string }[];
  /**
   * Labels of the pods that it leads to; absent where it selects none, and of an ExternalName, which leads out of the
   * cluster.
   */
  selector?: Labels;
}

/** Anything that owns pods and selects them by label. */
export interface Workload extends Named {
  kind: string;
  selector: LabelSelector | null;
  owner: Owner | null;
}

/** A CustomResourceDefinition, as far as it tells which resources exist where there is no discovery. */
export interface CustomResource extends Named {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  subresources: readonly string[];
}

/**
 * An object that is kept as the API gave it: what policies, their bindings and parameters are read from. Shapes are
 * checked where they are used.
 */
export interface Manifest extends Named {
  group: string;
  version: string;
  kind: string;
  raw: Raw;
}
