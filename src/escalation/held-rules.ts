import { covers } from '../rbac/covers.ts';
import { distinctGrants } from '../rbac/grants.ts';
import type { Grant, Rbac } from '../rbac/rbac.ts';
import { AUTHENTICATED, MASTERS } from '../rbac/subjects.ts';
import type { Rule } from '../world/objects.ts';
import type { Actor } from './actor.ts';
import { EVERYTHING, type Handed, handedGrant, includes, NOBODY, type Place } from './handed.ts';

/** Whose rules are meant: the bindings that apply to it are enough to know. */
type Owner = Pick<Actor, 'entries'>;

/**
 * The rules that identities hold in a place, as the API server collects them when somebody writes a role or a binding:
 * those of ClusterRoleBindings, in a namespace those of its RoleBindings, and what was handed to them.
 */
export class HeldRules {
  readonly #rbac: Rbac;
  readonly #handed: readonly Handed[];
  #all = new Map<Actor, Map<Place, readonly Rule[]>>();
  #shared = new Map<Place, readonly Rule[]>();
  #sharing = new Map<readonly Rule[], Map<Place, boolean>>();

  /** What is added to `handed` counts after `refresh`. */
  constructor(rbac: Rbac, handed: readonly Handed[]) {
    this.#rbac = rbac;
    this.#handed = handed;
  }

  refresh(): void {
    this.#all = new Map();
    this.#shared = new Map();
    this.#sharing = new Map();
  }

  of(actor: Actor, place: Place): readonly Rule[] {
    const theirs = this.#all.get(actor) ?? new Map<Place, readonly Rule[]>();
    this.#all.set(actor, theirs);
    const isMaster = actor.position.identity.groups.includes(MASTERS);
    const rules = theirs.get(place) ?? (isMaster ? EVERYTHING : this.#find(actor, place));
    theirs.set(place, rules);
    return rules;
  }

  /** What everybody who is held has in a place: what all authenticated users have, and what was handed to all. */
  shared(place: Place): readonly Rule[] {
    const known = this.#shared.get(place) ?? [
      ...this.#own({ entries: this.#rbac.entriesOf(ANYBODY) }, place),
      ...this.#handedTo(NOBODY, place).flatMap(({ rules }) => rules),
    ];
    this.#shared.set(place, known);
    return known;
  }

  /** Whether everybody who is held has these rules in a place, or this identity has. */
  has(actor: Actor, place: Place, rules: readonly Rule[]): boolean {
    const known = this.#sharing.get(rules) ?? new Map<Place, boolean>();
    this.#sharing.set(rules, known);
    const isShared = known.get(place) ?? covers(this.shared(place), rules);
    known.set(place, isShared);
    return isShared || covers(this.of(actor, place), rules);
  }

  /** The keys of what was handed to an identity, where its own bindings do not give it these rules. */
  keysBehind(actor: Actor, place: Place, rules: readonly Rule[]): string[] {
    const handed = this.#handedTo(actor, place);
    const isOwn = handed.length === 0 || covers(this.#own(actor, place), rules);
    return isOwn ? [] : handed.map(({ key }) => key);
  }

  /** The grants by which an identity holds these rules: as few as are enough for each. */
  grantsBehind(actor: Actor, place: Place, rules: readonly Rule[]): Grant[] {
    const own = this.#grants(actor, place);
    const all = [...own, ...this.#handedGrants(actor, place)];
    return distinctGrants(
      rules.flatMap((wanted) => {
        const isOwn = covers(rulesIn(own), [wanted]);
        return enoughFor(wanted, isOwn ? own : all).map(({ grant }) => grant);
      }),
    );
  }

  #find(actor: Actor, place: Place): readonly Rule[] {
    const handed = this.#handedTo(actor, place).flatMap(({ rules }) => rules);
    return [...new Set([...this.#own(actor, place), ...handed])];
  }

  #own({ entries }: Owner, place: Place): Rule[] {
    return entries.flatMap(({ binding }) => {
      if (binding.namespace !== null && binding.namespace !== place) return [];
      const role = this.#rbac.roleOf(binding);
      return typeof role === 'string' ? [] : this.#rbac.rulesOf(role);
    });
  }

  #grants({ entries }: Owner, place: Place): Granted[] {
    return entries.flatMap(({ binding, subject }) => {
      if (binding.namespace !== null && binding.namespace !== place) return [];
      const role = this.#rbac.roleOf(binding);
      if (typeof role === 'string') return [];
      return this.#rbac.rulesOf(role).map((rule, index) => ({
        rule,
        grant: { ...{ binding, role, subject, rule: index }, names: namesOf(rule) },
      }));
    });
  }

  #handedTo(owner: Owner, place: Place): Handed[] {
    return this.#handed.filter(({ placesFor }) => placesFor(owner).some((each) => includes(each, place)));
  }

  #handedGrants(actor: Actor, place: Place): Granted[] {
    const { subject } = actor.position;
    return this.#handedTo(actor, place).flatMap((handed) =>
      handed.rules.map((rule, index) => ({
        rule,
        grant: { ...handedGrant(handed, index, place), subject, names: namesOf(rule) },
      })),
    );
  }
}

/** A rule with the grant that gives it. */
interface Granted {
  rule: Rule;
  grant: Grant;
}

const rulesIn = (granted: readonly Granted[]): Rule[] => granted.map(({ rule }) => rule);

/** The rules that together cover one: it may stand in parts in several. */
function enoughFor(wanted: Rule, all: readonly Granted[]): readonly Granted[] {
  const one = all.find(({ rule }) => rule === wanted) ?? all.find(({ rule }) => covers([rule], [wanted]));
  if (one) return [one];
  return all.reduceRight<readonly Granted[]>((needed, each) => {
    const others = needed.filter((other) => other !== each);
    return covers(rulesIn(others), [wanted]) ? others : needed;
  }, all);
}

const namesOf = ({ resourceNames }: Rule): Grant['names'] => (resourceNames.length > 0 ? resourceNames : null);

/** Whoever is authenticated, whatever its name. */
const ANYBODY = { user: null, groups: [AUTHENTICATED] };
