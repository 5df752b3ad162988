import { covers } from '../../rbac/covers.ts';
import type { Right } from '../../spawn/rights/holder.ts';
import type { Rule } from '../../world/objects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Ask, Derivation, Step, Taken } from '../derivation.ts';
import { EVERY, EVERYTHING, type Place, type Way } from '../handed.ts';
import type { Technique } from '../technique.ts';
import { isAggregated, writeInto } from './aggregated-role.ts';
import { bindersOf, bindingPlaces, overlapping } from './binders.ts';
import { handOut } from './hand-out.ts';
import { bindStep } from './rbac-bind.ts';
import { areRemovable, removalPlaces } from './removal.ts';
import {
  draftsOf,
  freeName,
  handOversOf,
  homesOf,
  mayEscalate,
  ROLE_KINDS,
  type RoleDraft,
  type RoleKind,
  roleAt,
  roleCommand,
  WRITE_ROLE,
  type WrittenRole,
  writeRole,
} from './role-writing.ts';

/**
 * A role that the attacker writes and binds, by one identity or by two. Whoever binds it needs `bind`, or all that the
 * role has at that time: a role that is bound first and filled afterwards may be empty then.
 */
export const rbacRoleBind: Technique = {
  id: 'rbac-escalate-bind',
  handsOut: true,
  title: 'write a role and bind it',
  takes:
    'create, update or patch roles or clusterroles with escalate on them, or with the rights that are written into them; and create rolebindings or clusterrolebindings, with bind on the role or with all rights that it has when it is bound.',
  gives: 'With escalate every right, otherwise those of the author, in the scope of the binding.',
  blockers: [
    'Without escalate the API server refuses rules that the author does not hold, and without bind a binding of a role that has more than its author.',
  ],
  mitre: ['T1098.006'],
  microsoft: ['MS-TA9019'],
  references: [
    'kubernetes pkg/registry/rbac/role/policybased/storage.go',
    'kubernetes pkg/registry/rbac/rolebinding/policybased/storage.go',
  ],
  *ofIdentity(actor, attacker) {
    for (const kind of ROLE_KINDS)
      for (const scope of scopesFor(kind, actor, attacker))
        yield* writtenAndBound(kind, scope, { author: actor }, attacker);
    for (const scope of bindingPlaces(actor, attacker))
      for (const by of authorsFor(scope, actor, attacker)) yield* writtenAndBound(by.kind, scope, by, attacker);
    for (const kind of ROLE_KINDS)
      for (const scope of helpedScopes(kind, actor, attacker))
        for (const author of authorsIn(kind, scope, attacker))
          if (author !== actor) yield* writtenAndBound(kind, scope, { author, isHelped: true }, attacker);
  },
};

/**
 * Where somebody lets others write roles and bind them, taking no part in that: its rules need theirs, or it makes room
 * for a role, by deleting one or creating an empty one. A ClusterRole may be bound in any scope.
 */
function helpedScopes(kind: RoleKind, actor: Actor, attacker: Attacker): Iterable<Place> {
  const room = [
    ...removalPlaces(kind, actor, attacker),
    ...attacker
      .newPlaces(actor, WRITE_ROLE[kind].create, true)
      .map((namespace) => (kind === 'Role' ? (namespace ?? EVERY) : null)),
  ];
  return kind === 'ClusterRole' && room.length > 0
    ? bindersOf(attacker).keys()
    : overlapping([...attacker.opened(actor), ...room], attacker);
}

/** Who writes a role, and who binds it: absent where it may be anybody who is held. */
interface Pair {
  author: Actor;
  binder?: Actor;
  /** It is neither of the two that is looked at now, but somebody who helps them. */
  isHelped?: true;
}

/** Where a role that somebody may write can be bound by anybody who is held. */
function* scopesFor(kind: RoleKind, author: Actor, attacker: Attacker): Generator<Place> {
  const homes = homesOf(kind, author, attacker);
  if (homes.size === 0) return;
  for (const scope of bindersOf(attacker).keys())
    if (kind === 'ClusterRole' || homes.has(null) || scope === EVERY || homes.has(scope)) yield scope;
}

/** Those who may write a role that another can bind in a scope. */
function authorsFor(scope: Place, binder: Actor, attacker: Attacker): (Pair & { kind: RoleKind })[] {
  return ROLE_KINDS.flatMap((kind) =>
    [...authorsIn(kind, scope, attacker)]
      .filter((author) => author !== binder)
      .map((author) => ({ kind, author, binder })),
  );
}

