import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import { covers } from '../rbac/covers.ts';
import { matchRule } from '../rbac/match.ts';
import type { Rbac } from '../rbac/rbac.ts';
import { rbacOf } from '../rbac/rbac-of.ts';
import { AUTHENTICATED, type Identity, MASTERS } from '../rbac/subjects.ts';
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
import type { Ask, Derivation, Requirement, Step, Taken } from './derivation.ts';
import { CERTAIN, type Cost, isCheaper } from './derivation.ts';
import { isHalf } from './halves.ts';
import { EVERY, EVERYTHING, type Handed, handedBy, handedGrants, type Place } from './handed.ts';
import { keyOfPosition, type Position } from './position.ts';

/** Everything that an attacker holds so far, and by whose rights the next step may be taken. */
export class Attacker {
  readonly world: World;
  readonly rbac: Rbac;
  readonly scope: Scope;
  /** In the order in which they were reached, the cheapest first. */
  readonly actors: Actor[] = [];
  readonly handed: Handed[] = [];
  readonly #halves = new Set<Place>();
  readonly bound = new Map<string, BoundRole>();
  readonly #held = new Set<string>();
  readonly #offered = new Map<string, Cost>();
  #now: Cost = { isOpen: false, steps: 0 };
  #able = new Map<Wanted, Able>();
  #creating = new Map<Wanted, Able>();
  #rules = new Map<Actor, Map<Place, readonly Rule[]>>();
  #more = new Map<Actor, Map<Place, boolean>>();
  #shared = new Map<Place, readonly Rule[]>();
  #sharing = new Map<readonly Rule[], Map<Place, boolean>>();

  /** What is asked about exists, although no list and no binding may name it. */
  readonly goals: readonly Position[];

  constructor(scope: Scope, goals: readonly Position[] = []) {
    this.goals = goals;
    this.scope = scope;
    this.world = scope.world;
    this.rbac = rbacOf(scope.world);
  }

