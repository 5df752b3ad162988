import type { World } from '../../../world/world.ts';
import type { UserInfo } from '../user.ts';
import { type Inquiry, type Origin, Reader, type Reading, readerOf } from './reader.ts';

/**
 * Keeps the results of evaluations, and returns each for every origin that gives the same readings. An evaluation asks
 * one question after the other, and the readings so far determine the next question. The questions therefore form a
 * tree, and the result for an origin is found by asking along its branches. The result of evaluations of one kind must
 * only depend on the origin, as it is in the world.
 */
export class Recall<T> {
  readonly #kinds = new Map<string, Branch<T>>();
  /** Everything that was asked about users alone. */
  readonly #asked = new Map<string, Inquiry>();
  readonly #alike = new Map<string, AlikeUsers<T>>();
  readonly #known = new WeakMap<UserInfo, { asked: number; alike: AlikeUsers<T> }>();

  /** The result for one origin, which is evaluated where no kept result applies. */
  find(kind: string, origin: Origin, world: World, evaluate: (reader: Reader) => T): Found<T> {
    const outer = readerOf(origin.user);
    const user = outer ? outer.origin.user : origin.user;
    const { namespace } = origin;
    const settled = this.#settled(kind, namespace, user);
    const found = settled ?? this.#rootOf(kind).find({ namespace, user }, world, evaluate);
    if (!settled) this.#settle(kind, namespace, user, world, found);
    // The evaluation around this one has read the same.
    if (outer) for (const inquiry of found.inquiries) outer.ask(inquiry);
    return found;
  }

  /**
   * The results in each of these namespaces for one user. Namespaces with the same result are together, in the order of
   * the first of each.
   */
  spread(
    kind: string,
    namespaces: readonly string[],
    user: UserInfo,
    world: World,
    evaluate: (origin: Origin) => (reader: Reader) => T,
  ): Spread<T> {
    const known = this.#known.get(user);
    const settled = known?.asked === this.#asked.size ? known.alike.spreads.get(kind)?.get(namespaces) : undefined;
    if (settled) return settled;
    const groups: Group<T>[] = [];
    this.#rootOf(kind).spread(namespaces, user, world, evaluate, groups);
    const ranks = ranksOf(namespaces);
    const sorted = groups.sort(
      (a, b) => (ranks.get(a.namespaces[0] ?? '') ?? 0) - (ranks.get(b.namespaces[0] ?? '') ?? 0),
    );
    for (const { found } of sorted) this.#note(found);
    if (sorted.some(({ found }) => found.isJoint)) return sorted;
    const { spreads } = this.alike(user, world);
    const ofKind = spreads.get(kind) ?? new Map<readonly string[], Spread<T>>();
    spreads.set(kind, ofKind.set(namespaces, sorted));
    return sorted;
  }

  /** Users who so far give the same readings, however often that was asked. */
  alike(user: UserInfo, world: World): AlikeUsers<T> {
    const known = this.#known.get(user);
    if (known?.asked === this.#asked.size) return known.alike;
    const readings = [...this.#asked.values()].map(({ ask }) => ask({ namespace: '', user }, world) ?? null);
    const key = JSON.stringify(readings);
    const alike = this.#alike.get(key) ?? { results: new Map(), spreads: new Map() };
    this.#alike.set(key, alike);
    this.#known.set(user, { asked: this.#asked.size, alike });
    return alike;
  }

  #settled(kind: string, namespace: string, user: UserInfo): Found<T> | undefined {
    const known = this.#known.get(user);
    return known?.asked === this.#asked.size ? known.alike.results.get(kind)?.get(namespace) : undefined;
  }

  /**
   * Keeps a result for the user, except one that depends on the user and the namespace together: that is looked up each
   * time.
   */
  #settle(kind: string, namespace: string, user: UserInfo, world: World, found: Found<T>): void {
    this.#note(found);
    if (found.isJoint) return;
    const { results } = this.alike(user, world);
    const ofKind = results.get(kind) ?? new Map<string, Found<T>>();
    results.set(kind, ofKind.set(namespace, found));
  }

  #note({ inquiries }: Found<T>): void {
    for (const inquiry of inquiries)
      if (inquiry.about === 'user' && !this.#asked.has(inquiry.key)) this.#asked.set(inquiry.key, inquiry);
  }

  #rootOf(kind: string): Branch<T> {
    const known = this.#kinds.get(kind) ?? new Branch<T>();
    this.#kinds.set(kind, known);
    return known;
  }
}

