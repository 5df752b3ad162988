/** Where objects are that do not say: the namespace, and how it was found. */
export interface Home {
  namespace: string;
  /**
   * `said` by -n; the `only` one that the manifests name; `default`, as for kubectl, where they name none or several.
   */
  from: 'said' | 'only' | 'default';
}

/**
 * The namespace of manifests that do not say theirs: that of `-n`, else the only one that is named anywhere in them,
 * where those that every cluster has count only if there is no other, else `default`. Pure.
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
 * The namespaces that kube-apiserver makes by itself. Source: kubernetes pkg/controlplane/controller/systemnamespaces.
 */
export const EVERY_CLUSTER: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