function authorsIn(kind: RoleKind, scope: Place, attacker: Attacker): Set<Actor> {
  if (kind === 'Role' && scope === null) return new Set();
  const { create, change } = WRITE_ROLE[kind];
  if (kind === 'Role' && scope === EVERY)
    return new Set([...attacker.able({ wanted: create, creates: true }), ...attacker.able({ wanted: change })]);
  const namespace = kind === 'Role' ? scope : null;
  return new Set([
    ...attacker.ableIn({ wanted: create, namespace, creates: true }),
    ...attacker.ableIn({ wanted: change, namespace }),
  ]);
}

/** A ClusterRole may be bound in any scope, a Role where it lies. */
function* writtenAndBound(kind: RoleKind, scope: Place, by: Pair, attacker: Attacker): Generator<Derivation> {
  if (kind === 'ClusterRole') yield* roleAndBinding(kind, null, scope, by, attacker);
  else for (const home of homesFor(scope, by.author, attacker)) yield* roleAndBinding(kind, home, home, by, attacker);
}

/** Where an author may write Roles that can be bound in a scope. */
function homesFor(scope: Place, author: Actor, attacker: Attacker): ReadonlySet<Place> {
  if (scope === null) return new Set();
  if (scope !== EVERY) return new Set([scope]);
  // An author to whom rights are handed gets another holder.
  const homes = HOMES.get(author.holder) ?? findHomes(author, attacker);
  HOMES.set(author.holder, homes);
  return homes;
}

const HOMES = new WeakMap<Actor['holder'], ReadonlySet<Place>>();

/** The namespaces in which an author may write Roles: those of every namespace one by one, if it changes them. */
function findHomes(author: Actor, attacker: Attacker): ReadonlySet<Place> {
  const { create, change } = WRITE_ROLE.Role;
  const changed = attacker.rights(author, change).map(({ namespace }) => namespace);
  return new Set([
    ...attacker.rights(author, create, true).map(({ namespace }) => namespace ?? EVERY),
    ...changed.flatMap(
      (namespace) => namespace ?? attacker.world.list('roles').flatMap((role) => role.namespace ?? []),
    ),
  ]);
}

/** The first way for each of what may be written: everything, or what the author has. */
function* roleAndBinding(
  kind: RoleKind,
  home: Place,
  scope: Place,
  by: Pair,
  attacker: Attacker,
): Generator<Derivation> {
  const { author, binder, isHelped } = by;
  if (covers(attacker.rules.shared(scope), EVERYTHING)) return;
  // It costs what each who takes part in it costs, and a step each.
  const least = 2 + (binder || isHelped ? (attacker.costOf(author.key)?.steps ?? 0) : 0);
  const where = `${kind} ${home ?? ''} ${scope ?? ''}`;
  const { free, own } = handOversOf(rbacRoleBind.id, where, { author, home }, attacker);
  if (attacker.hasKey(free.key, { steps: least })) return;
  let hasOwn =
    attacker.hasKey(own.key, { steps: least }) || covers(attacker.rules.shared(scope), attacker.rules.of(author, home));
  const isFreed = mayEscalate(kind, author, attacker);
  if (hasOwn && !isFreed) return;
  for (const plan of plansFor(kind, home, author, attacker)) {
    const { rules, isFree } = plan.written;
    if (!isFree && hasOwn) continue;
    const bound = boundIn(scope, plan, by, attacker);
    if (!bound) continue;
    hasOwn = true;
    const { technique, id } = isFree ? free : own;
    const { order, from } = bound;
    yield handOut(
      technique,
      {
        ...{ id, rules, placesFor: () => [scope], isAll: isFree && scope === null },
        waysTo: (wanted) =>
          plan.written
            .waysTo(wanted)
            .map((way): Way => ({ id: way.id, steps: order(way.steps), from: [...way.from, ...from] })),
      },
      order(plan.written.steps),
      [...plan.written.from, ...from],
    );
    if (isFree || !isFreed) return;
  }
}

/** A role that is written, and the role that is bound, which may be another. */
interface Plan {
  written: WrittenRole;
  kind: RoleKind;
  name: string;
  /** The rules of the role that is bound, before it is written (null where it does not exist by then) and after. */
  before: readonly Rule[] | null;
  after: readonly Rule[];
  /** What has to be done first. */
  first: Taken | null;
}

