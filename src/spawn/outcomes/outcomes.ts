import type { Refusal } from '../../admission/layer.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { oncePerObject } from '../../world/once.ts';
import { compareVersions } from '../../world/version.ts';
import type { FirstWrite } from '../probes/probe-trials.ts';
import { reachesNode, type Strongest, strongestAmong, strongestOf, type Trial } from '../probes/strongest.ts';
import { type Holder, type Right, rightsTo, rightsToCreate, userOf } from '../rights/holder.ts';
import { POD_WAYS, type PodWay } from '../rights/ways.ts';
import type { Scope } from '../scope.ts';
import { tryExisting } from './existing.ts';
import type { Namespaces, PodOutcome } from './pod-outcome.ts';

/**
 * The outcomes of every way of a holder to a pod, in every namespace of the scope. Ways that change an existing object
 * are only tried in namespaces where no new pod reaches the node: elsewhere they add nothing, and need more to be read.
 */
export const outcomesOf = (holder: Holder, scope: Scope): PodOutcome[] => [...outcomesInTurn(holder, scope)];

/**
 * The same outcomes one by one, first those that take little to find. Before each way that changes an object
 * `isLookedFor` says whether it is still of interest.
 */
export function* outcomesInTurn(
  holder: Holder,
  scope: Scope,
  isLookedFor: (way: PodWay) => boolean = () => true,
): Generator<PodOutcome> {
  yield* createdOutcomes(holder, scope);
  const rest = unreachedBy(holder, scope);
  for (const way of CHANGES) if (isLookedFor(way)) yield* changeOutcomes(way, holder, rest, scope);
}

/** The strongest pod of all these outcomes. */
export const bestOf = (outcomes: readonly PodOutcome[]): Strongest =>
  strongestAmong(outcomes.map(({ strongest }) => strongest));

/**
 * The namespaces whose objects have to be read to know what a holder could change: an entry for each way that
 * `isLookedFor` and that the holder has a right to, with its namespaces; null for all namespaces.
 */
export function changeScopes(
  holder: Holder,
  scope: Scope,
  isLookedFor: (way: PodWay) => boolean,
): { way: PodWay; namespaces: readonly string[] | null }[] {
  const rights = CHANGES.filter(isLookedFor)
    .map((way) => ({ way, held: rightsOf(way, holder) }))
    .filter(({ held }) => held.length > 0);
  if (rights.length === 0) return [];
  const open = unreachedBy(holder, scope);
  return rights.flatMap(({ way, held }) => {
    const isWide = held.some(({ namespace }) => namespace === null);
    const own = held.flatMap(({ namespace }) => (namespace !== null && open.has(namespace) ? [namespace] : []));
    const namespaces = isWide ? open.of(scope.namespaces) : own;
    if (namespaces.length === 0) return [];
    return [{ way, namespaces: namespaces.length === scope.namespaces.length ? null : namespaces }];
  });
}

/** Whether a holder has any way in the whole cluster, and so in namespaces that could not be listed too. */
export const isEverywhere = (holder: Holder): boolean =>
  POD_WAYS.some((way) => rightsOf(way, holder).some(({ namespace }) => namespace === null));

/** The ways by which a holder may change objects. A way without an outcome has no object to change. */
export const idleWays = (holder: Holder, scope: Scope): readonly PodWay[] =>
  CHANGES.filter((way) => isServed(way, scope) && rightsOf(way, holder).length > 0);

const CHANGES = POD_WAYS.filter(({ on }) => on !== 'nothing');

/** The outcomes of every way of a holder that creates an object. */
export const createdOutcomes = (holder: Holder, scope: Scope): readonly PodOutcome[] => createdIn(scope)(holder);

/** Computed once, since they are needed to know what has to be read, and again to answer. */
const createdIn = oncePerObject((scope: Scope) =>
  oncePerObject((holder: Holder): readonly PodOutcome[] =>
    CREATIONS.flatMap((way) => createOutcomes(way, holder, scope)),
  ),
);

