import type { Refusal } from '../../admission/layer.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Rbac } from '../../rbac/rbac.ts';
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
 * Every way of a holder to a pod, in every namespace. Ways over what is there already are looked at only where creating
 * one does not reach the node: they need more to be read, and add nothing else.
 */
export function outcomesOf(holder: Holder, scope: Scope): PodOutcome[] {
  const created = createdOutcomes(holder, scope);
  const rest = unreachedBy(created, scope);
  return [...created, ...CHANGES.flatMap((way) => changeOutcomes(way, holder, rest, scope))];
}

/** The strongest that any of the outcomes comes to. */
export const bestOf = (outcomes: readonly PodOutcome[]): Strongest =>
  strongestAmong(outcomes.map(({ strongest }) => strongest));

/**
 * Where it has to be seen what a holder could change: each way that is looked for with its namespaces, null for all of
 * them.
 */
export function changeScopes(
  holder: Holder,
  scope: Scope,
  isLookedFor: (way: PodWay) => boolean,
): { way: PodWay; namespaces: readonly string[] | null }[] {
  const rights = CHANGES.filter(isLookedFor)
    .map((way) => ({ way, held: rightsOf(way, holder, scope.rbac) }))
    .filter(({ held }) => held.length > 0);
  if (rights.length === 0) return [];
  const open = unreachedBy(createdOutcomes(holder, scope), scope);
  return rights.flatMap(({ way, held }) => {
    const isWide = held.some(({ namespace }) => namespace === null);
    const own = held.flatMap(({ namespace }) => (namespace !== null && open.has(namespace) ? [namespace] : []));
    const namespaces = isWide ? open.of(scope.namespaces) : own;
    if (namespaces.length === 0) return [];
    return [{ way, namespaces: namespaces.length === scope.namespaces.length ? null : namespaces }];
  });
}

/** Whether a holder has any of the ways in every namespace, those included that nobody saw. */
export const isEverywhere = (holder: Holder, { rbac }: Scope): boolean =>
  POD_WAYS.some((way) => rightsOf(way, holder, rbac).some(({ namespace }) => namespace === null));

/** What a holder may change; where no outcome says what that comes to, there is nothing that it could change. */
export const idleWays = (holder: Holder, scope: Scope): readonly PodWay[] =>
  CHANGES.filter((way) => isServed(way, scope) && rightsOf(way, holder, scope.rbac).length > 0);

const CHANGES = POD_WAYS.filter(({ on }) => on !== 'nothing');

/** Every way that creates something. Kept, since it is looked for to know what has to be read, and again to answer. */
export function createdOutcomes(holder: Holder, scope: Scope): readonly PodOutcome[] {
  const byHolder = createdIn(scope);
  const known = byHolder.get(holder) ?? CREATIONS.flatMap((way) => createOutcomes(way, holder, scope));
  byHolder.set(holder, known);
  return known;
}

const createdIn = oncePerObject((_scope: Scope) => new WeakMap<Holder, readonly PodOutcome[]>());

const CREATIONS = POD_WAYS.filter(({ on }) => on === 'nothing');

/** Where nothing that is created reaches the node for sure. */
interface Unreached {
  has: (namespace: string) => boolean;
  /** Those of them: the same list where it is all. */
  of: (namespaces: readonly string[]) => readonly string[];
}

function unreachedBy(created: readonly PodOutcome[], scope: Scope): Unreached {
  const known = UNREACHED.get(created) ?? findUnreached(created, scope);
  UNREACHED.set(created, known);
  return known;
}

/** To know what has to be read, and again to answer: outcomes are of one scope. */
const UNREACHED = new WeakMap<readonly PodOutcome[], Unreached>();

function findUnreached(created: readonly PodOutcome[], scope: Scope): Unreached {
  const done = new Set(created.flatMap(({ strongest, namespaces }) => (reachesNode(strongest.sure) ? namespaces : [])));
  return done.size === 0 ? everywhere(scope) : without(done, scope);
}

const everywhere = oncePerObject((scope: Scope): Unreached => without(new Set(), scope));

const without = (done: ReadonlySet<string>, scope: Scope): Unreached => ({
  has: (namespace) => askedOf(scope).has(namespace) && !done.has(namespace),
  of: (namespaces) =>
    namespaces.some((each) => done.has(each)) ? namespaces.filter((each) => !done.has(each)) : namespaces,
});

const askedOf = oncePerObject(({ namespaces }: Scope): ReadonlySet<string> => new Set(namespaces));

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

function createOutcomes(way: PodWay, holder: Holder, scope: Scope): PodOutcome[] {
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder, scope.rbac), everywhere(scope), () => groupsOf(way, user, scope)).map(
    ({ right, namespaces }) => {
      const trials = scope.probeTrials.of(creation(way), namespaces[0], user);
      return { way, right, namespaces, trials, strongest: strongestOf(trials) };
    },
  );
}

/** The namespaces that nothing tells apart for who creates objects of that kind. */
const groupsOf = (way: PodWay, user: UserInfo, { probeTrials, namespaces }: Scope): Namespaces[] =>
  probeTrials.byClass(creation(way), namespaces, user).flatMap((group) => asNamespaces(group.namespaces));

const creation = ({ maker }: PodWay): FirstWrite => ({ maker, operation: 'CREATE' });

function changeOutcomes(way: PodWay, holder: Holder, rest: Unreached, scope: Scope): PodOutcome[] {
  if (!isServed(way, scope)) return [];
  const user = userOf(holder);
  return placesOf(rightsOf(way, holder, scope.rbac), rest, () => groupsOf(way, user, scope)).flatMap(
    ({ right, namespaces }) =>
      changesIn(namespaces, way, right, user, scope).map((change) => ({ way, right, ...change })),
  );
}

/** Whether the server has it. One whose version nobody knows is taken for a newer one. */
const isServed = ({ since }: PodWay, { world }: Scope): boolean => {
  const { version } = world.facts;
  return since === undefined || version === null || compareVersions(since, version) <= 0;
};

type ChangeOutcome = Pick<PodOutcome, 'namespaces' | 'trials' | 'on' | 'strongest'>;

/** What can be changed in one namespace, and in many by users who are alike: found once for a scope. */
const changesOf = oncePerObject((_scope: Scope) => ({
  alone: new Recall<readonly ChangeOutcome[]>(),
  together: new WeakMap<object, WeakMap<readonly string[], Map<string, readonly ChangeOutcome[]>>>(),
}));

/** What can be changed in these namespaces, those together where it comes to the same. */
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
  // Asked again: what was found may tell apart users that were alike before.
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

/** Each right with the namespaces where it counts, by group; the widest of several. */
function placesOf(
  rights: readonly Right[],
  { has, of }: Unreached,
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
export const keyOfOutcome = ({ trials, strongest }: Pick<PodOutcome, 'trials' | 'strongest'>): string =>
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
