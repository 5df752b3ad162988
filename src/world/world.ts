import { maxOf, pushAll } from '../answer/many.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { Applied } from './applied.ts';
import { type KindName, type Kinds, keyOf } from './kinds.ts';
import { describeNeed, type Need, needKey, type Outcome } from './needs.ts';
import type { Labels, Named, Rule } from './objects.ts';
import type { ApiResource } from './resources.ts';
import type { Version } from './version.ts';

/** Facts about the cluster other than its objects. */
export interface Facts {
  context: string | null;
  /** The namespace of `-n`, or else of the context. */
  namespace: string;
  /** gitVersion of the server; null where it is not known. */
  gitVersion: string | null;
  /** The server's version; null where it is not known: rules that changed between versions then yield `depends`. */
  version: Version | null;
  readAt: string;
  /**
   * The origin of the objects: a live server, a snapshot of one, the snapshot of the demo, or files of any other
   * origin.
   */
  origin: 'live' | 'snapshot' | 'demo' | 'file';
  /** The result of one SelfSubjectRulesReview; null where none was made. */
  self: SelfReview | null;
  /** The reason why the self review failed; null where it did not. */
  selfFailure: string | null;
  /**
   * The reason why it is not certain that the server impersonates as asked; absent where it is, or nobody was
   * impersonated.
   */
  selfDoubt?: string;
  /** The resources that discovery lists; null where it was not asked for or there is none. */
  discovery: readonly ApiResource[] | null;
  /**
   * The groups of which discovery may not list everything, since the server behind them did not answer; absent where
   * there are none.
   */
  undiscovered?: readonly string[];
  /** The API server's command line; null where the server does not show it or was not asked. */
  flags: readonly string[] | null;
  /** What a world made from manifests contains besides the objects in them; absent where there are no manifests. */
  applied?: Applied;
}

export interface SelfReview {
  /** The caller, where the server says who it is. */
  user: { name: string; groups: readonly string[] } | null;
  /** The namespace to which the rules apply. */
  namespace: string;
  rules: readonly Rule[];
  /** The reason why the rules are incomplete, in the words of another authorizer; null where they are complete. */
  incomplete: string | null;
}

/** Something that could not be read so far that its name is known. */
export interface Nameless {
  /** Its kind; null where it may be an object of any kind. */
  kind: KindName | null;
  /** Its namespace; null where it may be in any namespace or in none. */
  namespace: string | null;
  /** What is wrong with it, and where it stands. */
  why: string;
}

/** An object that does not have the API's shape. */
interface Odd {
  unknown: Unknown;
  /** Null where the labels could not be read either. */
  labels: Labels | null;
}

interface Store<K extends KindName> {
  objects: Map<string, Kinds[K]>;
  byNamespace: Map<string, Kinds[K][]>;
}

/**
 * The objects that were read, and the result of each need. A world only grows, when a question asks for more;
 * `revision` counts its growth, so that indexes over it know when they are stale.
 */
