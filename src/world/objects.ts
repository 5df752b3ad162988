import type { Raw } from './reduce/raw.ts';

/** The objects as the questions see them: only the fields that an answer uses. `namespace` is null for what is cluster-scoped. */

export interface Named {
  namespace: string | null;
  name: string;
}

/** Dates of the object as it stands, never of a grant: `changed` and `manager` are those of the last write that managedFields show. */
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
  kind: string;
  name: string;
}

export interface ContainerFacts {
  name: string;
  kind: 'init' | 'regular' | 'ephemeral';
  /** Paths at which a volume with a service account token is mounted. */
  tokenPaths: readonly string[];
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
  containers: readonly ContainerFacts[];
  /** Metadata and spec as the API gave them; null unless they were asked for. */
  whole: Raw | null;
  /** The command line of a kube-apiserver's static pod, which tells how the server decides; null for every other pod. */
  flags: readonly string[] | null;
  /**
   * The mildest level of Pod Security that surely does not let it in, as far as its most telling fields show; null where they show nothing.
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
  /** status.nodeInfo.osImage: `Talos (v1.11.0)`; `''` where it is not said. */
  osImage: string;
}

export interface Service extends Named {
  ports: readonly { name: string | null; port: number }[];
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
 * An object that is kept as the API gave it: what policies, their bindings and parameters are read from. Shapes are checked where they are
 * used.
 */
export interface Manifest extends Named {
  group: string;
  version: string;
  kind: string;
  raw: Raw;
}
