import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import { matchRule } from '../rbac/match.ts';
import type { Rbac } from '../rbac/rbac.ts';
import { rbacOf } from '../rbac/rbac-of.ts';
import { MASTERS } from '../rbac/subjects.ts';
import {
  covering,
  type Holder,
  holderOf,
  NO_RIGHTS,
  type Right,
  rightsTo,
  rightsToCreate,
  type Wanted,
} from '../spawn/rights/holder.ts';
import type { Scope } from '../spawn/scope.ts';
import type { Binding, Role, Rule } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import type { World } from '../world/world.ts';
import type { Actor, BoundRole } from './actor.ts';
import { keysBehind } from './basis.ts';
import type { Ask, Derivation, Requirement, Step, Taken } from './derivation.ts';
import { CERTAIN, type Cost, isCheaper } from './derivation.ts';
import { EVERY, type Handed, handedGrants, NOBODY, type Place } from './handed.ts';
import { HeldRules } from './held-rules.ts';
import { incompletePlaces } from './incomplete-rules.ts';
import { type Goal, type IdentityPosition, keyOfPosition, type Position } from './position.ts';
import { asWritten } from './writes.ts';

/** Everything that an attacker holds so far, and by whose rights the next step may be taken. */
export class Attacker {
  readonly world: World;
  readonly rbac: Rbac;
  readonly scope: Scope;
  /** In the order in which they were reached, the cheapest first. */
  readonly actors: Actor[] = [];
  readonly handed: Handed[] = [];
  readonly rules: HeldRules;
  /** Where somebody who is held has rules that need another's to be of use, and who has them first. */
  readonly #incomplete = new Map<Place, Actor | null>();
  readonly bound = new Map<string, BoundRole>();
  readonly #held = new Set<string>();
  readonly #offered = new Map<string, Cost>();
  #now: Cost = { isOpen: false, steps: 0 };
  #able = new Map<Wanted, Able>();
  #creating = new Map<Wanted, Able>();

  /** What is asked about exists, although no list and no binding may name it. */
  readonly goals: readonly Goal[];

  constructor(scope: Scope, goals: readonly Goal[] = []) {
    this.goals = goals;
    this.scope = scope;
    this.world = scope.world;
    this.rbac = rbacOf(scope.world);
    this.rules = new HeldRules(this.rbac, this.handed);
  }