export interface Found<T> {
  value: T;
  /** Whether a reading depends on the user and the namespace together. */
  isJoint: boolean;
  /** The questions that the result depends on. */
  inquiries: readonly Inquiry[];
}

interface Group<T> {
  namespaces: readonly string[];
  found: Found<T>;
}

export type Spread<T> = readonly Group<T>[];

/** The results of users who give the same readings, by kind and namespace and for many namespaces at once. */
export interface AlikeUsers<T> {
  results: Map<string, Map<string, Found<T>>>;
  spreads: Map<string, Map<readonly string[], Spread<T>>>;
}

/** The next question, or the result; neither where no evaluation has reached this branch. */
class Branch<T> {
  #inquiry: Inquiry | null = null;
  #found: Found<T> | null = null;
  /**
   * The first branch is kept apart and maps are made when they are needed: most of thousands of branches are the last
   * or have one that follows.
   */
  #only: { reading: Reading; branch: Branch<T> } | null = null;
  #others: Map<Reading, Branch<T>> | null = null;
  #splits: WeakMap<readonly string[], readonly (readonly [Reading, readonly string[]])[]> | null = null;

  find(origin: Origin, world: World, evaluate: (reader: Reader) => T): Found<T> {
    let branch: Branch<T> = this;
    while (branch.#inquiry) branch = branch.#at(branch.#inquiry.ask(origin, world));
    return branch.#found ?? this.#evaluate(origin, world, evaluate);
  }

  spread(
    namespaces: readonly string[],
    user: UserInfo,
    world: World,
    evaluate: (origin: Origin) => (reader: Reader) => T,
    groups: Group<T>[],
    root: Branch<T> = this,
  ): void {
    const [namespace] = namespaces;
    if (namespace === undefined) return;
    const first = { namespace, user };
    if (!this.#inquiry && !this.#found) root.find(first, world, evaluate(first));
    if (this.#found) groups.push({ namespaces, found: this.#found });
    if (!this.#inquiry) return;
    for (const [reading, those] of this.#split(this.#inquiry, namespaces, user, world))
      this.#at(reading).spread(those, user, world, evaluate, groups, root);
  }

  /**
   * Splits namespaces by their readings. A split by questions that are not about the user is the same for all users.
   */
  #split(
    { about, ask }: Inquiry,
    namespaces: readonly string[],
    user: UserInfo,
    world: World,
  ): readonly (readonly [Reading, readonly string[]])[] {
    const [namespace = ''] = namespaces;
    if (about === 'user') return [[ask({ namespace, user }, world), namespaces]];
    const known = about === 'namespace' ? this.#splits?.get(namespaces) : undefined;
    if (known) return known;
    const grouped = [...Map.groupBy(namespaces, (each) => ask({ namespace: each, user }, world))];
    const split = grouped.length === 1 ? grouped.map(([reading]) => [reading, namespaces] as const) : grouped;
    if (about === 'namespace') {
      this.#splits ??= new WeakMap();
      this.#splits.set(namespaces, split);
    }
    return split;
  }

  #evaluate(origin: Origin, world: World, evaluate: (reader: Reader) => T): Found<T> {
    const reader = new Reader(origin, world);
    const value = evaluate(reader);
    const inquiries = reader.notes.map(({ inquiry }) => inquiry);
    const found = { value, isJoint: inquiries.some(({ about }) => about === 'both'), inquiries };
    let branch: Branch<T> = this;
    for (const { inquiry, reading } of reader.notes) {
      branch.#inquiry ??= inquiry;
      if (branch.#inquiry.key !== inquiry.key)
        throw new Error(`${inquiry.key} was asked where ${branch.#inquiry.key} had been`);
      branch = branch.#at(reading);
    }
    branch.#found = found;
    return found;
  }

  #at(reading: Reading): Branch<T> {
    this.#only ??= { reading, branch: new Branch<T>() };
    if (this.#only.reading === reading) return this.#only.branch;
    this.#others ??= new Map();
    const known = this.#others.get(reading);
    if (known) return known;
    const made = new Branch<T>();
    this.#others.set(reading, made);
    return made;
  }
}

const RANKS = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function ranksOf(namespaces: readonly string[]): ReadonlyMap<string, number> {
  const known = RANKS.get(namespaces) ?? new Map(namespaces.map((each, index) => [each, index]));
  RANKS.set(namespaces, known);
  return known;
}
