import { get, list, type Need, podsOn } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { podNeeds } from '../access/pods.ts';
import { everywhere } from '../every-namespace.ts';
import type { ObjectsTarget } from '../targets.ts';

/** Whether pods are named: then each is a target of its own. */
export const isNamed = ({ refs }: ObjectsTarget): boolean => refs.length > 0;

/** The pods first; then where they run, what enforces there, and of a few pods who is beside them. */
export function rawSocketNeeds(target: ObjectsTarget, pods: readonly Pod[], world: World): Need[] {
  return [
    ...podsNeeds(target, world),
    ...(target.namespace === null ? [list('nodes'), list('namespaces')] : [get('namespaces', null, target.namespace)]),
    list('daemonsets'),
    ...placeNeeds(pods),
    ...(target.namespace === null ? [] : nodesOf(pods).slice(0, MAX_NODES).map(podsOn)),
  ];
}

function podsNeeds(target: ObjectsTarget, world: World): Need[] {
  if (isNamed(target)) return podNeeds(target, world, false);
  if (target.selector !== null) return podNeeds(target, world, false);
  return target.namespace === null ? everywhere(['pods'], world) : [list('pods', target.namespace)];
}

/** The nodes that pods run on, or may, and the RuntimeClasses that they name: one by one where they are few. */
export function placeNeeds(pods: readonly Pod[]): Need[] {
  const nodes = nodesOf(pods);
  const isAny = pods.some(({ node }) => node === null) || nodes.length > MAX_SINGLE;
  const classes = [...new Set(pods.flatMap(({ context }) => context.runtimeClass ?? []))];
  return [
    ...(isAny ? [list('nodes')] : nodes.map((name) => get('nodes', null, name))),
    ...(classes.length > MAX_SINGLE ? [list('runtimeclasses')] : classes.map((name) => get('runtimeclasses', null, name))),
  ];
}

export const nodesOf = (pods: readonly Pod[]): string[] => [...new Set(pods.flatMap(({ node }) => node ?? []))];

/** More than that are read as a list. */
const MAX_SINGLE = 20;
/** Of how many nodes all pods are read, to count them. */
const MAX_NODES = 8;
