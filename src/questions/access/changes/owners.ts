import type { Unknown } from '../../../answer/unknown.ts';
import { POD_MAKERS, type PodMaker } from '../../../spawn/writes/makers.ts';
import type { KindName } from '../../../world/kinds.ts';
import { get, type Need } from '../../../world/needs.ts';
import type { Owner, Workload } from '../../../world/objects.ts';
import { unreadable, type World } from '../../../world/world.ts';
import type { PodTarget } from '../pods.ts';

/** What a pod is made by, directly or through what that is made by. */
export interface Maker {
  /** Null for a kind whose controller is not part of Kubernetes. */
  maker: PodMaker | null;
  group: string;
  kind: string;
  /** Null where nothing tells what the API calls objects of the kind. */
  resource: string | null;
  namespace: string;
  /** Null where what it makes could not be read, so that any of the kind may be it. */
  name: string | null;
  /** Why it is not known to be the owner; null where it is. */
  doubt: Unknown | null;
}

/**
 * The owners of a pod from the nearest on: its ReplicaSet, then the Deployment that makes that. A node owns static
 * pods, and is none. A pod that was not read may be made by anything that makes pods.
 */
export function makersOf({ namespace, pod, unknowns }: PodTarget, world: World): Maker[] {
  if (pod === null) return anyOf(namespace, unknowns[0] ?? null);
  const makers: Maker[] = [];
  let owner = pod.owner;
  while (owner !== null && owner.kind !== 'Node' && makers.length < LONGEST) {
    const { name } = owner;
    const maker = makerOfKind(owner);
    makers.push({ ...kindOf(owner, maker, world), maker, namespace, name, doubt: null });
    if (!maker) break;
    const object = objectOf(maker, namespace, name, world);
    if (!object) return [...makers, ...perhaps(maker, pod.labels['pod-template-hash'], namespace, name, world)];
    owner = object.owner;
  }
  return makers;
}

const anyOf = (namespace: string, unread: Unknown | null): Maker[] =>
  POD_MAKERS.filter(({ resource }) => resource !== 'pods').map((maker) => ({
    ...{ maker, group: maker.group, kind: maker.kind, resource: maker.resource, namespace, name: null },
    doubt: unread && { ...unread, affects: 'what makes it, and so who gets in by a change of that' },
  }));

/** What has to be read to know them. */
export const makerNeeds = (target: PodTarget, world: World): Need[] =>
  makersOf(target, world).flatMap(({ maker, namespace, name }) =>
    maker && name !== null ? [get(maker.resource as KindName, namespace, name)] : [],
  );

/** No chain of owners is longer. */
const LONGEST = 5;

const objectOf = (maker: PodMaker, namespace: string, name: string, world: World): Workload | undefined =>
  world.find(maker.resource as KindName, namespace, name) as Workload | undefined;

const makerOfKind = ({ group, kind }: Owner): PodMaker | null =>
  POD_MAKERS.find((each) => each.kind === kind && (group === undefined || group === each.group)) ?? null;

function kindOf(
  { group, kind }: Owner,
  maker: PodMaker | null,
  world: World,
): Pick<Maker, 'group' | 'kind' | 'resource'> {
  if (maker) return { group: maker.group, kind, resource: maker.resource };
  const isIt = (each: { group: string; kind: string }): boolean =>
    each.kind === kind && (group === undefined || each.group === group);
  const found = world.facts.discovery?.find(isIt);
  if (found) return { group: found.group, kind, resource: found.resource };
  const definition = world.list('customresourcedefinitions').find(isIt);
  return { group: definition?.group ?? group ?? '', kind, resource: definition?.plural ?? null };
}

/** What usually makes something that could not be read; its name where the pod gives it away. */
function perhaps(
  { kind, resource }: PodMaker,
  hash: string | undefined,
  namespace: string,
  name: string,
  world: World,
): Maker[] {
  const need = get(resource as KindName, namespace, name);
  const maker = POD_MAKERS.find((each) => each.makes === resource);
  if (!maker || world.isRead(need)) return [];
  const outcome = world.outcome(need);
  if (outcome?.read === false && outcome.failure.kind === 'notFound') return [];
  const isHashed = hash !== undefined && name.endsWith(`-${hash}`);
  const doubt = unreadable(world, need, `which ${maker.kind} makes it, if any`);
  const its = isHashed && kind === 'ReplicaSet' ? name.slice(0, -hash.length - 1) : null;
  return [{ maker, group: maker.group, kind: maker.kind, resource: maker.resource, namespace, name: its, doubt }];
}
