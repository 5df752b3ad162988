import versions from '../../src/rbac/upstream.json' with { type: 'json' };
import type { Manifest } from '../cluster/attacker/world.ts';

/**
 * The roles and bindings that the newest kube-apiserver makes by itself, with the accounts that they name and the
 * namespaces of every cluster, as manifests. Aggregated roles are filled in, as their controller does.
 */
export function upstreamManifests(): Manifest[] {
  const newest = Math.max(...versions.map(({ until }) => until));
  const objects = versions.filter(({ until }) => until === newest).map(({ object }) => object as unknown as Rbac);
  const filled = objects.map((object) => {
    const names = PARTS[object.metadata.name];
    if (object.kind !== 'ClusterRole' || names === undefined) return object;
    const parts = objects.filter(({ metadata }) =>
      names.some((name) => metadata.labels?.[`${AGGREGATE}${name}`] === 'true'),
    );
    return { ...object, rules: parts.flatMap(({ rules }) => rules ?? []) };
  });
  const accounts = objects.flatMap(({ subjects }) => (subjects ?? []).filter(({ kind }) => kind === 'ServiceAccount'));
  return [
    ...filled.map((object) => ({ ...object, apiVersion: 'rbac.authorization.k8s.io/v1' })),
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) => core('Namespace', { name })),
    ...accounts.map(({ namespace, name }) => core('ServiceAccount', { namespace: namespace ?? '', name })),
  ];
}

const core = (kind: string, metadata: Manifest['metadata']): Manifest => ({ apiVersion: 'v1', kind, metadata });

type Rbac = Manifest & { rules?: unknown[]; subjects?: { kind: string; namespace?: string; name: string }[] };

const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';
const PARTS: Readonly<Record<string, readonly string[]>> = {
  view: ['view'],
  edit: ['edit', 'view'],
  admin: ['admin', 'edit', 'view'],
};
