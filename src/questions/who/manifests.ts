import type { Resolved } from './resolve.ts';

/**
 * What makes the least object of a kind that the API server takes, by name and namespace; null for a kind that needs
 * more than its name, or of which that is not known. Every one of them has been created for real.
 */
export function manifestOf({
  group,
  resource,
  kind,
  namespaced,
}: Resolved): ((name: string, namespace: string | null) => object) | null {
  const apiVersion = MANIFESTS.get(group === '' ? resource : `${resource}.${group}`);
  if (apiVersion === undefined) return null;
  return (name, namespace) => ({
    apiVersion,
    kind,
    metadata: namespaced && namespace !== null ? { name, namespace } : { name },
  });
}

const RBAC = 'rbac.authorization.k8s.io';

/** Kinds that need no more than a name, with the version that they are served in. */
export const MANIFESTS: ReadonlyMap<string, string> = new Map([
  ...['configmaps', 'secrets', 'serviceaccounts', 'namespaces', 'endpoints', 'resourcequotas', 'limitranges'].map(
    (resource) => [resource, 'v1'] as const,
  ),
  [`roles.${RBAC}`, `${RBAC}/v1`],
  [`clusterroles.${RBAC}`, `${RBAC}/v1`],
  ['leases.coordination.k8s.io', 'coordination.k8s.io/v1'],
]);