function* plansFor(kind: RoleKind, home: Place, author: Actor, attacker: Attacker): Generator<Plan> {
  const { rbac, world } = attacker;
  for (const draft of draftsOf(kind, home, author, attacker)) {
    const written = writeRole(draft, author, attacker);
    const role = roleAt(kind, home, draft.name, attacker);
    const before = role ? rbac.rulesOf(role) : null;
    if (written) yield { written, kind, name: draft.name, before, after: written.rules, first: null };
  }
  const empty = emptyRole(kind, home, author, attacker);
  if (empty) yield empty;
  if (kind === 'Role') return;
  for (const target of world.list('clusterroles').filter(isAggregated)) {
    const written = writeInto(target, author, attacker);
    const before = rbac.rulesOf(target);
    if (written) yield { written, kind, name: target.name, before, after: [...before, ...written.rules], first: null };
  }
}

/** A role that is created without any rules, which anybody who creates roles may, and filled once it is bound. */
function emptyRole(kind: RoleKind, home: Place, author: Actor, attacker: Attacker): Plan | null {
  const { create, change } = WRITE_ROLE[kind];
  const draftsBy = (rights: readonly Right[], way: RoleDraft['way']): RoleDraft[] =>
    rights.flatMap(({ names }) => names ?? [freeName(kind, home, attacker)]).map((name) => ({ kind, home, name, way }));
  const drafts = [
    ...draftsBy(attacker.rights(author, change), 'change'),
    ...(areRemovable(kind, attacker) ? draftsBy(attacker.rights(author, create, true), 'replace') : []),
  ];
  for (const draft of drafts) {
    const { name } = draft;
    if (roleAt(kind, home, name, attacker)) continue;
    const written = writeRole(draft, author, attacker);
    const creation: Ask = { wanted: create, namespace: home, name, creates: true };
    const first =
      written &&
      attacker.takeStep({
        words: `create ${kind} ${name} without any rules`,
        any: [[creation]],
        attack: ([by]) => roleCommand(draft, [], by),
      });
    if (first) return { written, kind, name, before: [], after: written.rules, first };
  }
  return null;
}

/** The binding of a plan, once the role is written or before, by somebody with `bind` or with all that is in it then. */
function boundIn(
  scope: Place,
  { kind, name, before, after, first }: Plan,
  by: Pair,
  attacker: Attacker,
): { order: (written: readonly Taken[]) => Taken[]; from: readonly string[] } | null {
  const step = bindStep(kind, name, scope);
  const free = by.binder ? byOne(step, by.binder, attacker) : attacker.meet({ steps: [step] });
  const later = first ? null : (free ?? bindHeld(step, after, scope, by, attacker));
  if (later) return { order: (steps) => [...steps, ...later.taken], from: later.from };
  const sooner = before && (free ?? bindHeld(step, before, scope, by, attacker));
  if (!sooner) return null;
  const creator = first?.actor ? attacker.basisOf(first.actor, first.rights) : [];
  return {
    order: (steps) => [...(first ? [first] : []), ...sooner.taken, ...steps],
    from: [...creator, ...sooner.from],
  };
}

/** A step that one identity takes. */
function byOne(
  { words, any, attack }: Step,
  actor: Actor,
  attacker: Attacker,
): { taken: Taken[]; from: string[] } | null {
  for (const all of any) {
    const rights = attacker.rightsForAll(actor, all);
    if (!rights) continue;
    const namespace = all[0]?.namespace ?? null;
    const taken: Taken = {
      ...{ words, actor, rights, namespace },
      attack: (users) => attack?.(rights, actor, users) ?? null,
    };
    return { taken: [taken], from: attacker.basisOf(actor, rights) };
  }
  return null;
}

/** A binding by somebody who holds these rules. */
function bindHeld(
  { words, any, attack }: Step,
  rules: readonly Rule[],
  scope: Place,
  { author, binder }: Pair,
  attacker: Attacker,
): { taken: Taken[]; from: string[] } | null {
  const ask = any[0]?.[0];
  if (!ask) return null;
  for (const actor of binder ? [binder] : new Set([author, ...attacker.ableIn(ask)])) {
    const by = attacker.rightFor(actor, ask);
    if (!by || !covers(attacker.rules.of(actor, scope), rules)) continue;
    const taken: Taken = {
      ...{ words, actor, rights: [by], namespace: scope === EVERY ? null : scope },
      attack: (users) => attack?.([by], actor, users) ?? null,
      besides: () => attacker.rules.grantsBehind(actor, scope, rules),
    };
    return {
      taken: [taken],
      from: [...attacker.basisOf(actor, [by]), ...attacker.rules.keysBehind(actor, scope, rules)],
    };
  }
  return null;
}
