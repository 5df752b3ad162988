import { Judge } from '../../admission/judge.ts';
import type { UserInfo } from '../../admission/request.ts';
import { reachesNode, type Strongest, strongestAmong, strongestOf, type Trial } from '../../admission/strongest.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import type { Labels } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import type { Raw } from '../../world/reduce/raw.ts';
import type { World } from '../../world/world.ts';
import type { Detour } from './around.ts';
import { judgeExisting } from './existing.ts';
import { type Holder, type Right, rightsTo, rightsToCreate } from './holder.ts';
import type { Pull } from './levers/lever.ts';
import { POD_WAYS, type PodWay } from './ways.ts';

/** What one way comes to in namespaces that admission cannot tell apart. */
export interface Cell {
  way: PodWay;
  right: Right;
  /** Never empty; what a cell says of a namespace in particular, it says of the first. */
  namespaces: Namespaces;
  strongest: Strongest;
  trials: readonly Trial[];
  /** What is changed, where that was seen: the name, and as whole as it is known. */
  on?: Existing;
}

export type Namespaces = readonly [string, ...string[]];

/** An object that is there already. */
export interface Existing {
  name: string;
  /** Of a workload: the labels that it selects, which never change. */
  selector: Labels;
  raw: Raw | null;
}

/** What is asked about, in one state of the world: what was found out once is found again by the ground. */
export interface Ground {
  world: World;
  rbac: Rbac;
  judge: Judge;
  /** The namespaces that are asked about. */
  namespaces: readonly string[];
  /** The same, those together that admission cannot tell apart. */
  classes: readonly Namespaces[];
  /** Of each the class. */
  classOf: ReadonlyMap<string, Namespaces>;
  /** What a holder can create. */
  created: WeakMap<Holder, readonly Cell[]>;
  /** What can be changed in a namespace or class, by way and user. */
  changes: Map<string | Namespaces, Map<string, readonly Change[]>>;
  /** What a holder can take away of what refuses them, by namespace and all that does. */
  pulls: WeakMap<Holder, Map<string, readonly Pull[]>>;
  /** Ways around admission, by all that they hang on. */
  detours: Map<string, readonly Detour[]>;
}

export function groundOf(world: World, rbac: Rbac, namespaces: readonly string[]): Ground {
  const judge = new Judge(world);
  const grouped = Map.groupBy(namespaces, (namespace) => judge.namespaceClass(namespace));
  const classes = [...grouped.values()].flatMap(asNamespaces);
  const classOf = new Map(classes.flatMap((all) => all.map((namespace) => [namespace, all] as const)));
  return {
    world,
    rbac,
    judge,
    namespaces,
    classes,
    classOf,
    created: new WeakMap(),
    changes: new Map(),
    pulls: new WeakMap(),
    detours: new Map(),
  };
}

/**
 * Every way of a holder to a pod, in every namespace. Ways over what is there already are looked at only where creating one does not reach the node:
 * they need more to be read, and add nothing else.
 */
export function cellsOf(holder: Holder, ground: Ground): Cell[] {
  const created = createdCells(holder, ground);
  const rest = undone(created, ground);
  return [...created, ...CHANGES.flatMap((way) => changeCells(way, holder, rest, ground))];
}

/** The strongest that any of the cells comes to. */
export const bestOf = (cells: readonly Cell[]): Strongest => strongestAmong(cells.map(({ strongest }) => strongest));

/** Where it has to be seen what a holder could change: each way that is looked for with its namespaces, null for all of them. */
export function changeScopes(
  holder: Holder,
  ground: Ground,
  isLookedFor: (way: PodWay) => boolean,
): { way: PodWay; namespaces: readonly string[] | null }[] {
  const rights = CHANGES.filter(isLookedFor)
    .map((way) => ({ way, held: rightsOf(way, holder, ground.rbac) }))
    .filter(({ held }) => held.length > 0);
  if (rights.length === 0) return [];
  const open = undone(createdCells(holder, ground), ground);
  return rights.flatMap(({ way, held }) => {
    const isWide = held.some(({ namespace }) => namespace === null);
    const own = held.flatMap(({ namespace }) => (namespace !== null && open.has(namespace) ? [namespace] : []));
    const namespaces = isWide ? open.classes.flat() : own;
    if (namespaces.length === 0) return [];
    return [{ way, namespaces: namespaces.length === ground.namespaces.length ? null : namespaces }];
  });
}

/** Whether a holder has any of the ways in every namespace, those included that nobody saw. */
export const isEverywhere = (holder: Holder, { rbac }: Ground): boolean =>
  POD_WAYS.some((way) => rightsOf(way, holder, rbac).some(({ namespace }) => namespace === null));

const CHANGES = POD_WAYS.filter(({ on }) => on !== 'nothing');

/** To know what has to be read, and again to answer. */
function createdCells(holder: Holder, ground: Ground): readonly Cell[] {
  const known = ground.created.get(holder) ?? CREATIONS.flatMap((way) => createCells(way, holder, ground));
  ground.created.set(holder, known);
  return known;
}

const CREATIONS = POD_WAYS.filter(({ on }) => on === 'nothing');

/** Where nothing that is created reaches the node for sure: namespaces, and whether one is among them. */
interface Undone {
  classes: readonly Namespaces[];
  has: (namespace: string) => boolean;
}

