import type { Refusal } from '../../admission/layer.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import type { Labels } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import type { Raw } from '../../world/raw.ts';
import { compareVersions } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Detour } from '../bypasses/bypasses.ts';
import { Judge, type Way } from '../probes/judge.ts';
import { reachesNode, type Strongest, strongestAmong, strongestOf, type Trial } from '../probes/strongest.ts';
import { type Holder, type Right, rightsTo, rightsToCreate } from '../rights/holder.ts';
import { POD_WAYS, type PodWay } from '../rights/ways.ts';
import { judgeExisting } from './existing.ts';

/** What one way comes to in namespaces that admission cannot tell apart. */
export interface Cell {
  way: PodWay;
  right: Right;
  /** Never empty; what a cell says of a namespace in particular, it says of the first. */
  namespaces: Namespaces;
  strongest: Strongest;
  /** As they are in any of the namespaces that are alike: see `refusalIn` and `podIn`. */
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
  /** What a holder can create. */
  created: WeakMap<Holder, readonly Cell[]>;
  /** What can be changed in one namespace. */
  changes: Recall<readonly Change[]>;
  /** The same in many, by users who are alike. */
  changesTogether: WeakMap<object, WeakMap<readonly string[], Map<string, readonly Change[]>>>;
  /** Bypasses of admission in one namespace. */
  detours: Recall<readonly Detour[]>;
  /** What is judged after the same was taken away, in whichever namespace. */
  after: Map<string, Recall<readonly Trial[]>>;
}

export const groundOf = (world: World, rbac: Rbac, namespaces: readonly string[]): Ground => ({
  ...{ world, rbac, judge: new Judge(world), namespaces },
  ...{ created: new WeakMap(), changes: new Recall(), changesTogether: new WeakMap() },
  ...{ detours: new Recall(), after: new Map() },
});

/**
 * The same in a world from which something was taken away: what is in its place may be found again for other
 * namespaces.
 */
export function groundAfter(ground: Ground, world: World, taken: string): Ground {
  const recall = ground.after.get(taken) ?? new Recall<readonly Trial[]>();
  ground.after.set(taken, recall);
  return { ...groundOf(world, ground.rbac, ground.namespaces), judge: new Judge(world, recall) };
}

/**
 * Every way of a holder to a pod, in every namespace. Ways over what is there already are looked at only where creating
 * one does not reach the node: they need more to be read, and add nothing else.
 */
export function cellsOf(holder: Holder, ground: Ground): Cell[] {
  const created = createdCells(holder, ground);
  const rest = undone(created, ground);
  return [...created, ...CHANGES.flatMap((way) => changeCells(way, holder, rest, ground))];
}

/** The strongest that any of the cells comes to. */
export const bestOf = (cells: readonly Cell[]): Strongest => strongestAmong(cells.map(({ strongest }) => strongest));

/**
 * Where it has to be seen what a holder could change: each way that is looked for with its namespaces, null for all of
 * them.
 */
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
    const namespaces = isWide ? open.of(ground.namespaces) : own;
    if (namespaces.length === 0) return [];
    return [{ way, namespaces: namespaces.length === ground.namespaces.length ? null : namespaces }];
  });
}

/** Whether a holder has any of the ways in every namespace, those included that nobody saw. */
export const isEverywhere = (holder: Holder, { rbac }: Ground): boolean =>
  POD_WAYS.some((way) => rightsOf(way, holder, rbac).some(({ namespace }) => namespace === null));

/** What a holder may change; where no cell says what that comes to, there is nothing that it could change. */
export const idleWays = (holder: Holder, ground: Ground): readonly PodWay[] =>
  CHANGES.filter((way) => isServed(way, ground) && rightsOf(way, holder, ground.rbac).length > 0);

const CHANGES = POD_WAYS.filter(({ on }) => on !== 'nothing');

/** Every way that creates something. Kept, since it is looked for to know what has to be read, and again to answer. */
export function createdCells(holder: Holder, ground: Ground): readonly Cell[] {
  const known = ground.created.get(holder) ?? CREATIONS.flatMap((way) => createCells(way, holder, ground));
  ground.created.set(holder, known);
  return known;
}

