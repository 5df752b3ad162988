import { get, list, type Need, podsOn } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { podNeeds } from '../access/pods.ts';
import { everywhere } from '../every-namespace.ts';
import { namespaceNeeds } from '../existence.ts';
import type { ObjectsTarget } from '../targets.ts';

/** Whether pods are named: then each is a target of its own. */
export const isNamed = ({ refs }: ObjectsTarget): boolean => refs.length > 0;

/** The pods first; then where they run, what enforces there, and of a few pods who is beside them. */
export function rawSocketNeeds(target: ObjectsTarget, pods: readonly Pod[], world: World): Need[] {
  return [
    ...podsNeeds(target, world),
    list('daemonsets'),
    ...classNeeds(pods),
    ...(target.namespace === null
      ? [list('nodes'), list('namespaces')]
      : [
          ...namespaceNeeds(target.namespace, world),
          ...nodeNeeds(pods),
          ...nodesOf(pods).slice(0, MAX_NODES).map(podsOn),
        ]),
  ];
}

function podsNeeds(target: ObjectsTarget, world: World): Need[] {
  if (isNamed(target)) return podNeeds(target, world, false);
  if (target.selector !== null) return podNeeds(target, world, false);
  return target.namespace === null ? everywhere(['pods'], world) : [list('pods', target.namespace)];
}

/** The nodes that pods run on, or may: one by one where they are few. */
function nodeNeeds(pods: readonly Pod[]): Need[] {
  const names = nodesOf(pods);
  const isAny = pods.some(({ node }) => node === null) || names.length > MAX_SINGLE;
  return isAny ? [list('nodes')] : names.map((name) => get('nodes', null, name));
}

/** The RuntimeClasses that pods name. */
function classNeeds(pods: readonly Pod[]): Need[] {
  const names = [...new Set(pods.flatMap(({ context }) => context.runtimeClass ?? []))];
  return names.length > MAX_SINGLE ? [list('runtimeclasses')] : names.map((name) => get('runtimeclasses', null, name));
}

const nodesOf = (pods: readonly Pod[]): string[] => [...new Set(pods.flatMap(({ node }) => node ?? []))];

/** More than that are read as a list. */
const MAX_SINGLE = 20;
/** The most nodes whose pods are all read, to count them. */
const MAX_NODES = 8;
