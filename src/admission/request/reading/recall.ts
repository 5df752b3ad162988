import type { World } from '../../../world/world.ts';
import type { UserInfo } from '../user.ts';
import { type Inquiry, type Origin, Reader, type Reading, readerOf } from './reader.ts';

/**
 * Results of evaluations, each given again for every origin of which the same was read. An evaluation asks one thing
 * after the other, and what it asks next follows from the readings so far: its inquiries are a tree, and to find the
 * result of an origin is to ask along the branches. Of evaluations of one kind the result must rest on nothing but the
 * origin, as the world has it.
 */
export class Recall<T> {
  readonly #kinds = new Map<string, Branch<T>>();
  /** All that was asked of users alone. */
  readonly #asked = new Map<string, Inquiry>();
  readonly #alike = new Map<string, AlikeUsers<T>>();
  readonly #known = new WeakMap<UserInfo, { asked: number; alike: AlikeUsers<T> }>();

  /** The result for one origin, evaluated where there is none. */
  find(kind: string, origin: Origin, world: World, evaluate: (reader: Reader) => T): Found<T> {
    const outer = readerOf(origin.user);
    const user = outer ? outer.origin.user : origin.user;
    const { namespace } = origin;
    const settled = this.#settled(kind, namespace, user);
    const found = settled ?? this.#rootOf(kind).find({ namespace, user }, world, evaluate);
    if (!settled) this.#settle(kind, namespace, user, world, found);
    // Whoever evaluates something around this has read the same.
    if (outer) for (const inquiry of found.inquiries) outer.ask(inquiry);
    return found;
  }

  /**
   * The result in each of these namespaces for one user, those together that have the same: in the order of their
   * first.
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

  /** Users of whom so far the same was read, however often that was asked. */
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

  /** What a user has in a namespace of their own is found anew each time. */
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
  /** Whether something was read that is a matter of the user and the namespace together. */
  isJoint: boolean;
  /** What it rests on. */
  inquiries: readonly Inquiry[];
}

interface Group<T> {
  namespaces: readonly string[];
  found: Found<T>;
}

export type Spread<T> = readonly Group<T>[];

/** What is known of users of whom the same is read: results by kind and namespace, and of many namespaces at once. */
export interface AlikeUsers<T> {
  results: Map<string, Map<string, Found<T>>>;
  spreads: Map<string, Map<readonly string[], Spread<T>>>;
}

/** What is asked next, or the result; neither as long as nothing was evaluated that comes here. */
class Branch<T> {
  #inquiry: Inquiry | null = null;
  #found: Found<T> | null = null;
  /**
   * The first branch apart, and maps made when they are needed: of thousands of branches most are the last or have one
   * that follows.
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

  /** By their readings; what is not about the user is the same split for all users. */
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
