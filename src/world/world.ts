import { maxOf, pushAll } from '../answer/many.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { Applied } from './applied.ts';
import { type KindName, type Kinds, keyOf } from './kinds.ts';
import { describeNeed, type Need, needKey, type Outcome } from './needs.ts';
import type { Labels, Named, Rule } from './objects.ts';
import type { ApiResource } from './resources.ts';
import type { Version } from './version.ts';

/** What is known of the cluster besides its objects. */
export interface Facts {
  context: string | null;
  /** The namespace of `-n`, else of the context. */
  namespace: string;
  /** gitVersion of the server; null where nothing says it. */
  gitVersion: string | null;
  /** Null where nothing says it: rules that changed between versions then yield `depends`. */
  version: Version | null;
  readAt: string;
  /** A live server, a snapshot of one, the demo's snapshot, or files of any other origin. */
  origin: 'live' | 'snapshot' | 'demo' | 'file';
  /** From one SelfSubjectRulesReview; null where none was made. */
  self: SelfReview | null;
  /** Why the self review failed; null where it did not. */
  selfFailure: string | null;
  /**
   * Why it could not be told whether the server acts for whom it was asked to impersonate; absent where it does, or
   * nobody was.
   */
  selfDoubt?: string;
  /** What discovery lists; null where it was not asked for or there is none. */
  discovery: readonly ApiResource[] | null;
  /**
   * The groups of which discovery may not list everything, since what serves them did not answer; absent where there
   * are none.
   */
  undiscovered?: readonly string[];
  /** The API server's command line, where it shows it; null where it does not, or was not asked. */
  flags: readonly string[] | null;
  /** What manifests stand for besides themselves; absent where there are none. */
  applied?: Applied;
}

export interface SelfReview {
  /** The caller, where the server says who that is. */
  user: { name: string; groups: readonly string[] } | null;
  /** The namespace that the rules are for. */
  namespace: string;
  rules: readonly Rule[];
  /** Why the rules are not the whole truth: another authorizer's words; null where they are. */
  incomplete: string | null;
}

/** Something that could not be read so far that one could name it. */
export interface Nameless {
  /** Null: perhaps an object of any kind. */
  kind: KindName | null;
  /** Null: perhaps in any namespace, or in none. */
  namespace: string | null;
  /** What is wrong with it, and where it stands. */
  why: string;
}

/** An object that could not be understood. */
interface Odd {
  unknown: Unknown;
  /** Null where not even they could be read. */
  labels: Labels | null;
}

interface Store<K extends KindName> {
  objects: Map<string, Kinds[K]>;
  byNamespace: Map<string, Kinds[K][]>;
}

/**
 * The objects that were read, and what became of each need. It grows while a question asks for more, and is never
 * changed otherwise; `revision` counts its growth, so that indexes over it know when they are stale.
 */
