/**
 * What a world made from manifests contains besides the objects in them. These parts are assumed, and an answer that
 * rests on them says so.
 */
export interface Applied {
  /** The Kubernetes version whose roles and bindings were added, as `1.36`, and whether the user gave it. */
  version: { text: string; isSaid: boolean };
  /** The roles and bindings that were added, as bootstrapKey writes them: `ClusterRole//edit`. */
  upstream: ReadonlySet<string>;
  /** The aggregated ClusterRoles that contain rules of the manifests' own ClusterRoles. */
  aggregated: ReadonlySet<string>;
  /**
   * The namespaces that were added: those that every cluster has, and those that manifests name without describing
   * them.
   */
  namespaces: ReadonlySet<string>;
  /** The namespace of objects that name none, and how it was found; null where every object names one. */
  home: { namespace: string; from: 'said' | 'only' | 'default' } | null;
  /** The pods that controllers would create, by `namespace/name`. */
  made: ReadonlyMap<string, MadePod>;
  /** The pods that manifests describe, by `namespace/name`, with the API server's defaults filled in. */
  defaulted: ReadonlySet<string>;
  /** Whether other objects were read from a server, and the manifests were laid over them. */
  isLaidOver: boolean;
  /**
   * The kinds in the manifests of which the cluster may have more objects; empty with `--complete`, which says that it
   * has no more.
   */
  open: ReadonlySet<string>;
}

export interface MadePod {
  /** `deployment web` */
  workload: string;
  /** The number of pods of the workload that this one stands for; 1 where each has its own name. */
  count: number;
}
