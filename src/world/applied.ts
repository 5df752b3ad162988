/**
 * What a world of manifests holds besides what they describe: it is taken for granted, and an answer that rests on it
 * says so.
 */
export interface Applied {
  /** The Kubernetes version whose roles and bindings were added, as `1.36`; whether somebody said it. */
  version: { text: string; isSaid: boolean };
  /** Roles and bindings that were added, as bootstrapKey writes them: `ClusterRole//edit`. */
  upstream: ReadonlySet<string>;
  /** Aggregated ClusterRoles that have rules of the manifests' own ClusterRoles. */
  aggregated: ReadonlySet<string>;
  /** Namespaces that were added: every cluster has them, or the manifests name them and do not describe them. */
  namespaces: ReadonlySet<string>;
  /** Where the objects are that do not say their namespace, and how it was found; null where each says it. */
  home: { namespace: string; from: 'said' | 'only' | 'default' } | null;
  /** Pods that controllers would make, by `namespace/name`. */
  made: ReadonlyMap<string, MadePod>;
  /** Pods that the manifests describe, by `namespace/name`: the API server's defaults were filled in. */
  defaulted: ReadonlySet<string>;
  /** Other objects were read from a server, and these were laid over them. */
  isLaidOver: boolean;
  /**
   * Kinds that the manifests have, and of which the cluster may have more: none where `--complete` says that it has
   * not.
   */
  open: ReadonlySet<string>;
}

export interface MadePod {
  /** `deployment web` */
  workload: string;
  /** How many pods of the workload this one stands for; 1 where each has a name of its own. */
  count: number;
}
