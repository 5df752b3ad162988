/** The namespace of objects that do not give one, and how it was determined. */
export interface Home {
  namespace: string;
  /**
   * `said` by -n; `only`, the one namespace that the manifests name; or `default`, as for kubectl, where they name none
   * or several.
   */
  from: 'said' | 'only' | 'default';
}

/**
 * The namespace of manifests that do not give one: that of `-n`, or else the only one that is named anywhere in them,
 * or else `default`. Namespaces that every cluster has only count if no other is named. Pure.
 */
export function homeOf(said: string | null, named: ReadonlySet<string>): Home {
  if (said !== null) return { namespace: said, from: 'said' };
  const own = [...named].filter((name) => !EVERY_CLUSTER.includes(name));
  const [only, ...others] = own.length > 0 ? own : named;
  return only === undefined || others.length > 0
    ? { namespace: 'default', from: 'default' }
    : { namespace: only, from: 'only' };
}

/**
 * The namespaces that kube-apiserver creates itself. Source: kubernetes pkg/controlplane/controller/systemnamespaces.
 */
export const EVERY_CLUSTER: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