export class World {
  revision = 0;
  #facts: Facts;
  readonly #stores = new Map<KindName, Store<KindName>>();
  readonly #outcomes = new Map<string, { need: Need; outcome: Outcome }>();
  readonly #malformed = new Map<KindName, readonly Odd[]>();
  readonly #nameless: Nameless[] = [];
  readonly #revisions = new Map<KindName, number>();
  /** The revision at which something grew last that belongs to no kind. */
  #generalRevision = 0;
  #kinds: readonly KindName[] | null = null;
  #base: World | null = null;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  get facts(): Facts {
    return this.#facts;
  }

  set facts(facts: Facts) {
    this.#facts = facts;
    this.revision += 1;
    this.#generalRevision = this.revision;
  }

  /**
   * Adds the result of a need. It replaces an object that is already there, unless that one is whole and the new one is
   * not.
   */
  add<K extends KindName>(need: Need & { kind: K }, outcome: Outcome, objects: readonly Kinds[K][] = []): void {
    this.#outcomes.set(needKey(need), { need, outcome });
    this.put(need.kind, objects);
  }

  put<K extends KindName>(kind: K, objects: readonly Kinds[K][]): void {
    const store = this.#storeOf(kind);
    for (const object of objects) {
      const key = keyOf(object);
      const before = store.objects.get(key);
      if (before && isWhole(before) && !isWhole(object)) continue;
      store.objects.set(key, object);
      const namespace = object.namespace ?? '';
      const siblings = store.byNamespace.get(namespace);
      if (!siblings) store.byNamespace.set(namespace, [object]);
      else if (before) siblings[siblings.indexOf(before)] = object;
      else siblings.push(object);
    }
    this.#kinds = null;
    this.revision += 1;
    this.#revisions.set(kind, this.revision);
  }

  /** The revision at which one of these kinds grew last. */
  revisionOf(kinds: readonly KindName[]): number {
    return maxOf(kinds.map((kind) => this.#revisions.get(kind) ?? 0));
  }

  /** The revision at which anything but these kinds grew last. */
  revisionBesides(kinds: readonly KindName[]): number {
    const others = [...this.#revisions].filter(([kind]) => !kinds.includes(kind));
    return Math.max(this.#generalRevision, maxOf(others.map(([, revision]) => revision)));
  }

  /**
   * Notes an object that does not have the API's shape: a no that it might change becomes `depends`. `what` is its kind
   * and key: `roles shop/web`.
   */
  addMalformed(kind: KindName, what: string, why: string, labels: Labels | null = null): void {
    const unknown: Unknown = {
      kind: 'unreadable',
      what,
      why,
      affects: 'anything that this object may grant or contain',
    };
    this.#malformed.set(kind, [...(this.#malformed.get(kind) ?? []), { unknown, labels }]);
  }

  malformed(...kinds: KindName[]): Unknown[] {
    return kinds.flatMap((kind) => this.oddObjects(kind).map(({ unknown }) => unknown));
  }

  /** The objects of a kind that do not have the API's shape, with their labels where these could be read. */
  oddObjects(kind: KindName): readonly Odd[] {
    return this.#malformed.get(kind) ?? [];
  }

  /**
   * The unknowns for objects of a kind without the API's shape that are or may be in this namespace; with null, for all
   * of them.
   */
  malformedIn(kind: KindName, namespace: string | null): Unknown[] {
    const known = this.malformed(kind);
    if (namespace === null) return known;
    return known.filter(
      ({ what }) => !what.includes('/') || what.slice(what.indexOf(' ') + 1).startsWith(`${namespace}/`),
    );
  }

  /**
   * Notes something whose name could not be read: it may be any object of its kind that is not found, so that no list
   * of the kind is complete.
   */
  addNameless(nameless: Nameless): void {
    this.#nameless.push(nameless);
    this.revision += 1;
    this.#generalRevision = this.revision;
  }

  /** The nameless that may be an object of this kind in this namespace; with null, in any namespace. */
  nameless(kind: KindName, namespace: string | null): readonly Nameless[] {
    const isElsewhere = (each: Nameless): boolean =>
      namespace !== null && each.namespace !== null && each.namespace !== namespace;
    return this.#nameless.filter((each) => (each.kind === null || each.kind === kind) && !isElsewhere(each));
  }

  /** The unknown for this object where it does not have the API's shape; undefined where it has, or does not exist. */
  malformedObject(kind: KindName, namespace: string | null, name: string): Unknown | undefined {
    return this.malformed(kind).find(({ what }) => what === `${kind} ${keyOf({ namespace, name })}`);
  }

  find<K extends KindName>(kind: K, namespace: string | null, name: string): Kinds[K] | undefined {
    return this.#storeOf(kind).objects.get(namespace === null ? name : `${namespace}/${name}`);
  }

  /** All objects of a kind that were read; with a namespace, only those in it. */
  list<K extends KindName>(kind: K, namespace: string | null = null): readonly Kinds[K][] {
    const store = this.#storeOf(kind);
    if (namespace === null) return [...store.objects.values()];
    return store.byNamespace.get(namespace) ?? [];
  }

  /**
   * The result of a need, or of a wider one that includes it; null where nothing tried it. A success takes precedence
   * over a failure.
   */
  outcome(need: Need): Outcome | null {
    const tried = wider(need).flatMap((each) => this.#outcomes.get(needKey(each)) ?? []);
    return (tried.find(({ outcome }) => outcome.read) ?? tried[0])?.outcome ?? null;
  }

  /** The result of exactly this need, without wider ones. */
  ownOutcome(need: Need): Outcome | null {
    return this.#outcomes.get(needKey(need))?.outcome ?? null;
  }

  /** Whether a need still has to be read: neither it nor a wider one was read, and it was not tried itself. */
  isUntried(need: Need): boolean {
    return !this.isRead(need) && this.ownOutcome(need) === null;
  }

  isRead(need: Need): boolean {
    return this.outcome(need)?.read === true;
  }

  outcomes(): IterableIterator<{ need: Need; outcome: Outcome }> {
    return this.#outcomes.values();
  }

  /** A world with some objects replaced and some removed, to ask what would be if. This world stays as it is. */
  fork<K extends KindName>(
    kind: K,
    { put = [], drop = [] }: { put?: readonly Kinds[K][]; drop?: readonly Named[] },
  ): World {
    const world = new World(this.facts);
    for (const [name, store] of this.#stores) world.#stores.set(name, store);
    for (const [key, outcome] of this.#outcomes) world.#outcomes.set(key, outcome);
    for (const [name, unknowns] of this.#malformed) world.#malformed.set(name, unknowns);
    pushAll(world.#nameless, this.#nameless);
    world.#base = this;
    const { objects, byNamespace } = this.#storeOf(kind);
    const store: Store<K> = { objects: new Map(objects), byNamespace: new Map(byNamespace) };
    // The lists of the original are not changed.
    for (const place of new Set([...put, ...drop].map(({ namespace }) => namespace ?? '')))
      store.byNamespace.set(place, [...(byNamespace.get(place) ?? [])]);
    for (const each of drop) remove(store, each);
    const dropped = new Set(drop.map((each) => `${kind} ${keyOf(each)}`));
    const odd = this.oddObjects(kind).filter(({ unknown }) => !dropped.has(unknown.what));
    if (odd.length < this.oddObjects(kind).length) world.#malformed.set(kind, odd);
    world.#stores.set(kind, store as unknown as Store<KindName>);
    world.put(kind, put);
    return world;
  }

  /**
   * The world from which this one was forked; it differs in the kinds that have a revision here. Null where it is no
   * fork.
   */
  get base(): World | null {
    return this.#base;
  }

  get size(): number {
    return [...this.#stores.values()].reduce((sum, { objects }) => sum + objects.size, 0);
  }

  /** The kinds of which there are objects. */
  kinds(): readonly KindName[] {
    this.#kinds ??= [...this.#stores].flatMap(([kind, { objects }]) => (objects.size > 0 ? [kind] : []));
    return this.#kinds;
  }

  #storeOf<K extends KindName>(kind: K): Store<K> {
    const known = this.#stores.get(kind);
    if (known) return known as unknown as Store<K>;
    const store: Store<K> = { objects: new Map(), byNamespace: new Map() };
    this.#stores.set(kind, store as unknown as Store<KindName>);
    return store;
  }
}

function remove<K extends KindName>({ objects, byNamespace }: Store<K>, dropped: Named): void {
  const object = objects.get(keyOf(dropped));
  const siblings = byNamespace.get(dropped.namespace ?? '');
  if (object === undefined || !siblings) return;
  objects.delete(keyOf(dropped));
  siblings.splice(siblings.indexOf(object), 1);
}

/** Whether an object is whole, without reading it, since it is parsed each time it is read. */
const isWhole = (object: object): boolean => Object.getOwnPropertyDescriptor(object, 'whole')?.get !== undefined;

/** The `unreadable` unknown for a need that failed or was never tried. */
export function unreadable(world: World, need: Need, affects: string): Unknown {
  const outcome = world.outcome(need);
  const why = outcome === null || outcome.read ? 'not read' : outcome.failure.message;
  return { kind: 'unreadable', what: describeNeed(need), why, affects };
}

/**
 * What is not known of the objects that a need asks for: a list that was not read, and each object without the API's
 * shape. Empty where all of them are known, which includes a kind that the server does not have. A caller that says no
 * because there is no such object has to ask here first.
 */
export function unseen(world: World, need: Need, affects: string): Unknown[] {
  const { kind, namespace, name } = need;
  const outcome = world.outcome(need);
  const isKnown = outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
  if (name !== null) {
    const malformed = world.malformedObject(kind, namespace, name);
    if (malformed) return [{ ...malformed, affects }];
    return isKnown || world.find(kind, namespace, name) ? [] : [unreadable(world, need, affects)];
  }
  const malformed = world.malformedIn(kind, namespace).map((each) => ({ ...each, affects }));
  return isKnown ? malformed : [unreadable(world, need, affects), ...malformed];
}

/** The need itself and the needs that include it, narrowest first. */
function wider(need: Need): Need[] {
  const { kind, namespace } = need;
  const list: Need = { kind, namespace, name: null, labelSelector: null, ...(need.whole ? { whole: true } : {}) };
  const own = [need, list, { ...list, namespace: null }];
  // A need for whole objects includes one for reduced objects.
  return need.whole || kind !== 'pods' ? own : [...own, ...own.map((each) => ({ ...each, whole: true as const }))];
}