export class World {
  revision = 0;
  #facts: Facts;
  readonly #stores = new Map<KindName, Store<KindName>>();
  readonly #outcomes = new Map<string, { need: Need; outcome: Outcome }>();
  readonly #malformed = new Map<KindName, readonly Odd[]>();
  readonly #nameless: Nameless[] = [];
  readonly #revisions = new Map<KindName, number>();
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
  }

  /**
   * Adds what a need yielded. An object that is there already is replaced, unless it is whole and the new one is not.
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

  /**
   * Notes an object that could not be understood: a no that it might change becomes `depends`. `what` is its kind and
   * key: `roles shop/web`.
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

  /** The objects of a kind that could not be understood, with their labels as far as these could. */
  oddObjects(kind: KindName): readonly Odd[] {
    return this.#malformed.get(kind) ?? [];
  }

  /**
   * The objects of a kind that could not be understood and are, or may be, in this namespace; with null all of them.
   */
  malformedIn(kind: KindName, namespace: string | null): Unknown[] {
    const known = this.malformed(kind);
    if (namespace === null) return known;
    return known.filter(
      ({ what }) => !what.includes('/') || what.slice(what.indexOf(' ') + 1).startsWith(`${namespace}/`),
    );
  }

  /**
   * Notes something of which not even the name could be read: it may be any object of its kind that is not found, so
   * that no list of them is whole.
   */
  addNameless(nameless: Nameless): void {
    this.#nameless.push(nameless);
    this.revision += 1;
  }

  /** What may be an object of this kind in this namespace; with null in any. */
  nameless(kind: KindName, namespace: string | null): readonly Nameless[] {
    const isElsewhere = (each: Nameless): boolean =>
      namespace !== null && each.namespace !== null && each.namespace !== namespace;
    return this.#nameless.filter((each) => (each.kind === null || each.kind === kind) && !isElsewhere(each));
  }

  /** That this object could not be understood; undefined where it was, or is not there. */
  malformedObject(kind: KindName, namespace: string | null, name: string): Unknown | undefined {
    return this.malformed(kind).find(({ what }) => what === `${kind} ${keyOf({ namespace, name })}`);
  }

  find<K extends KindName>(kind: K, namespace: string | null, name: string): Kinds[K] | undefined {
    return this.#storeOf(kind).objects.get(namespace === null ? name : `${namespace}/${name}`);
  }

  /** All objects of a kind that were read; with a namespace only those in it. */
  list<K extends KindName>(kind: K, namespace: string | null = null): readonly Kinds[K][] {
    const store = this.#storeOf(kind);
    if (namespace === null) return [...store.objects.values()];
    return store.byNamespace.get(namespace) ?? [];
  }

  /**
   * What became of a need, or of a wider one that includes it; null where nothing tried it. A success beats a failure.
   */
  outcome(need: Need): Outcome | null {
    const tried = wider(need).flatMap((each) => this.#outcomes.get(needKey(each)) ?? []);
    return (tried.find(({ outcome }) => outcome.read) ?? tried[0])?.outcome ?? null;
  }

  /** What exactly this need came to, wider ones left aside. */
  ownOutcome(need: Need): Outcome | null {
    return this.#outcomes.get(needKey(need))?.outcome ?? null;
  }

  isRead(need: Need): boolean {
    return this.outcome(need)?.read === true;
  }

  outcomes(): IterableIterator<{ need: Need; outcome: Outcome }> {
    return this.#outcomes.values();
  }

  /**
   * The same world with some objects in place of others, and without some: what would be if. The original stays as it
   * is.
   */
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
    // The lists of the original stay as they are.
    for (const place of new Set([...put, ...drop].map(({ namespace }) => namespace ?? '')))
      store.byNamespace.set(place, [...(byNamespace.get(place) ?? [])]);
    for (const each of drop) remove(store, each);
    world.#stores.set(kind, store as unknown as Store<KindName>);
    world.put(kind, put);
    return world;
  }

  /** The world that this one was forked from. It differs in the kinds that have a revision here. */
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

/** Without looking at it: it is parsed each time. */
const isWhole = (object: object): boolean => Object.getOwnPropertyDescriptor(object, 'whole')?.get !== undefined;

/** The `unreadable` unknown for a need that failed or was never tried. */
export function unreadable(world: World, need: Need, affects: string): Unknown {
  const outcome = world.outcome(need);
  const why = outcome === null || outcome.read ? 'not read' : outcome.failure.message;
  return { kind: 'unreadable', what: describeNeed(need), why, affects };
}

/**
 * What was not seen of what a need asks for: that the list was not read, and each object of it that could not be
 * understood. Empty where all of it is known, which includes a kind that the server does not have. Whoever says no
 * because nothing of the kind is there has to ask here first.
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

/** The need itself and those that include it, narrowest first. */
function wider(need: Need): Need[] {
  const { kind, namespace } = need;
  const list: Need = { kind, namespace, name: null, labelSelector: null, ...(need.whole ? { whole: true } : {}) };
  const own = [need, list, { ...list, namespace: null }];
  // What was read whole was read.
  return need.whole || kind !== 'pods' ? own : [...own, ...own.map((each) => ({ ...each, whole: true as const }))];
}