  /** Whether a position is held, or will be, no dearer than by what is looked at now. */
  has(position: Position): boolean {
    return this.hasKey(keyOfPosition(position));
  }

  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  hasKey(key: string, steps = 1): boolean {
    if (this.#held.has(key)) return true;
    const offered = this.#offered.get(key);
    return offered !== undefined && !isCheaper({ isOpen: this.#now.isOpen, steps: this.#now.steps + steps }, offered);
  }

  /** The cost at which a position can be reached, as far as is known yet. */
  costOf(key: string): Cost | undefined {
    return this.#offered.get(key);
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
      holder: this.#holderOf({ key, position, entries }),
    };
    for (const { binding } of entries) this.#noteRole(binding, actor);
    for (const place of this.halvesOf(actor)) this.#halves.add(place);
    this.actors.push(actor);
    if (!position.borrowed) this.#held.add(keyOfPosition({ ...position, borrowed: true }));
    return actor;
  }

  /** Hands rights to identities that are held, and to those that will be. Returns those who may do more by them. */
  hand(handed: Handed): Actor[] {
    const gaining = this.actors.filter((actor) =>
      handed.placesFor(actor).some((place) => !this.hasRules(actor, place, handed.rules)),
    );
    this.handed.push(handed);
    for (const place of handed.placesFor(NOBODY))
      for (const each of placesOfHalves(handed.rules, place)) this.#halves.add(each);
    this.#able = new Map();
    this.#creating = new Map();
    this.#rules = new Map();
    this.#more = new Map();
    this.#shared = new Map();
    this.#sharing = new Map();
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

  #holderOf({ key, position, entries }: Pick<Actor, 'key' | 'position' | 'entries'>): Holder {
    const { subject, identity } = position;
    const own = holderOf({ ...subject, members: null }, identity, this.rbac);
    if (this.handed.length === 0) return own;
    const all = [...this.handed];
    const actor: Actor = { key, position, entries, holder: own, hasCredential: !position.borrowed, order: 0 };
    return {
      ...own,
      grants: (query) => [...own.grants(query), ...all.flatMap((handed) => handedGrants(handed, actor, query))],
    };
  }

  rights(actor: Actor, wanted: Wanted, creates?: true): readonly Right[] {
    if (this.handed.length === 0 && !this.#mayHave(actor, wanted)) return NO_RIGHTS;
    return creates ? rightsToCreate(wanted, actor.holder, this.rbac) : rightsTo(wanted, actor.holder);
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

  /** Those with a right that counts in a namespace, or in the whole cluster. */
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

  /** The right by which an actor may do what is asked; undefined if it may not. */
  rightFor(actor: Actor, { wanted, namespace, name, creates, ofAny }: Ask): Right | undefined {
    const rights = this.rights(actor, wanted, creates);
    if (!ofAny) return covering(rights, namespace, name);
    return rights.find((right) => right.namespace === null || right.namespace === namespace);
  }

  /**
   * The rules that an identity holds in a place, as the API server collects them: those of ClusterRoleBindings, and in
   * a namespace those of its RoleBindings.
   */
  rulesOf(actor: Actor, place: Place): readonly Rule[] {
    const known = this.#rules.get(actor) ?? new Map<Place, readonly Rule[]>();
    this.#rules.set(actor, known);
    const rules = known.get(place) ?? this.#findRules(actor, place);
    known.set(place, rules);
    return rules;
  }

  /** Whether an identity holds something in a place that not everybody who is held has. */
  holdsMore(actor: Actor, place: Place): boolean {
    const known = this.#more.get(actor) ?? new Map<Place, boolean>();
    this.#more.set(actor, known);
    const more = known.get(place) ?? !covers(this.sharedRules(place), this.rulesOf(actor, place));
    known.set(place, more);
    return more;
  }

  /**
   * Whether somebody who is held has one half of a request there, so that rights which are handed on may complete it:
   * otherwise each can use what it holds by itself.
   */
  hasHalves(place: Place): boolean {
    // What counts everywhere completes a half in any place.
    if (place === null || place === EVERY) return this.#halves.size > 0;
    return this.#halves.has(place) || this.#halves.has(EVERY);
  }

  /** Where an identity holds such a half: in a namespace, in every namespace, or in the whole cluster. */
  halvesOf({ entries }: Actor): Place[] {
    return [...new Set(entries.flatMap(({ binding }) => this.#halvesBy(binding)))];
  }

  readonly #halvesBy = oncePerObject((binding: Binding): Place[] => {
    const role = this.rbac.roleOf(binding);
    return typeof role === 'string' ? [] : placesOfHalves(this.rbac.rulesOf(role), binding.namespace);
  });

  #findRules(actor: Actor, place: Place): readonly Rule[] {
    const { identity } = actor.position;
    if (identity.groups.includes(MASTERS)) return [...EVERYTHING];
    const handed = this.handed.flatMap(({ rules, placesFor }) =>
      placesFor(actor).some((each) => includes(each, place)) ? rules : [],
    );
    return [...new Set([...this.#rulesBy(actor.entries, place), ...handed])];
  }

  #rulesBy(entries: Actor['entries'], place: Place): Rule[] {
    return entries.flatMap(({ binding }) => {
      if (binding.namespace !== null && binding.namespace !== place) return [];
      const role = this.rbac.roleOf(binding);
      return typeof role === 'string' ? [] : this.rbac.rulesOf(role);
    });
  }

  /** What everybody who is held has in a place: what all authenticated users have, and what was handed to all. */
  sharedRules(place: Place): readonly Rule[] {
    const known = this.#shared.get(place) ?? this.#findShared(place);
    this.#shared.set(place, known);
    return known;
  }

  /** Whether everybody who is held has these rules in a place, or this identity has. */
  hasRules(actor: Actor, place: Place, rules: readonly Rule[]): boolean {
    const known = this.#sharing.get(rules) ?? new Map<Place, boolean>();
    this.#sharing.set(rules, known);
    const isShared = known.get(place) ?? covers(this.sharedRules(place), rules);
    known.set(place, isShared);
    return isShared || covers(this.rulesOf(actor, place), rules);
  }

  #findShared(place: Place): readonly Rule[] {
    const shared = this.handed.flatMap(({ rules, placesFor }) =>
      placesFor(NOBODY).some((each) => includes(each, place)) ? rules : [],
    );
    return [...this.#rulesBy(this.rbac.entriesOf(ANYBODY), place), ...shared];
  }

  /** The positions that rights rest on, besides the identity itself. */
  basisOf(actor: Actor, rights: readonly Right[]): string[] {
    const handed = rights.flatMap(({ grants }) => {
      const keys = grants.map(handedBy);
      return keys.includes(undefined) ? [] : (keys[0] ?? []);
    });
    return [actor.key, ...handed];
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
            attack: () => step.attack?.(rights, actor) ?? null,
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
  /** By the namespaces in which they have it; null: in the whole cluster. */
  byPlace: Map<string | null, Actor[]>;
}

/** Where rules that count in a place are halves of requests. */
function placesOfHalves(rules: readonly Rule[], place: Place): Place[] {
  const isNamespaced = rules.some((rule) => isHalf(rule, 'namespace'));
  if (place !== null) return isNamespaced ? [place] : [];
  return [...(isNamespaced ? [EVERY] : []), ...(rules.some((rule) => isHalf(rule, 'cluster')) ? [null] : [])];
}

/** Which roles have a right, in whatever scope and for whatever names. */
const rolesWith = oncePerObject((_wanted: Wanted) => new WeakMap<Role, boolean>());

const mayAllow = (rule: Rule, { verbs, group, resource, subresource }: Wanted): boolean =>
  verbs.some((verb) => matchRule(rule, { verb, group, resource, subresource, namespace: '', name: '' }, ANY_NAME));

const ANY_NAME = (): boolean => true;

/** The key of the role that a binding refers to. */
const keyOfRoleRef = oncePerObject(({ namespace, roleRef: { kind, name } }: Binding): string =>
  JSON.stringify([kind === 'Role' ? namespace : null, name]),
);

const byOrder = (a: Actor, b: Actor): number => a.order - b.order;

/** Whether rights in one place count in another. */
const includes = (wide: Place, place: Place): boolean =>
  wide === null || wide === place || (wide === EVERY && place !== null);

/** Whoever is authenticated, whatever its name. */
const ANYBODY: Identity = { user: null, groups: [AUTHENTICATED] };

/** An identity that no binding names: it gets what is handed to all. */
const NOBODY: Actor = {
  key: '',
  position: {
    kind: 'identity',
    subject: { kind: 'User', namespace: null, name: '' },
    identity: { user: null, groups: [] },
    borrowed: true,
  },
  holder: {
    subject: { kind: 'User', namespace: null, name: '', members: null },
    identity: { user: null, groups: [] },
    grants: () => [],
  },
  hasCredential: false,
  entries: [],
  order: 0,
};
