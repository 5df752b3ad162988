import { aggregateAll } from '../../../rbac/aggregation.ts';
import { isBootstrap } from '../../../rbac/bootstrap.ts';
import { bootstrapKey } from '../../../rbac/bootstrap-digest.ts';
import { upstreamObjects } from '../../../rbac/upstream.ts';
import type { ServiceAccount } from '../../../world/objects.ts';
import type { Version } from '../../../world/version.ts';
import type { World } from '../../../world/world.ts';
import type { Coverage } from '../coverage.ts';
import { NAMESPACE_NAME } from './defaults.ts';
import { EVERY_CLUSTER } from './home.ts';

/**
 * Adds the namespaces that every cluster has and those that are named, with no label but the one that the API server
 * gives. What is there, or could not be understood, stays; of those that every cluster has none is added where a
 * server's own list is there. Returns the names of those that were added.
 */
export function addNamespaces(world: World, named: ReadonlySet<string>, coverage: Coverage): Set<string> {
  const standing = coverage.showsStored('namespaces', null) ? [] : EVERY_CLUSTER;
  const missing = new Set([...standing, ...named].filter((name) => !isThere(world, 'namespaces', null, name)));
  world.put(
    'namespaces',
    [...missing].map((name) => ({ namespace: null, name, labels: { [NAMESPACE_NAME]: name }, deleting: false })),
  );
  return missing;
}

/** Adds the account `default` of each namespace, unless a server's own list of accounts is there. */
export function addDefaultAccounts(world: World, coverage: Coverage): void {
  for (const { name } of world.list('namespaces'))
    if (!coverage.showsStored('serviceaccounts', name)) addAccount({ namespace: name, name: 'default' }, world);
}

const UPSTREAM_KINDS = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] as const;

/**
 * Adds the roles and bindings that the kube-apiserver of that version makes by itself, and the controllers' accounts
 * that these bind, unless a server's own list is there. What has the same name stays. Returns the keys of the objects
 * that were added.
 */
export function addUpstream(world: World, version: Version, coverage: Coverage): Set<string> {
  const objects = upstreamObjects(version);
  const added = new Set<string>();
  for (const kind of UPSTREAM_KINDS)
    for (const object of objects[kind]) {
      if (coverage.showsStored(kind, object.namespace) || isThere(world, kind, object.namespace, object.name)) continue;
      world.put(kind, [object]);
      added.add(bootstrapKey(object));
      for (const subject of 'subjects' in object ? object.subjects : [])
        if (
          subject.kind === 'ServiceAccount' &&
          subject.namespace !== null &&
          !coverage.showsStored('serviceaccounts', subject.namespace)
        )
          addAccount({ namespace: subject.namespace, name: subject.name }, world);
    }
  return added;
}

/**
 * Fills in the rules of aggregated ClusterRoles as their controller does. Returns those of which the manifests change
 * what upstream made.
 */
export function aggregate(world: World, isStored: (name: string) => boolean): Set<string> {
  const before = world.list('clusterroles');
  const after = aggregateAll(before, ({ name }) => isStored(name));
  const changed = after.filter((role, index) => role !== before[index]);
  world.put('clusterroles', changed);
  return new Set(changed.filter((role) => !isStored(role.name) && !isBootstrap(role)).map(({ name }) => name));
}

function addAccount(account: Pick<ServiceAccount, 'name'> & { namespace: string }, world: World): void {
  if (!isThere(world, 'serviceaccounts', account.namespace, account.name))
    world.put('serviceaccounts', [{ ...account, created: null }]);
}

const isThere = (
  world: World,
  kind: (typeof UPSTREAM_KINDS)[number] | 'namespaces' | 'serviceaccounts',
  namespace: string | null,
  name: string,
) => world.find(kind, namespace, name) !== undefined || world.malformedObject(kind, namespace, name) !== undefined;
