import { defaultsOf } from '../../admission/pod-security/cluster-default.ts';
import type { World } from '../../world/world.ts';
import { levelLabel, namespaceFixes, openNamespaces } from '../privileged/fixes.ts';
import type { Change } from './change.ts';

/** A namespace that enforces no level of Pod Security enforces baseline; null where it enforces one, or is not ours. */
export function enforcedLevelChange(namespace: string, world: World): Change | null {
  if (defaultsOf(world).isOff || !openNamespaces([namespace], world).includes(namespace)) return null;
  const now = world.find('namespaces', null, namespace);
  if (!now) return null;
  return {
    key: `level ${namespace}`,
    object: { kind: 'Namespace', namespace: null, name: namespace },
    words: `privileged pods in namespace ${namespace}`,
    madeIn: (before) =>
      before.fork('namespaces', {
        put: [{ ...(before.find('namespaces', null, namespace) ?? now), labels: { ...now.labels, ...levelLabel() } }],
      }),
    texts: (kubectl) => namespaceFixes([namespace], world, { kubectl }).commands,
    who: `namespace ${namespace}`,
    loses: () => 'refuses privileged pods',
    also: () =>
      [
        `namespace ${namespace} then enforces baseline on all that is created`,
        ...namespaceFixes([namespace], world, { kubectl: [] }).notes,
      ].join('; '),
  };
}
