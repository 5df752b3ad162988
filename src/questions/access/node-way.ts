import type { Finding } from '../../answer/answer.ts';
import { type Command, changes } from '../../answer/command.ts';
import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { splitProxyName } from '../../rbac/proxy-name.ts';
import type { Query } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { get, type Need } from '../../world/needs.ts';
import { unreadable, type World } from '../../world/world.ts';
import type { Way } from '../holders/way.ts';
import { EXEC, LOG, type PodSubresource } from './pod-subresources.ts';
import type { PodTarget } from './pods.ts';

/**
 * The ways into a pod through its node: `nodes/proxy` reaches the kubelet, which asks nobody about pods. Where the
 * pod's node is not known, a right over some nodes may or may not include it. Source: kubernetes
 * pkg/kubelet/server/auth.go, pkg/registry/core/node/strategy.go ResourceLocation.
 */
export function nodeWays(
  access: PodSubresource,
  { pod, unknowns }: PodTarget,
  object: Finding['object'],
  world: World,
): Way[] {
  const node = pod?.node ?? null;
  const way = (verbs: readonly string[], names: (listed: string) => boolean, condition: Unknown | null): Way => ({
    holding: {
      id: 'node-proxy-kubelet',
      object,
      ...(node === null
        ? {}
        : {
            connect: { kind: 'NodeProxyOptions', resource: 'nodes', subresource: 'proxy', namespace: '', name: node },
          }),
      action: `${verbs.join(' or ')} nodes/proxy of ${node === null ? 'its node' : `node ${node}`}, to the kubelet`,
      attack: node === null ? null : attackAt(access, node, object),
      target: object,
      condition,
    },
    queries: verbs.map((verb) => ({ request: nodeProxy(verb, node), names })),
  });
  const port = node === null ? undefined : world.find('nodes', null, node)?.kubeletPort;
  const isNode = (listed: string, ports: (port: string) => boolean): boolean => {
    const parts = splitProxyName(listed);
    return parts !== null && parts.name === node && ports(parts.port);
  };
  // A name without a port, or with the kubelet's own, leads to the kubelet.
  const ways = [
    way(access.throughNode, (listed) => isNode(listed, (each) => each === '' || each === String(port)), null),
  ];
  if (node !== null && port === undefined)
    ways.push(
      way(access.throughNode, (listed) => isNode(listed, (each) => each !== ''), kubeletPortUnread(node, world)),
    );
  // The kubelet itself asks about its plain name.
  ways.push(way(access.atKubelet, (listed) => listed === node, KUBELET_REACHED));
  if (pod === null)
    pushAll(
      ways,
      unknowns.map((unknown) => way([...access.throughNode, ...access.atKubelet], () => true, unknown)),
    );
  return ways.filter(({ queries }) => queries.length > 0);
}

/** The node has to be read only where a right is limited to one of its ports: is that the kubelet's? */
export function nodeNeeds({ pod }: PodTarget, world: World): Need[] {
  const node = pod?.node;
  if (!node) return [];
  const query: Query = { request: nodeProxy('get', node), names: (listed) => splitProxyName(listed)?.name === node };
  const anyVerb = ['get', 'create'].flatMap(
    (verb) => rbacOf(world).holders({ ...query, request: nodeProxy(verb, node) }).grants,
  );
  return anyVerb.some(({ names }) => names?.some((name) => splitProxyName(name)?.port !== ''))
    ? [get('nodes', null, node)]
    : [];
}

const nodeProxy = (verb: string, node: string | null): Query['request'] => ({
  verb,
  group: '',
  resource: 'nodes',
  subresource: 'proxy',
  namespace: '',
  name: node ?? '',
});

const kubeletPortUnread = (node: string, world: World): Unknown =>
  unreadable(
    world,
    get('nodes', null, node),
    'which port its kubelet has, and so whether a right over one of its ports leads there',
  );

const KUBELET_REACHED: Unknown = {
  kind: 'invisible',
  what: "whether a holder of get nodes/proxy reaches the kubelet's own port on the node",
  why: 'through the API server, get carries no command to it',
  affects: 'exec and attach by way of the node',
};

function attackAt(
  access: PodSubresource,
  node: string,
  { namespace, name }: Finding['object'],
): Command<'changes'> | null {
  const at = `/api/v1/nodes/${node}/proxy`;
  if (access === LOG) return changes(['get', '--raw', `${at}/containerLogs/${namespace}/${name}/CONTAINER`]);
  return access === EXEC
    ? changes(['create', '--raw', `${at}/run/${namespace}/${name}/CONTAINER?cmd=id`, '-f', '/dev/null'])
    : null;
}
