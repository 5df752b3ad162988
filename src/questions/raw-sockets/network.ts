import type { NetworkFacts } from '../../answer/facts/raw-sockets.ts';
import { embeddedPlugin, networkPlugins } from '../../runtime/network-plugins.ts';
import { list, podsOn } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { unreadable, type World } from '../../world/world.ts';

/** What raw sockets are worth on the cluster's network, as far as its DaemonSets tell. */
export function networkFacts(world: World): NetworkFacts {
  const plugins = networkPlugins(world.list('daemonsets')).map(({ plugin, daemonSet: { namespace, name } }) => ({
    ...plugin,
    daemonSet: { kind: 'DaemonSet', namespace, name },
  }));
  const embedded = plugins.length === 0 ? embeddedPlugin(world.facts.gitVersion) : null;
  if (embedded) return { plugins: [{ ...embedded, daemonSet: null }], unknown: null };
  if (plugins.length > 0) return { plugins, unknown: null };
  const need = list('daemonsets');
  return {
    plugins,
    unknown: world.isRead(need) ? 'no DaemonSet that is known here' : `daemonsets: ${unreadable(world, need, '').why}`,
  };
}

/**
 * How many other pods that have not ended are on the node of a pod; null where not all of them were read, or where pods
 * of manifests are still to be placed.
 */
export function neighboursOf({ node, phase }: Pod, world: World): number | null {
  if (node === null) return null;
  if (!world.isRead(list('pods')) && !world.isRead(podsOn(node))) return null;
  if (UNPLACED(world)) return null;
  return livingOn(node, world).length - Number(isAlive(phase));
}

/** The pods on a node that have not ended, as far as they were read. */
export const livingOn = (node: string, world: World): readonly Pod[] => LIVING(world).get(node) ?? [];

const UNPLACED = oncePerState((world) => world.list('pods').some(({ node, phase }) => node === null && phase === null));

const LIVING = oncePerState((world) =>
  Map.groupBy(
    world.list('pods').filter(({ phase }) => isAlive(phase)),
    ({ node }) => node,
  ),
);

const isAlive = (phase: string | null): boolean => phase !== 'Succeeded' && phase !== 'Failed';