  /** Whether a position is held, or will be, no dearer than by a step more than what is looked at now. */
  has(position: Position, isOpen = false): boolean {
    return this.hasKey(keyOfPosition(position), { isOpen });
  }

  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  /** The same for a key, and for more steps or such as depend on something (`isOpen`). */
  hasKey(key: string, { steps = 1, isOpen = false }: Partial<Cost> = {}): boolean {
    if (this.#held.has(key)) return true;
    const offered = this.#offered.get(key);
    const least = { isOpen: this.#now.isOpen || isOpen, steps: this.#now.steps + steps };
    return offered !== undefined && !isCheaper(least, offered);
  }

  /** The cost at which a position can be reached, as far as is known yet. */
  costOf(key: string): Cost | undefined {
    return this.#offered.get(key);
  }

  /** The keys and costs of all positions that can be reached, as far as is known yet. */
  offered(): Iterable<[string, Cost]> {
    return this.#offered;
  }

  /** The cost of what is looked at now. */
  get now(): Cost {
    return this.#now;
  }

  /** What is looked at now: all that follows from it costs a step more, at least. */
  lookAt(cost: Cost): void {
    this.#now = cost;
  }

  /** Notes that a position can be reached at that cost. False if it could already, no dearer. */
  offer(key: string, cost: Cost): boolean {
    const before = this.#offered.get(key);
    if (this.#held.has(key) || (before && !isCheaper(cost, before))) return false;
    this.#offered.set(key, cost);
    return true;
  }

  /** Notes a position. Returns the actor that it is, if it is an identity. */
  hold(key: string, position: Position): Actor | null {
    this.#held.add(key);
    if (position.kind !== 'identity') return null;
    const entries = this.rbac.entriesOf(position.identity);
    const actor: Actor = {
      ...{ key, position, hasCredential: !position.borrowed, entries, order: this.actors.length },
      holder: this.#holderOf({ position, entries }),
    };
    for (const { binding } of entries) this.#noteRole(binding, actor);
    for (const place of this.incompleteOf(actor)) if (!this.#incomplete.has(place)) this.#incomplete.set(place, actor);
    this.actors.push(actor);
    if (!position.borrowed) this.#held.add(keyOfPosition({ ...position, borrowed: true }));
    return actor;
  }

  /** Hands rights to identities that are held, and to those that will be. Returns those who may do more by them. */
  hand(handed: Handed): Actor[] {
    const gaining = this.actors.filter((actor) =>
      handed.placesFor(actor).some((place) => !this.rules.has(actor, place, handed.rules)),
    );
    this.handed.push(handed);
    for (const place of handed.placesFor(NOBODY))
      for (const each of incompletePlaces(handed.rules, place))
        if (!this.#incomplete.has(each)) this.#incomplete.set(each, null);
    this.#able = new Map();
    this.#creating = new Map();
    this.rules.refresh();
    for (const actor of gaining) actor.holder = this.#holderOf(actor);
    return gaining;
  }

  /** The roles to which an identity is bound. */
  rolesOf({ entries }: Actor): BoundRole[] {
    const keys = new Set(entries.map(({ binding }) => keyOfRoleRef(binding)));
    return [...keys].flatMap((key) => this.bound.get(key) ?? []);
  }

  #noteRole(binding: Binding, actor: Actor): void {
    const { kind, name } = binding.roleRef;
    if (kind !== 'ClusterRole' && (kind !== 'Role' || binding.namespace === null)) return;
    const namespace = kind === 'Role' ? binding.namespace : null;
    const key = keyOfRoleRef(binding);
    const role = this.rbac.roleOf(binding);
    if (role === 'unreadable') return;
    const known = this.bound.get(key) ?? { kind, namespace, name, role: role === 'missing' ? null : role, holders: [] };
    this.bound.set(key, known);
    known.holders.push({ actor, place: binding.namespace });
  }

  #holderOf({ position, entries }: Pick<Actor, 'position' | 'entries'>): Holder {
    const { writes } = position;
    const own = ownHolder(this.scope)(position);
    if (this.handed.length === 0) return writes ? asWritten(own, writes) : own;
    const all = [...this.handed];
    const holder: Holder = {
      ...own,
      grants: (query) => [
        ...own.grants(query),
        ...all.flatMap((handed) => handedGrants(handed, { position, entries }, query)),
      ],
    };
    return writes ? asWritten(holder, writes) : holder;
  }

  rights(actor: Actor, wanted: Wanted, creates?: true): readonly Right[] {
    if (this.handed.length === 0 && !this.#mayHave(actor, wanted)) return NO_RIGHTS;
    return creates ? rightsToCreate(wanted, actor.holder) : rightsTo(wanted, actor.holder);
  }

  /** Whether any role of an identity has the right, wherever that counts: most have not, which is found at once. */
  #mayHave({ entries, position }: Actor, wanted: Wanted): boolean {
    if (position.identity.groups.includes(MASTERS)) return true;
    const known = rolesWith(wanted);
    return entries.some(({ binding }) => {
      const role = this.rbac.roleOf(binding);
      if (typeof role === 'string') return false;
      const before = known.get(role);
      if (before !== undefined) return before;
      const has = this.rbac.rulesOf(role).some((rule) => mayAllow(rule, wanted));
      known.set(role, has);
      return has;
    });
  }

  /** The identities with any such right, the cheapest first. */
  able(ask: Pick<Ask, 'wanted' | 'creates'>): readonly Actor[] {
    return this.#ableTo(ask).actors;
  }

  #ableTo({ wanted, creates }: Pick<Ask, 'wanted' | 'creates'>): Able {
    const lists = creates ? this.#creating : this.#able;
    const known: Able = lists.get(wanted) ?? { seen: 0, actors: [], byPlace: new Map() };
    lists.set(wanted, known);
    for (; known.seen < this.actors.length; known.seen += 1) {
      const actor = this.actors[known.seen];
      const rights = actor ? this.rights(actor, wanted, creates) : [];
      if (!actor || rights.length === 0) continue;
      known.actors.push(actor);
      for (const place of new Set(rights.map(({ namespace }) => namespace))) {
        const there = known.byPlace.get(place);
        if (there) there.push(actor);
        else known.byPlace.set(place, [actor]);
      }
    }
    return known;
  }

  /** Finds those who have a right that counts in a namespace, or in the whole cluster. */
  *ableIn(ask: Pick<Ask, 'wanted' | 'creates' | 'namespace'>): Generator<Actor> {
    const { byPlace } = this.#ableTo(ask);
    const wide = byPlace.get(null) ?? [];
    if (ask.namespace === null) yield* wide;
    else {
      const there = byPlace.get(ask.namespace) ?? [];
      // Most namespaces have few, and the cheapest stands first in each list.
      yield* wide.length === 0 ? there : there.length === 0 ? wide : [...new Set([...wide, ...there])].sort(byOrder);
    }
  }

  /**
   * The namespaces (null: the whole cluster) in which an actor has a right that nobody who is held had before it. If
   * somebody has it later, nothing changes by that, unless the right is limited to names.
   */
  newPlaces(actor: Actor, wanted: Wanted, creates?: true): (string | null)[] {
    const firsts = this.#firsts.get(wanted) ?? new Map<string | null, Actor>();
    this.#firsts.set(wanted, firsts);
    return this.rights(actor, wanted, creates).flatMap(({ namespace, names }) => {
      if (names !== null) return [namespace];
      const first = firsts.get(null) ?? firsts.get(namespace) ?? actor;
      if (first === actor) firsts.set(namespace, actor);
      return first === actor ? [namespace] : [];
    });
  }

  readonly #firsts = new Map<Wanted, Map<string | null, Actor>>();

  /** The right by which an actor may do what is asked; undefined if it may not. */
  rightFor(actor: Actor, { wanted, namespace, name, creates, ofAny }: Ask): Right | undefined {
    const rights = this.rights(actor, wanted, creates);
    if (!ofAny) return covering(rights, namespace, name);
    return rights.find((right) => right.namespace === null || right.namespace === namespace);
  }

  /**
   * Whether somebody who is held has rules there that need another's to be of use, so that handing rights on may help:
   * otherwise each can use what it holds by itself.
   */
  isIncomplete(place: Place): boolean {
    // What counts everywhere may complete something in any place.
    if (place === null || place === EVERY) return this.#incomplete.size > 0;
    return this.#incomplete.has(place) || this.#incomplete.has(EVERY);
  }

  /** Where the rules of an identity are such: in a namespace, in every namespace, or in the whole cluster. */
  incompleteOf({ entries }: Actor): Place[] {
    return [...new Set(entries.flatMap(({ binding }) => this.#incompleteBy(binding)))];
  }

  /** The places where an identity was the first with such rules: for others after it nothing new can be handed out. */
  opened(actor: Actor): Place[] {
    return this.incompleteOf(actor).filter((place) => this.#incomplete.get(place) === actor);
  }

  readonly #incompleteBy = oncePerObject((binding: Binding): Place[] => {
    const role = this.rbac.roleOf(binding);
    return typeof role === 'string' ? [] : incompletePlaces(this.rbac.rulesOf(role), binding.namespace);
  });

  /** The positions that rights rest on, besides the identity itself. */
  basisOf(actor: Actor, rights: readonly Right[]): string[] {
    return [actor.key, ...keysBehind(rights)];
  }

  /** The cheapest way to take all steps; null if one of them cannot be taken by anybody who is held. */
  meet({ steps }: Pick<Requirement, 'steps'>): { taken: Taken[]; from: string[] } | null {
    const taken: Taken[] = [];
    const from: string[] = [];
    for (const step of steps) {
      const found = this.takeStep(step);
      if (!found) return null;
      taken.push(found);
      if (found.actor) for (const key of this.basisOf(found.actor, found.rights)) from.push(key);
    }
    return { taken, from: [...new Set(from)] };
  }

  takeStep(step: Step): Taken | null {
    for (const all of step.any) {
      const [first] = all;
      if (!first) continue;
      for (const actor of this.ableIn(first)) {
        if (step.needsCredential && !actor.hasCredential) continue;
        const rights = this.rightsForAll(actor, all);
        if (rights)
          return {
            ...{ words: step.words, actor, rights, namespace: first.namespace },
            attack: (users) => step.attack?.(rights, actor, users) ?? null,
          };
      }
    }
    return null;
  }

  rightsForAll(actor: Actor, asks: readonly Ask[]): Right[] | null {
    const rights: Right[] = [];
    for (const ask of asks) {
      const right = this.rightFor(actor, ask);
      if (!right) return null;
      rights.push(right);
    }
    return rights;
  }

  /** A derivation by a requirement that is met; null if it is not. */
  derive(
    technique: string,
    to: Position,
    requirement: Pick<Requirement, 'steps'>,
    condition: { unknowns: readonly Unknown[]; leaning: Leaning } = CERTAIN,
  ): Derivation | null {
    const met = this.meet(requirement);
    const { unknowns } = condition;
    const leaning = unknowns.length > 0 ? condition.leaning : null;
    return met && { technique, to, steps: met.taken, from: met.from, unknowns, leaning };
  }
}

/** Actors with a right, of those up to `seen`. */
interface Able {
  seen: number;
  actors: Actor[];
  /** Each under the namespaces in which it has the right; null: in the whole cluster. */
  byPlace: Map<string | null, Actor[]>;
}

/** Tells which roles have a right, in whatever scope and for whatever names. */
const rolesWith = oncePerObject((_wanted: Wanted) => new WeakMap<Role, boolean>());

const mayAllow = (rule: Rule, { verbs, group, resource, subresource }: Wanted): boolean =>
  verbs.some((verb) => matchRule(rule, { verb, group, resource, subresource, namespace: '', name: '' }, ANY_NAME));

const ANY_NAME = (): boolean => true;

/** The key of the role that a binding refers to. */
const keyOfRoleRef = oncePerObject(({ namespace, roleRef: { kind, name } }: Binding): string =>
  JSON.stringify([kind === 'Role' ? namespace : null, name]),
);

/**
 * An identity with its own rights; the same object for every attacker who holds it, so that what it may do and what
 * admission says to that is found once.
 */
const ownHolder = oncePerObject(({ world }: Scope) => {
  const known = new Map<string, Holder>();
  return (position: IdentityPosition): Holder => {
    const key = keyOfPosition(position);
    const { subject, identity } = position;
    const holder = known.get(key) ?? holderOf({ ...subject, members: null }, identity, rbacOf(world));
    known.set(key, holder);
    return holder;
  };
});

const byOrder = (a: Actor, b: Actor): number => a.order - b.order;