const CREATIONS = POD_WAYS.filter(({ on }) => on === 'nothing');

/** The namespaces in which no pod that a holder creates reaches the node for sure. */
interface Unreached {
  has: (namespace: string) => boolean;
  /** Those of `namespaces`; the same array where it is all of them. */
  of: (namespaces: readonly string[]) => readonly string[];
}

const unreachedBy = (holder: Holder, scope: Scope): Unreached => unreachedIn(scope)(holder);

const unreachedIn = oncePerObject((scope: Scope) =>
  oncePerObject((holder: Holder): Unreached => {
    const reached = createdOutcomes(holder, scope).filter(({ strongest }) => reachesNode(strongest.sure));
    return reached.length === 0
      ? everywhere(scope)
      : without(new Set(reached.flatMap((each) => each.namespaces)), scope);
  }),
);

const everywhere = oncePerObject((scope: Scope): Unreached => without(new Set(), scope));

const without = (done: ReadonlySet<string>, scope: Scope): Unreached => ({
  has: (namespace) => askedOf(scope).has(namespace) && !done.has(namespace),
  of: (namespaces) =>
    namespaces.some((each) => done.has(each)) ? namespaces.filter((each) => !done.has(each)) : namespaces,
});

const askedOf = oncePerObject(({ namespaces }: Scope): ReadonlySet<string> => new Set(namespaces));

function rightsOf(way: PodWay, holder: Holder): readonly Right[] {
  const known = rightsByWay(holder);
  const rights = known.get(way) ?? findRights(way, holder);
  known.set(way, rights);
  return rights;
}

const rightsByWay = oncePerObject((_holder: Holder) => new Map<PodWay, readonly Right[]>());

const findRights = (way: PodWay, holder: Holder): readonly Right[] =>
  way.on === 'nothing' ? rightsToCreate(way.maker, holder) : rightsTo(changeOf(way), holder);

const changeOf = oncePerObject(({ maker: { group, resource }, verbs, subresource }: PodWay) => ({
  group,
  resource,
  subresource,
  verbs,
}));

function createOutcomes(way: PodWay, holder: Holder, scope: Scope): PodOutcome[] {
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder), everywhere(scope), () => classesOf(way, user, scope)).map(
    ({ right, namespaces }) => {
      const trials = scope.probeTrials.of(creation(way), namespaces[0], user);
      return { way, right, namespaces, trials, strongest: strongestOf(trials) };
    },
  );
}

/** The equivalence classes of namespaces for who creates objects of that kind. */
const classesOf = (way: PodWay, user: UserInfo, { probeTrials, namespaces }: Scope): Namespaces[] =>
  probeTrials.byClass(creation(way), namespaces, user).flatMap((each) => asNamespaces(each.namespaces));

const creation = ({ maker }: PodWay): FirstWrite => ({ maker, operation: 'CREATE' });

function changeOutcomes(way: PodWay, holder: Holder, rest: Unreached, scope: Scope): PodOutcome[] {
  if (!isServed(way, scope)) return [];
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder), rest, () => classesOf(way, user, scope)).flatMap(({ right, namespaces }) =>
    changesIn(namespaces, way, right, user, scope).map((change) => ({ way, right, ...change })),
  );
}

/** Whether the server has the way; a server of unknown version is taken to have it. */
const isServed = ({ since }: PodWay, { world }: Scope): boolean => {
  const { version } = world.facts;
  return since === undefined || version === null || compareVersions(since, version) <= 0;
};

/** What admission makes of a change, without the right that allows it. */
type ChangeOutcome = Pick<PodOutcome, 'namespaces' | 'trials' | 'on' | 'strongest'>;

/** What can be changed in one namespace, and in many namespaces by users of whom admission reads the same. */
const changesOf = oncePerObject((_scope: Scope) => ({
  alone: new Recall<readonly ChangeOutcome[]>(),
  together: new WeakMap<object, WeakMap<readonly string[], Map<string, readonly ChangeOutcome[]>>>(),
}));