const CREATIONS = POD_WAYS.filter(({ on }) => on === 'nothing');

/** Where nothing that is created reaches the node for sure. */
interface Undone {
  has: (namespace: string) => boolean;
  /** Those of them: the same list where it is all. */
  of: (namespaces: readonly string[]) => readonly string[];
}

function undone(created: readonly Cell[], ground: Ground): Undone {
  const known = UNDONE.get(created) ?? findUndone(created, ground);
  UNDONE.set(created, known);
  return known;
}

/** To know what has to be read, and again to answer: cells are of one ground. */
const UNDONE = new WeakMap<readonly Cell[], Undone>();

function findUndone(created: readonly Cell[], ground: Ground): Undone {
  const done = new Set(created.flatMap(({ strongest, namespaces }) => (reachesNode(strongest.sure) ? namespaces : [])));
  return done.size === 0 ? everywhere(ground) : without(done, ground);
}

const everywhere = oncePerObject((ground: Ground): Undone => without(new Set(), ground));

const without = (done: ReadonlySet<string>, ground: Ground): Undone => ({
  has: (namespace) => askedOf(ground).has(namespace) && !done.has(namespace),
  of: (namespaces) =>
    namespaces.some((each) => done.has(each)) ? namespaces.filter((each) => !done.has(each)) : namespaces,
});

const askedOf = oncePerObject(({ namespaces }: Ground): ReadonlySet<string> => new Set(namespaces));

function rightsOf(way: PodWay, holder: Holder, rbac: Rbac): readonly Right[] {
  const known = rightsByWay(holder);
  const rights = known.get(way) ?? findRights(way, holder, rbac);
  known.set(way, rights);
  return rights;
}

const rightsByWay = oncePerObject((_holder: Holder) => new Map<PodWay, readonly Right[]>());

const findRights = (way: PodWay, holder: Holder, rbac: Rbac): readonly Right[] =>
  way.on === 'nothing' ? rightsToCreate(way.maker, holder, rbac) : rightsTo(changeOf(way), holder);

const changeOf = oncePerObject(({ maker: { group, resource }, verbs, subresource }: PodWay) => ({
  group,
  resource,
  subresource,
  verbs,
}));

function createCells(way: PodWay, holder: Holder, ground: Ground): Cell[] {
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder, ground.rbac), everywhere(ground), () => groupsOf(way, user, ground)).map(
    ({ right, namespaces }) => {
      const trials = ground.judge.trials(creation(way), namespaces[0], user);
      return { way, right, namespaces, trials, strongest: strongestOf(trials) };
    },
  );
}

/** The namespaces that nothing tells apart for who creates objects of that kind. */
const groupsOf = (way: PodWay, user: UserInfo, { judge, namespaces }: Ground): Namespaces[] =>
  judge.spread(creation(way), namespaces, user).flatMap((group) => asNamespaces(group.namespaces));

const creation = ({ maker }: PodWay): Way => ({ maker, operation: 'CREATE' });

function changeCells(way: PodWay, holder: Holder, rest: Undone, ground: Ground): Cell[] {
  if (!isServed(way, ground)) return [];
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder, ground.rbac), rest, () => groupsOf(way, user, ground)).flatMap(
    ({ right, namespaces }) =>
      changesIn(namespaces, way, right, user, ground).map((change) => ({ way, right, ...change })),
  );
}

/** Whether the server has it. One whose version nobody knows is taken for a newer one. */
const isServed = ({ since }: PodWay, { world }: Ground): boolean => {
  const { version } = world.facts;
  return since === undefined || version === null || compareVersions(since, version) <= 0;
};

export type Change = Pick<Cell, 'namespaces' | 'trials' | 'on' | 'strongest'>;