function undone(created: readonly Cell[], ground: Ground): Undone {
  return without(
    created.flatMap(({ strongest, namespaces }) => (reachesNode(strongest.sure) ? [namespaces] : [])),
    ground,
  );
}

/** Classes of which nothing is left out stay the same, so that they are known again. */
function without(left: readonly Namespaces[], { classes, classOf }: Ground): Undone {
  const whole = new Set(left.filter((each) => classOf.get(each[0]) === each));
  const names = new Set(left.flatMap((each) => (whole.has(each) ? [] : each)));
  const has = (namespace: string): boolean => {
    const all = classOf.get(namespace);
    return all !== undefined && !whole.has(all) && !names.has(namespace);
  };
  const touched = new Set([...names].map((namespace) => classOf.get(namespace)));
  const rest = classes.filter((each) => !whole.has(each));
  return { has, classes: rest.flatMap((each) => (touched.has(each) ? asNamespaces(each.filter(has)) : [each])) };
}

const rightsOf = ({ maker: { group, resource }, verbs, subresource, on }: PodWay, holder: Holder, rbac: Rbac): readonly Right[] =>
  on === 'nothing' ? rightsToCreate({ group, resource }, holder, rbac) : rightsTo({ group, resource, subresource, verbs }, holder);

function createCells(way: PodWay, holder: Holder, ground: Ground): Cell[] {
  return placesOf(rightsOf(way, holder, ground.rbac), without([], ground)).map(({ right, namespaces }) => {
    const trials = ground.judge.trials({ maker: way.maker, operation: 'CREATE' }, namespaces[0], userOf(holder));
    return { way, right, namespaces, trials, strongest: strongestOf(trials) };
  });
}

function changeCells(way: PodWay, holder: Holder, rest: Undone, ground: Ground): Cell[] {
  return placesOf(rightsOf(way, holder, ground.rbac), rest).flatMap(({ right, namespaces }) =>
    changesIn(namespaces, way, right, userOf(holder), ground).map((change) => ({ way, right, ...change })),
  );
}

type Change = Pick<Cell, 'namespaces' | 'trials' | 'on' | 'strongest'>;

/** What can be changed in namespaces of one class, those together where it comes to the same; judged once for all users whom admission cannot tell apart. */
function changesIn(namespaces: Namespaces, way: PodWay, right: Right, user: UserInfo, ground: Ground): readonly Change[] {
  const place = namespaces.length === 1 ? namespaces[0] : namespaces;
  const key = [way.id, way.maker.resource, ground.judge.userClass(user), JSON.stringify(right.names)].join();
  const known = ground.changes.get(place)?.get(key);
  if (known) return known;
  const changes =
    namespaces.length === 1
      ? changeIn(namespaces[0], way, right, user, ground)
      : together(namespaces.flatMap((each) => changesIn([each], way, right, user, ground)));
  if (namespaces.length === 1 || ground.classOf.get(namespaces[0]) === namespaces) {
    const there = ground.changes.get(place) ?? new Map<string, readonly Change[]>();
    ground.changes.set(place, there.set(key, changes));
  }
  return changes;
}

const together = (changes: readonly Change[]): Change[] =>
  [...Map.groupBy(changes, ({ trials }) => signatureOf(trials)).values()].flatMap(([first, ...others]) => {
    const [namespaces] = asNamespaces([first, ...others].flatMap((each) => each?.namespaces ?? []));
    return first && namespaces ? [{ ...first, namespaces }] : [];
  });

function changeIn(namespace: string, way: PodWay, right: Right, user: UserInfo, ground: Ground): Change[] {
  const judged = judgeExisting(way, right, namespace, user, ground);
  return judged === null ? [] : [{ namespaces: [namespace], ...judged, strongest: strongestOf(judged.trials) }];
}

/** Each right with the namespaces where it counts, by class; the widest of several. */
function placesOf(rights: readonly Right[], { classes, has }: Undone): { right: Right; namespaces: Namespaces }[] {
  const wide = rights.find((right) => right.namespace === null && right.names === null) ?? rights.find((right) => right.namespace === null);
  const narrow = new Map<string, Right>();
  for (const right of rights) {
    if (right.namespace === null || !has(right.namespace)) continue;
    const before = narrow.get(right.namespace) ?? wide;
    if (!before || (before.names !== null && right.names === null)) narrow.set(right.namespace, right);
  }
  const own = [...narrow].map(([namespace, right]) => ({ right, namespaces: [namespace] as const }));
  if (!wide) return own;
  const others = own.length === 0 ? classes : classes.flatMap((each) => asNamespaces(each.filter((namespace) => !narrow.has(namespace))));
  return [...others.map((namespaces) => ({ right: wide, namespaces })), ...own];
}

/** None, or one that is not empty. */
function asNamespaces([first, ...others]: readonly string[]): [] | [Namespaces] {
  return first === undefined ? [] : [[first, ...others]];
}

/** Equal where trials came to the same. */
export const signatureOf = oncePerObject((trials: readonly Trial[]): string =>
  trials
    // What is refused everywhere is alike, however strong it would have been.
    .map(({ probe: { id, strength }, admission: { value, leaning } }) =>
      value === 'no' ? `${id}=no` : `${id}/${strength}=${value}${leaning ?? ''}`,
    )
    .join(),
);

export const userOf = ({ identity: { user, groups } }: Holder): UserInfo => ({ name: user, groups });
