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
  /** The namespace as it is written; null where the binding leaves it out. */
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

/** The settings that a pod's security context makes and a container's may override; null where it sets nothing. */
export interface SecurityContext {
  runAsUser: number | null;
  runAsNonRoot: boolean | null;
  seccomp: Profile | null;
  appArmor: Profile | null;
  seLinuxType: string | null;
  hostProcess: boolean | null;
}

/** The settings that only a container's security context has. Equal ones are one object. */
export interface ContainerContext extends SecurityContext {
  privileged: boolean;
  allowPrivilegeEscalation: boolean | null;
  /** The names of capabilities as they are written. */
  add: readonly string[];
  drop: readonly string[];
  procMount: string | null;
  readOnlyRootFilesystem: boolean;
}

/** The status that the kubelet reports for a container; null where it has reported nothing yet. */
export interface ContainerStatus {
  state: 'running' | 'waiting' | 'terminated';
  exitCode: number | null;
  /** The user of its first process, where the runtime reports it. */
  uid: number | null;
}

/** A mount of a volume that is kept, or a block device where `device` is set. */
export interface Mount {
  volume: string;
  /** The path in the container. */
  path: string;
  readOnly: boolean;
  /**
   * `Enabled` or `IfPossible`; with null a mount below the volume's own root stays writable, even where `readOnly` is
   * set.
   */
  recursiveReadOnly: string | null;
  /** The subPath or subPathExpr, which mounts only a part of the volume. */
  subPath: string | null;
  device: boolean;
}

export interface ContainerFacts {
  name: string;
  /** A `sidecar` is an init container that runs as long as the pod. */
  kind: 'init' | 'sidecar' | 'regular' | 'ephemeral';
  /** The paths at which a volume with a service account token is mounted. */
  tokenPaths: readonly string[];
  context: ContainerContext;
  status: ContainerStatus | null;
  /** Its own restartPolicy; null where the pod's applies. */
  restartPolicy: string | null;
  mounts: readonly Mount[];
  hostPorts: readonly number[];
  /** The hosts that probes and hooks name. */
  probeHosts: readonly string[];
  /** The Secrets from which its environment is made. */
  secrets: readonly string[];
}

/**
 * A volume, unless it is one of the pod's own: an emptyDir, or made from the API. `detail`: path, driver, claim, Secret
 * or reference. A projected one is as many as it has Secrets, each with its name. An ephemeral volume is the claim that
 * is made for it.
 */
export interface Volume {
  name: string;
  /** The name of the field that gives the source: hostPath, persistentVolumeClaim, csi, … */
  source: string;
  detail: string;
  /** The type of a hostPath, which the kubelet checks before it mounts the path; `''` where it checks nothing. */
  type: string;
  /** Whether every mount of the claim is read-only, because the volume says so. */
  readOnly: boolean;
}

export interface PersistentVolumeClaim extends Named {
  /** The PersistentVolume to which it is bound; null before that. */
  volume: string | null;
}

export interface PersistentVolume extends Named {
  /** The name of the field that gives the source: hostPath, local, csi, … */
  source: string;
  /** The path on the node where the volume is one, and the type of a hostPath. */
  path: string | null;
  type: string;
  /** Whether `volumeMode` is Block. */
  block: boolean;
  claim: Named | null;
}

/** The settings of a pod that are not about one container. */
export interface PodContext extends SecurityContext {
  hostNetwork: boolean;
  hostPID: boolean;
  hostIPC: boolean;
  /** False where the pod has its own user namespace. */
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
  /** Null for a mirror pod, which the kubelet runs without one. */
  serviceAccount: string | null;
  owner: Owner | null;
  context: PodContext;
  containers: readonly ContainerFacts[];
  volumes: readonly Volume[];
  /** Metadata and spec as the API returned them; null unless they were asked for. */
  whole: Raw | null;
  /**
   * The command line of a kube-apiserver's static pod, which shows how the server decides; null for every other pod.
   */
  flags: readonly string[] | null;
  /**
   * The mildest level of Pod Security that certainly refuses it, as far as its most telling fields show; null where
   * they show none.
   */
  beyond: 'baseline' | 'restricted' | null;
}

export interface ServiceAccount extends Named {
  created: string | null;
  /** Pods that do not say otherwise get no token of it; absent where they get one. */
  isSilent?: true;
}

export interface Namespace extends Named {
  labels: Labels;
  /** Absent where there are none. */
  annotations?: Labels;
  deleting: boolean;
}

export interface Node extends Named {
  /** status.daemonEndpoints.kubeletEndpoint.Port; 10250 where it is missing. */
  kubeletPort: number;
  labels: Labels;
  /** status.nodeInfo.osImage, such as `Talos (v1.11.0)`; `''` where it is missing. */
  osImage: string;
  /** `linux`, `windows`. */
  operatingSystem: string;
  /** `containerd://2.2.1`. */
  containerRuntimeVersion: string;
  /** The taints that keep pods away; absent where there are none. */
  taints?: readonly { key: string; value: string; effect: string }[];
}

export interface RuntimeClass extends Named {
  handler: string;
}

export interface Service extends Named {
  /** `targetPort` is the name of a port of pods; absent where it is a number or not set. */
  ports: readonly { name: string | null; port: number; targetPort?: string }[];
  /**
   * The labels of the pods behind the service; absent where it selects none, and for an ExternalName, which leads out
   * of the cluster.
   */
  selector?: Labels;
}

/** A Secret without its content: of those of other types than tokens of accounts only files have any. */
export interface Secret extends Named {
  /** The account whose token it holds; null where it holds none. */
  account: string | null;
}

/** Anything that owns pods and selects them by label. */
export interface Workload extends Named {
  kind: string;
  selector: LabelSelector | null;
  owner: Owner | null;
}

/** A CustomResourceDefinition: which resource it defines, and whether pods are described in it. */
export interface CustomResource extends Named {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  namespaced: boolean;
  subresources: readonly string[];
  /** The path at which the schema of a version that is served embeds a PodSpec; absent where none does. */
  podSpec?: string;
}

/**
 * An object that is kept as the API returned it: policies, their bindings and parameters are read from it. Its shape is
 * checked where it is used.
 */
export interface Manifest extends Named {
  group: string;
  version: string;
  kind: string;
  raw: Raw;
}
