import type { Admission } from '../../admission/layer.ts';
import { admits } from '../../admission/layers.ts';
import { type Command, changes } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Names } from '../../rbac/match.ts';
import { splitProxyName } from '../../rbac/proxy-name.ts';
import { list, whole } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import { unseen, type World } from '../../world/world.ts';
import { oddPods } from '../outcomes/odd-pods.ts';
import type { Strength } from '../probes/probes.ts';
import { type PodStrength, strengthOfPod } from '../probes/strength.ts';
import { isMore, isStronger, type Strongest, strongestAmong } from '../probes/strongest.ts';
import { rightsTo, userOf } from '../rights/holder.ts';
import type { Scope } from '../scope.ts';
import { type FindOtherWays, onlyIf } from './other-way.ts';

/**
 * Runs commands in the pods of a node through its kubelet, which asks no admission. The holder gets what the strongest
 * pod of the node has. With `create` the API server forwards the command; with `get` the holder has to reach the
 * kubelet's own port.
 */
export const nodeProxy: FindOtherWays = (holder, _outcomes, scope) =>
  (['create', 'get'] as const).flatMap((verb) => {
    const rights = rightsTo(
      { group: '', resource: 'nodes', subresource: 'proxy', verbs: [verb], clusterScoped: true },
      holder,
    );
    const [right] = rights;
    if (!right || (verb === 'get' && rightsTo({ ...PROXY, verbs: ['create'] }, holder).length > 0)) return [];
    const admission = admits({ ...CONNECT, user: userOf(holder) }, scope.world);
    if (admission.value === 'no') return [];
    const target = strongestOn(right.names, scope);
    return [
      {
        id: 'node-proxy-kubelet',
        words: `run commands in pods${target ? `, such as ${target.namespace}/${target.name},` : ''} through the kubelet (${verb} nodes/proxy)`,
        rights,
        strongest: provided(admission, strongestBy(verb, target, right.names, scope)),
        attack: target ? attackOn(target) : null,
        direct: true,
      },
    ];
  });

const PROXY = { group: '', resource: 'nodes', subresource: 'proxy', clusterScoped: true } as const;

const CONNECT = {
  operation: 'CONNECT',
  kind: { group: '', version: 'v1', kind: 'NodeProxyOptions' },
  resource: { group: '', version: 'v1', resource: 'nodes' },
  subresource: 'proxy',
  namespace: '',
  name: '',
  object: { apiVersion: 'v1', kind: 'NodeProxyOptions' },
  oldObject: null,
} as const;

/** A pod in which the kubelet would run a command. */
interface OnNode {
  namespace: string;
  name: string;
  /** Null for a pod of a manifest, which is not scheduled yet. */
  node: string | null;
  container: string;
  strength: Strength;
  /** What another of these pods may have, if that is stronger. */
  maybe: PodStrength['maybe'];
  /** Whether the right is for its node for sure. */
  isThere: boolean;
}

/**
 * The strongest running pod on the nodes that the right is for. A manifest says no phase; its pod will run, on any
 * node.
 */
function strongestOn(names: Names, { world }: Scope): OnNode | null {
  const nodes = names && new Set(names.map((name) => splitProxyName(name)?.name));
  let best: OnNode | null = null;
  let maybe: PodStrength['maybe'] = null;
  for (const pod of world.list('pods')) {
    const { namespace, name, node, containers } = pod;
    const container = containers.find(({ kind }) => kind === 'regular')?.name;
    if (namespace === null || !runs(pod) || container === undefined || !isOn(pod, nodes)) continue;
    const strength = strengthOfPod(pod, world);
    if (strength?.maybe && isMore(strength.maybe, maybe)) maybe = strength.maybe;
    const isThere = nodes === null || node !== null;
    if (
      strength &&
      (!best || (isThere && !best.isThere) || (isThere === best.isThere && isStronger(strength.sure, best.strength)))
    )
      best = { namespace, name, node, container, strength: strength.sure, maybe: null, isThere };
  }
  return best && { ...best, maybe: maybe && isStronger(maybe.strength, best.strength) ? maybe : null };
}

const runs = ({ phase, node }: Pod): boolean => (phase === 'Running' ? node !== null : phase === null);

const isOn = ({ node }: Pod, nodes: ReadonlySet<string | undefined> | null): boolean =>
  node === null || nodes?.has(node) !== false;

/** The same strength, but only possible if admission may refuse the connection. */
const provided = ({ value, unknowns }: Admission, strongest: Strongest): Strongest =>
  value === 'depends' ? onlyIf(strongest, unknowns, 'yes') : strongest;

/**
 * The strength of the strongest pod that was read; and perhaps any strength, if not all pods were read: one of the
 * others may run on the node, with any privilege.
 */
function strongestBy(verb: 'create' | 'get', target: OnNode | null, names: Names, { world }: Scope): Strongest {
  const unread = target?.strength === 'node root' ? [] : unseenPods(names, world);
  const hidden: Strongest = {
    sure: null,
    maybe: unread.length > 0 ? { strength: 'node root', leaning: 'yes', unknowns: unread } : null,
  };
  if (!target) return hidden;
  const { strength, maybe, isThere } = target;
  const unknowns = [...(verb === 'get' ? [KUBELET_REACHED] : []), ...(isThere ? [] : [NODE_TO_COME])];
  if (unknowns.length === 0) return strongestAmong([{ sure: strength, maybe }, hidden]);
  const leaning = !isThere ? null : maybe ? maybe.leaning : 'yes';
  const seen = { strength: maybe?.strength ?? strength, leaning, unknowns: [...unknowns, ...(maybe?.unknowns ?? [])] };
  return strongestAmong([{ sure: null, maybe: seen }, hidden]);
}

/** Unknowns for the pods of all namespaces, if they could not be read, and for each pod whose strength is not known. */
function unseenPods(names: Names, world: World): Unknown[] {
  const affects = 'what the pods have whose kubelet it reaches';
  const nodes = names && new Set(names.map((name) => splitProxyName(name)?.name));
  const isUnread = (pod: Pod): boolean => runs(pod) && isOn(pod, nodes) && strengthOfPod(pod, world) === null;
  const odd = world.list('pods').filter(isUnread);
  return [...unseen(world, whole(list('pods')), affects), ...oddPods(odd, affects)];
}

const NODE_TO_COME: Unknown = {
  kind: 'invisible',
  what: 'the nodes on which pods of manifests will run',
  why: 'the scheduler chooses them when the pods are made',
  affects: 'whether a right over some nodes reaches these pods',
};

/** What `get nodes/proxy` depends on. */
export const KUBELET_REACHED: Unknown = {
  kind: 'invisible',
  what: "whether a holder of get nodes/proxy reaches the kubelet's own port on the node",
  why: 'through the API server, get carries no command to it',
  affects: 'commands in pods by way of the node',
};

const attackOn = ({ node, namespace, name, container }: OnNode): Command<'changes'> | null =>
  node === null
    ? null
    : changes([
        'create',
        '--raw',
        `/api/v1/nodes/${node}/proxy/run/${namespace}/${name}/${container}?cmd=id`,
        '-f',
        '/dev/null',
      ]);
