import type { Judge } from '../../admission/judge.ts';
import type { UserInfo } from '../../admission/request.ts';
import { reachesNode, type Strongest, strongestAmong, strongestOf, type Trial } from '../../admission/strongest.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import type { Labels } from '../../world/objects.ts';
import type { Raw } from '../../world/reduce/raw.ts';
import type { World } from '../../world/world.ts';
import { judgeExisting } from './existing.ts';
import { type Holder, type Right, rightsTo, rightsToCreate } from './holder.ts';
import { POD_WAYS, type PodWay } from './ways.ts';

/** What one way comes to in one namespace. */
export interface Cell {
  way: PodWay;
  right: Right;
  namespace: string;
  strongest: Strongest;
  trials: readonly Trial[];
  /** What is changed, where that was seen: the name, and as whole as it is known. */
  on?: Existing;
}

/** An object that is there already. */
export interface Existing {
  name: string;
  /** Of a workload: the labels that it selects, which never change. */
  selector: Labels;
  raw: Raw | null;
}

export interface Ground {
  world: World;
  rbac: Rbac;
  judge: Judge;
  /** The namespaces that are asked about. */
  namespaces: readonly string[];
}

/**
 * Every way of a holder to a pod, in every namespace. Ways over what is there already are looked at only where creating one does not reach the node:
 * they need more to be read, and add nothing else.
 */
export function cellsOf(holder: Holder, ground: Ground): Cell[] {
  const created = createdCells(holder, ground);
  const rest = { ...ground, namespaces: undone(created, ground) };
  return [...created, ...CHANGES.flatMap((way) => changeCells(way, holder, rest))];
}

/** The strongest that any of the cells comes to. */
export const bestOf = (cells: readonly Cell[]): Strongest => strongestAmong(cells.map(({ strongest }) => strongest));

/** Where it has to be seen what a holder could change: each way with a namespace, null for all of them. */
export function changeScopes(holder: Holder, ground: Ground): { way: PodWay; namespace: string | null }[] {
  const rights = CHANGES.map((way) => ({ way, held: rightsOf(way, holder, ground.rbac) })).filter(({ held }) => held.length > 0);
  if (rights.length === 0) return [];
  const open = new Set(undone(createdCells(holder, ground), ground));
  return rights.flatMap(({ way, held }) => {
    const namespaces = held
      .map(({ namespace }) => namespace)
      .filter((namespace) => (namespace === null ? open.size > 0 : open.has(namespace)));
    if (!namespaces.includes(null)) return namespaces.map((namespace) => ({ way, namespace }));
    return open.size === ground.namespaces.length ? [{ way, namespace: null }] : [...open].map((namespace) => ({ way, namespace }));
  });
}

/** Whether a holder has any of the ways in every namespace, those included that nobody saw. */
export const isEverywhere = (holder: Holder, { rbac }: Ground): boolean =>
  POD_WAYS.some((way) => rightsOf(way, holder, rbac).some(({ namespace }) => namespace === null));

const CHANGES = POD_WAYS.filter(({ on }) => on !== 'nothing');

const createdCells = (holder: Holder, ground: Ground): Cell[] =>
  POD_WAYS.filter(({ on }) => on === 'nothing').flatMap((way) => createCells(way, holder, ground));

/** The namespaces in which nothing that is created reaches the node for sure. */
function undone(created: readonly Cell[], { namespaces }: Ground): string[] {
  const done = new Set(created.filter(({ strongest }) => reachesNode(strongest.sure)).map(({ namespace }) => namespace));
  return namespaces.filter((namespace) => !done.has(namespace));
}

const rightsOf = ({ maker: { group, resource }, verbs, subresource, on }: PodWay, holder: Holder, rbac: Rbac): Right[] =>
  on === 'nothing' ? rightsToCreate({ group, resource }, holder, rbac) : rightsTo({ group, resource, subresource, verbs }, holder);

function createCells(way: PodWay, holder: Holder, ground: Ground): Cell[] {
  return perNamespace(rightsOf(way, holder, ground.rbac), ground).map(({ right, namespace }) => {
    const trials = ground.judge.trials({ maker: way.maker, operation: 'CREATE' }, namespace, userOf(holder));
    return { way, right, namespace, trials, strongest: strongestOf(trials) };
  });
}

function changeCells(way: PodWay, holder: Holder, ground: Ground): Cell[] {
  return perNamespace(rightsOf(way, holder, ground.rbac), ground).flatMap(({ right, namespace }) => {
    const judged = judgeExisting(way, right, namespace, userOf(holder), ground);
    return judged === null ? [] : [{ way, right, namespace, ...judged, strongest: strongestOf(judged.trials) }];
  });
}

/** Each right in each namespace where it counts; the widest of several. */
function perNamespace(rights: readonly Right[], { namespaces }: Ground): { right: Right; namespace: string }[] {
  if (rights.length === 0) return [];
  const known = new Set(namespaces);
  const found = new Map<string, Right>();
  for (const right of rights) {
    for (const namespace of right.namespace === null ? namespaces : [right.namespace]) {
      const before = found.get(namespace);
      if (known.has(namespace) && (!before || (before.names !== null && right.names === null))) found.set(namespace, right);
    }
  }
  return [...found].map(([namespace, right]) => ({ right, namespace }));
}

export const userOf = ({ identity: { user, groups } }: Holder): UserInfo => ({ name: user, groups });
