import { NAMESPACE_NAME } from '../../../apply/defaults.ts';
import { aggregateAll } from '../../../rbac/aggregation.ts';
import { isBootstrap } from '../../../rbac/bootstrap.ts';
import { bootstrapKey } from '../../../rbac/bootstrap-digest.ts';
import { upstreamObjects } from '../../../rbac/upstream.ts';
import type { ServiceAccount } from '../../../world/objects.ts';
import type { Version } from '../../../world/version.ts';
import type { World } from '../../../world/world.ts';
import type { Coverage } from '../coverage.ts';
import { EVERY_CLUSTER } from './home.ts';

/**
 * Adds the namespaces that every cluster has and those that are named, with only the label that the API server sets.
 * Namespaces that exist, or that could not be understood, stay unchanged. Those of every cluster are not added where a
 * server's own list is present. Returns the names of those that were added.
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

/** Adds the account `default` of each namespace, unless a server's own list of accounts is present. */
export function addDefaultAccounts(world: World, coverage: Coverage): void {
  for (const { name } of world.list('namespaces'))
    if (!coverage.showsStored('serviceaccounts', name)) addAccount({ namespace: name, name: 'default' }, world);
}

const UPSTREAM_KINDS = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'] as const;

/**
 * Adds the roles and bindings that the kube-apiserver of that version creates itself, and the controllers' accounts in
 * these bindings, unless a server's own list is present. Objects with the same name stay unchanged. Returns the keys of
 * the objects that were added.
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
 * Fills in the rules of aggregated ClusterRoles as their controller does. Returns the names of the roles whose rules
 * differ from upstream's because of the manifests.
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
