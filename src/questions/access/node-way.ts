import type { Finding } from '../../answer/answer.ts';
import { shellWord } from '../../answer/shell-word.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { splitProxyName } from '../../rbac/proxy-name.ts';
import type { Query } from '../../rbac/rbac.ts';
import { get, type Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import { rbacOf } from '../rbac-of.ts';
import type { Way } from '../ways.ts';
import type { Door } from './doors.ts';
import type { PodTarget } from './pods.ts';

/**
 * The ways into a pod through its node: `nodes/proxy` reaches the kubelet, which asks nobody about pods. Where the pod's node is
 * not known, a right over some nodes may or may not include it.
 * Source: kubernetes pkg/kubelet/server/auth.go, pkg/registry/core/node/strategy.go ResourceLocation.
 */
export function nodeWays(door: Door, { pod, unknowns }: PodTarget, object: Finding['object'], world: World): Way[] {
  const node = pod?.node ?? null;
  const way = (verbs: readonly string[], names: (listed: string) => boolean, condition: Unknown | null): Way => ({
    holding: {
      id: 'node-proxy-kubelet',
      object,
      action: `${verbs.join(' or ')} nodes/proxy of ${node === null ? 'its node' : `node ${node}`}, to the kubelet`,
      command: node === null ? null : commandAt(door, node, object),
      target: object,
      condition,
    },
    queries: verbs.map((verb) => ({ request: nodeProxy(verb, node), names })),
  });
  const ways = [way(door.throughNode, leadsToKubelet(node, world), null)];
  // The kubelet itself asks about its plain name.
  ways.push(way(door.atKubelet, (listed) => listed === node, KUBELET_PORT));
  if (pod === null) ways.push(...unknowns.map((unknown) => way([...door.throughNode, ...door.atKubelet], () => true, unknown)));
  return ways.filter(({ queries }) => queries.length > 0);
}

/** The node has to be read only where a right is limited to one of its ports: is that the kubelet's? */
export function nodeNeeds({ pod }: PodTarget, world: World): Need[] {
  const node = pod?.node;
  if (!node) return [];
  const query: Query = { request: nodeProxy('get', node), names: (listed) => splitProxyName(listed)?.name === node };
  const anyVerb = ['get', 'create'].flatMap((verb) => rbacOf(world).holders({ ...query, request: nodeProxy(verb, node) }).grants);
  return anyVerb.some(({ names }) => names?.some((name) => splitProxyName(name)?.port !== '')) ? [get('nodes', null, node)] : [];
}

/** Spellings of the node's name that lead to its kubelet: without a port, or with the kubelet's own. */
function leadsToKubelet(node: string | null, world: World): (listed: string) => boolean {
  const port = String((node !== null && world.find('nodes', null, node)?.kubeletPort) || 10250);
  return (listed) => {
    const parts = splitProxyName(listed);
    return parts !== null && parts.name === node && (parts.port === '' || parts.port === port);
  };
}

const nodeProxy = (verb: string, node: string | null): Query['request'] => ({
  verb,
  group: '',
  resource: 'nodes',
  subresource: 'proxy',
  namespace: '',
  name: node ?? '',
});

const KUBELET_PORT: Unknown = {
  kind: 'invisible',
  what: "whether the holder reaches the kubelet's own port",
  why: 'through the API server an upgraded request loses its query string, so get alone has to go to the node itself',
  affects: 'holders of get nodes/proxy',
};

function commandAt(door: Door, node: string, { namespace, name }: Finding['object']): string | null {
  const at = `/api/v1/nodes/${node}/proxy`;
  if (door.question === 'logs') return `kubectl get --raw ${shellWord(`${at}/containerLogs/${namespace}/${name}/CONTAINER`)}`;
  return door.question === 'exec'
    ? `kubectl create --raw ${shellWord(`${at}/run/${namespace}/${name}/CONTAINER?cmd=id`)} -f /dev/null`
    : null;
}