/** What can be changed in these namespaces, those together where it comes to the same. */
function changesIn(
  namespaces: Namespaces,
  way: PodWay,
  right: Right,
  user: UserInfo,
  ground: Ground,
): readonly Change[] {
  const what = [way.id, way.maker.resource, JSON.stringify(right.names)].join();
  const one = (namespace: string) =>
    ground.changes.find(`${what} ${namespace}`, { namespace, user }, ground.world, (reader) =>
      changeIn(namespace, way, right, reader.user, ground),
    );
  if (namespaces.length === 1) return one(namespaces[0]).value;
  const known = ground.changesTogether.get(ground.changes.alike(user, ground.world))?.get(namespaces)?.get(what);
  if (known) return known;
  const found = namespaces.map(one);
  const changes = together(found.flatMap(({ value }) => value));
  if (found.some(({ isJoint }) => isJoint)) return changes;
  const alike = ground.changes.alike(user, ground.world);
  const theirs = ground.changesTogether.get(alike) ?? new WeakMap<readonly string[], Map<string, readonly Change[]>>();
  const there = theirs.get(namespaces) ?? new Map<string, readonly Change[]>();
  ground.changesTogether.set(alike, theirs.set(namespaces, there.set(what, changes)));
  return changes;
}

const together = (changes: readonly Change[]): Change[] =>
  [...Map.groupBy(changes, outcomeOf).values()].flatMap(([first, ...others]) => {
    const [namespaces] = asNamespaces([first, ...others].flatMap((each) => each?.namespaces ?? []));
    return first && namespaces ? [{ ...first, namespaces }] : [];
  });

function changeIn(namespace: string, way: PodWay, right: Right, user: UserInfo, ground: Ground): Change[] {
  const judged = judgeExisting(way, right, namespace, user, ground);
  return judged === null ? [] : [{ namespaces: [namespace], ...judged, strongest: strongestOf(judged.trials) }];
}

/** Each right with the namespaces where it counts, by group; the widest of several. */
function placesOf(
  rights: readonly Right[],
  { has, of }: Undone,
  groups: () => readonly Namespaces[],
): { right: Right; namespaces: Namespaces }[] {
  const wide =
    rights.find((right) => right.namespace === null && right.names === null) ??
    rights.find((right) => right.namespace === null);
  const narrow = new Map<string, Right>();
  for (const right of rights) {
    if (right.namespace === null || !has(right.namespace)) continue;
    const before = narrow.get(right.namespace) ?? wide;
    if (!before || (before.names !== null && right.names === null)) narrow.set(right.namespace, right);
  }
  const own = [...narrow].map(([namespace, right]) => ({ right, namespaces: [namespace] as const }));
  if (!wide) return own;
  const isOther = (namespace: string): boolean => !narrow.has(namespace);
  const others = groups().flatMap((each) => {
    const open = of(each);
    return asNamespaces(narrow.size === 0 ? open : open.filter(isOther));
  });
  return [...others.map((namespaces) => ({ right: wide, namespaces })), ...own];
}

/** None, or one that is not empty. */
const asNamespaces = (namespaces: readonly string[]): [] | [Namespaces] =>
  namespaces.length === 0 ? [] : [namespaces as Namespaces];

/** Equal where trials came to the same. */
const signatureOf = oncePerObject((trials: readonly Trial[]): string =>
  trials
    // What is refused everywhere is alike, however strong it would have been.
    .map(({ probe: { id, strength }, admission: { value, leaning } }) =>
      value === 'no' ? `${id}=no` : `${id}/${strength}=${value}${leaning ?? ''}`,
    )
    .join(),
);

/** What passes and what does not, and who refuses where that keeps the pods from the node. */
export const outcomeOf = ({ trials, strongest }: Pick<Cell, 'trials' | 'strongest'>): string =>
  reachesNode(strongest.sure) ? signatureOf(trials) : heldBack(trials);

const heldBack = oncePerObject(
  (trials: readonly Trial[]): string =>
    `${signatureOf(trials)};${trials.map(({ admission }) => [...deciders(admission.evidence)].join()).join(';')}`,
);

/** A namespace refuses by its labels: which one it is makes no difference. */
const deciders = (refusals: readonly Refusal[]): Set<string> =>
  new Set(
    refusals.map(({ layer, by }) =>
      by?.kind === 'Namespace' ? layer : `${layer} ${by?.kind} ${by?.namespace} ${by?.name}`,
    ),
  );

export const userOf = oncePerObject(({ identity: { user, groups } }: Holder): UserInfo => ({ name: user, groups }));