/** The outcomes of changes in these namespaces, one for all namespaces in which it is the same. */
function changesIn(
  namespaces: Namespaces,
  way: PodWay,
  right: Right,
  user: UserInfo,
  scope: Scope,
): readonly ChangeOutcome[] {
  const what = [way.id, way.maker.resource, JSON.stringify(right.names)].join();
  const known = changesOf(scope);
  const one = (namespace: string) =>
    known.alone.find(`${what} ${namespace}`, { namespace, user }, scope.world, (reader) =>
      changeIn(namespace, way, right, reader.user, scope),
    );
  if (namespaces.length === 1) return one(namespaces[0]).value;
  const alike = known.alone.alike(user, scope.world);
  const same = known.together.get(alike)?.get(namespaces)?.get(what);
  if (same) return same;
  const found = namespaces.map(one);
  const changes = together(found.flatMap(({ value }) => value));
  if (found.some(({ isJoint }) => isJoint)) return changes;
  // Looked up again: these trials may have read something in which users differ who were alike before.
  const alikeNow = known.alone.alike(user, scope.world);
  const theirs =
    known.together.get(alikeNow) ?? new WeakMap<readonly string[], Map<string, readonly ChangeOutcome[]>>();
  const there = theirs.get(namespaces) ?? new Map<string, readonly ChangeOutcome[]>();
  known.together.set(alikeNow, theirs.set(namespaces, there.set(what, changes)));
  return changes;
}

const together = (changes: readonly ChangeOutcome[]): ChangeOutcome[] =>
  [...Map.groupBy(changes, keyOfOutcome).values()].flatMap(([first, ...others]) => {
    const [namespaces] = asNamespaces([first, ...others].flatMap((each) => each?.namespaces ?? []));
    return first && namespaces ? [{ ...first, namespaces }] : [];
  });

function changeIn(namespace: string, way: PodWay, right: Right, user: UserInfo, scope: Scope): ChangeOutcome[] {
  const tried = tryExisting(way, right, namespace, user, scope);
  return tried === null ? [] : [{ namespaces: [namespace], ...tried, strongest: strongestOf(tried.trials) }];
}

/** Each right with an equivalence class of namespaces where it counts; of several rights the widest. */
function placesOf(
  rights: readonly Right[],
  { has, of }: Unreached,
  classes: () => readonly Namespaces[],
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
  const others = classes().flatMap((each) => {
    const open = of(each);
    return asNamespaces(narrow.size === 0 ? open : open.filter(isOther));
  });
  return [...others.map((namespaces) => ({ right: wide, namespaces })), ...own];
}

/** The namespaces as an array of one element, or no element where there are none. */
const asNamespaces = (namespaces: readonly string[]): [] | [Namespaces] =>
  namespaces.length === 0 ? [] : [namespaces as Namespaces];

/** A key of what passed and what did not: equal for trials with the same result. */
const signatureOf = oncePerObject((trials: readonly Trial[]): string =>
  trials
    // A refused probe has no strength, however strong it would have been.
    .map(({ probe: { id, strength }, admission: { value, leaning } }) =>
      value === 'no' ? `${id}=no` : `${id}/${strength}=${value}${leaning ?? ''}`,
    )
    .join(),
);

/** A key of what passed and what did not, and of who refused, if that keeps the pods from the node. */
export const keyOfOutcome = ({ trials, strongest }: Pick<PodOutcome, 'trials' | 'strongest'>): string =>
  reachesNode(strongest.sure) ? signatureOf(trials) : heldBack(trials);

const heldBack = oncePerObject(
  (trials: readonly Trial[]): string =>
    `${signatureOf(trials)};${trials.map(({ admission }) => [...deciders(admission.evidence)].join()).join(';')}`,
);

/** Keys of what refuses. A namespace refuses by its labels, so that its name is left out. */
const deciders = (refusals: readonly Refusal[]): Set<string> =>
  new Set(
    refusals.map(({ layer, by }) =>
      by?.kind === 'Namespace' ? layer : `${layer} ${by?.kind} ${by?.namespace} ${by?.name}`,
    ),
  );
