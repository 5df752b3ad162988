import type { Command } from '../../answer/command.ts';
import { covers } from '../../rbac/covers.ts';
import { writeCommand } from '../../spawn/commands/commands.ts';
import { covering, type Right } from '../../spawn/rights/holder.ts';
import type { Binding, Role, Rule } from '../../world/objects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Ask, Derivation, Requirement, Step, Taken } from '../derivation.ts';
import { EVERY, EVERYTHING, PLACEHOLDER, type Place, placeWords, type Way } from '../handed.ts';
import type { Technique } from '../technique.ts';
import { RBAC_GROUP, right } from '../wanted.ts';
import { BINDING, bindersOf, bindingPlaces, overlapping } from './binders.ts';
import { handOut } from './hand-out.ts';
import { lasting, removalPlaces, removalStep } from './removal.ts';

const BIND_ROLES = right('bind', 'roles', RBAC_GROUP);
/** Checked in the namespace of the binding, so that a RoleBinding may grant it. */
const BIND_CLUSTER_ROLES = right('bind', 'clusterroles', RBAC_GROUP);

/** The right `bind` on a role. */
const bindAsk = (kind: Role['kind'], name: string, place: Place): Ask => ({
  ...{ wanted: kind === 'Role' ? BIND_ROLES : BIND_CLUSTER_ROLES, namespace: place, name },
});

/**
 * A binding of an existing role: created, or an existing one changed, whose role stays. The API server asks whether
 * its author may `bind` the role or holds all its rules in that scope, in the same request.
 */
export const rbacBind: Technique = {
  id: 'rbac-bind',
  handsOut: true,
  title: 'bind a role',
  takes:
    'create, update or patch rolebindings or clusterrolebindings, and in the same identity bind on the role, or all rights that the role has.',
  gives: 'The rights of the role, in the scope of the binding, to any identity that is held.',
  blockers: [
    'Without bind or the rights themselves the API server refuses: to write bindings is no escalation by itself.',
  ],
  mitre: ['T1098.006'],
  microsoft: ['MS-TA9019'],
  references: ['kubernetes pkg/registry/rbac/escalation_check.go BindingAuthorized'],
  *ofIdentity(actor, attacker) {
    for (const place of bindingPlaces(actor, attacker)) {
      const found = bindable(actor, place, attacker);
      if (found) yield found;
    }
    // Somebody new whose rules need another's: all who may write bindings there may hand it these. And somebody who
    // deletes bindings makes names free.
    const places = overlapping(
      [
        ...attacker.opened(actor),
        ...removalPlaces('RoleBinding', actor, attacker),
        ...removalPlaces('ClusterRoleBinding', actor, attacker),
      ],
      attacker,
    );
    for (const place of places)
      for (const writer of bindersOf(attacker).get(place) ?? []) {
        const found = writer === actor ? null : bindable(writer, place, attacker);
        if (found) yield found;
      }
  },
  *toward(goal): Generator<Requirement> {
    if (goal.kind === 'cluster') yield toward(null, 'cluster-admin');
    if (goal.kind === 'namespace') yield toward(goal.name, 'admin');
  },
};

function toward(namespace: string | null, role: string): Requirement {
  const asks = namespace === null ? BINDING.cluster : BINDING.roles;
  const bind = bindAsk('ClusterRole', role, namespace);
  return {
    technique: rbacBind.id,
    steps: [
      {
        words: `bind ClusterRole ${role} ${placeWords(namespace)}`,
        any: [
          [{ wanted: asks.create, namespace, name: null, creates: true, ofAny: true }, bind],
          [{ wanted: asks.change, namespace, name: null, ofAny: true }, bind],
        ],
      },
    ],
  };
}

/** What an actor may hand out in a place: everything where one role has it, else the rules of all roles together. */
function bindable(actor: Actor, place: Place, attacker: Attacker): Derivation | null {
  const asks = place === null ? BINDING.cluster : BINDING.roles;
  const creation = attacker
    .rights(actor, asks.create, true)
    .filter((each) => isIn(each, place))
    .flatMap((by) => roomFor(by, place, attacker) ?? [])[0];
  const changes = attacker.rights(actor, asks.change).filter((each) => isIn(each, place));
  const offered: Offer[] = [
    ...(creation ? rolesFor(place, attacker).map((role) => ({ role, ...creation, binding: null })) : []),
    ...changes.flatMap((by) => changeable(by, place, attacker)),
  ];
  const told = new Set<Role>();
  const allowed = offered.flatMap((offer): Allowed[] => {
    if (told.has(offer.role)) return [];
    const found = allowedBy(offer, actor, place, attacker);
    if (found) told.add(offer.role);
    return found ? [found] : [];
  });
  const all = allowed.find(({ rules }) => covers(rules, EVERYTHING));
  const chosen = all ? [all] : allowed;
  const ways = chosen.map((each): Way => wayOf(each, actor, place, attacker));
  const [first] = ways;
  if (!first) return null;
  return handOut(
    rbacBind.id,
    {
      id: [place, actor.key, ...ways.map(({ id }) => id)].join(),
      rules: chosen.flatMap(({ rules }) => rules),
      placesFor: () => [place],
      isAll: all !== undefined && place === null,
      waysTo: (wanted) => {
        const one = chosen.findIndex(({ rules }) => wanted.every((rule) => rules.includes(rule)));
        if (one >= 0) return ways.slice(one, one + 1);
        const firsts = wanted.map((rule) => chosen.findIndex(({ rules }) => rules.includes(rule)));
        return ways.filter((_, index) => firsts.includes(index));
      },
    },
    first.steps,
    ways.flatMap(({ from }) => from),
  );
}

interface Offer {
  role: Role;
  by: Right;
  /** The binding that is changed; null where one is created. */
  binding: Binding | null;
  /** What is done first, and the binding that is gone by then. */
  before: readonly Taken[];
  gone?: Binding;
}

/** An offer that the API server lets through, and that is worth it. */
interface Allowed extends Offer {
  rules: readonly Rule[];
  /** The right `bind`; null where the rules are held. */
  bind: Right | null;
}

/** Null: the API server refuses it, or it is good for nothing. */
function allowedBy(offer: Offer, actor: Actor, place: Place, attacker: Attacker): Allowed | null {
  const { role } = offer;
  const rules = attacker.rbac.rulesOf(role);
  if (covers(attacker.rules.shared(place), rules)) return null;
  const { wanted, name } = bindAsk(role.kind, role.name, place);
  const bind = covering(lasting(attacker.rights(actor, wanted), offer.gone), place, name);
  if (bind) return { ...offer, rules, bind };
  if (actor.entries.some(({ binding }) => binding === offer.gone)) return null;
  // Its own rights are worth handing on where they may complete those of somebody else.
  const isWorth = attacker.isIncomplete(place) && covers(attacker.rules.of(actor, place), rules);
  return isWorth ? { ...offer, rules, bind: null } : null;
}

function wayOf(
  { role, by, binding, before, bind, rules }: Allowed,
  actor: Actor,
  place: Place,
  attacker: Attacker,
): Way {
  const rights = bind ? [by, bind] : [by];
  const step: Taken = {
    words: `bind ${role.kind} ${role.name} ${placeWords(place)}${binding ? ` by a change of ${binding.kind} ${binding.name}` : ''}`,
    ...{ actor, rights, namespace: place === EVERY ? null : place },
    ...(bind ? {} : { besides: () => attacker.rules.grantsBehind(actor, place, rules) }),
    attack: (users) => bindCommand(role, { binding, by, place }, users.length > 0 ? users : [actor]),
  };
  return {
    id: `${role.kind} ${role.name}`,
    steps: [...before, step],
    from: [
      ...attacker.basisOf(actor, rights),
      ...(bind ? [] : attacker.rules.keysBehind(actor, place, rules)),
      ...before.flatMap((each) => (each.actor ? attacker.basisOf(each.actor, each.rights) : [])),
    ],
  };
}

/**
 * A right to create bindings with what has to go before: nothing where one of the names to which it is limited is free.
 * The role of a binding cannot be changed, so that one that exists has to be deleted. Null: nobody may, or the right
 * would go with it.
 */
function roomFor(by: Right, place: Place, attacker: Attacker): Pick<Offer, 'by' | 'before' | 'gone'> | null {
  const kind = place === null ? 'ClusterRoleBinding' : 'RoleBinding';
  const { world } = attacker;
  const bindings = (by.names ?? []).map((name) =>
    place === EVERY ? undefined : world.find(place === null ? 'clusterrolebindings' : 'rolebindings', place, name),
  );
  if (by.names === null || bindings.includes(undefined)) return { by, before: [] };
  for (const gone of bindings) {
    const [left] = lasting([by], gone);
    const taken = gone && left && attacker.takeStep(removalStep(kind, place, gone.name));
    if (taken) return { by: left, before: [taken], gone };
  }
  return null;
}

const isIn = ({ namespace }: Right, place: Place): boolean => namespace === null || namespace === place;

/** The roles that a binding in a place may refer to. */
const rolesFor = (place: Place, { world }: Attacker): readonly Role[] =>
  place === null || place === EVERY
    ? world.list('clusterroles')
    : [...world.list('clusterroles'), ...world.list('roles', place)];

/** The bindings that a right changes, with their roles. */
function changeable(by: Right, place: Place, { world, rbac }: Attacker): Offer[] {
  if (place === EVERY) return [];
  const all = place === null ? world.list('clusterrolebindings') : world.list('rolebindings', place);
  return all.flatMap((binding) => {
    if (by.names !== null && !by.names.includes(binding.name)) return [];
    const role = rbac.roleOf(binding);
    return typeof role === 'string' ? [] : [{ role, by, binding, before: [] }];
  });
}

/** The command that binds a role to these, besides those to whom a binding gives it already. */
function bindCommand(
  role: Pick<Role, 'kind' | 'name'>,
  { binding, by, place }: { binding: Binding | null; by: Right; place: Place },
  users: readonly Actor[],
): Command<'changes'> {
  const subjects = [...(binding?.subjects ?? []), ...users.map(({ position }) => position.subject)].map(
    ({ kind, namespace, name }) =>
      kind === 'ServiceAccount' ? { kind, namespace, name } : { kind, name, apiGroup: RBAC_GROUP },
  );
  const object = {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: place === null ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: {
      // Other bindings of the same proof have names of their own.
      name: binding?.name ?? by.names?.[0] ?? `${PLACEHOLDER}-${role.name}`,
      ...(place === null ? {} : { namespace: place === EVERY ? 'default' : place }),
    },
    roleRef: { apiGroup: RBAC_GROUP, kind: role.kind, name: role.name },
    subjects,
  };
  return writeCommand(object, by);
}

/** One request that creates a binding of a role of that name. */
export const bindStep = (kind: Role['kind'], name: string, place: Place): Step => {
  const { create } = place === null ? BINDING.cluster : BINDING.roles;
  return {
    words: `bind ${kind} ${name} ${placeWords(place)}`,
    any: [[{ wanted: create, namespace: place, name: null, creates: true, ofAny: true }, bindAsk(kind, name, place)]],
    attack: ([by], actor, users) =>
      by ? bindCommand({ kind, name }, { binding: null, by, place }, users.length > 0 ? users : [actor]) : null,
  };
};
