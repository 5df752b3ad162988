import type { Command } from '../../answer/command.ts';
import { covers } from '../../rbac/covers.ts';
import { applyCommand } from '../../spawn/commands/commands.ts';
import { covering, type Right } from '../../spawn/rights/holder.ts';
import type { Binding, Role } from '../../world/objects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Ask, Derivation, Requirement, Step, Taken } from '../derivation.ts';
import { EVERY, EVERYTHING, PLACEHOLDER, type Place, placeWords } from '../handed.ts';
import type { Technique } from '../technique.ts';
import { RBAC_GROUP, right } from '../wanted.ts';
import { handOut } from './hand-out.ts';

export const BINDING = {
  roles: {
    create: right('create', 'rolebindings', RBAC_GROUP),
    change: right(['update', 'patch'], 'rolebindings', RBAC_GROUP),
  },
  cluster: {
    create: right('create', 'clusterrolebindings', RBAC_GROUP, true),
    change: right(['update', 'patch'], 'clusterrolebindings', RBAC_GROUP, true),
  },
} as const;

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
    // Somebody new who holds half of a request: all who may write bindings there may hand it the other half. And
    // somebody who deletes bindings makes names free.
    const deletes = attacker.rights(actor, DELETE.roles).map(({ namespace }) => namespace ?? EVERY);
    const halves = attacker.halvesOf(actor);
    const all = halves.length > 0 || attacker.rights(actor, DELETE.cluster).length > 0 ? [null] : [];
    for (const place of new Set([...halves, ...deletes, ...all]))
      for (const { create, change } of place === null ? [BINDING.cluster, BINDING.roles] : [BINDING.roles])
        for (const writer of new Set([
          ...attacker.ableIn({ wanted: create, namespace: place, creates: true }),
          ...attacker.ableIn({ wanted: change, namespace: place }),
        ])) {
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

/**
 * Where an actor may write bindings. Where it may everywhere, a namespace in which it holds more than elsewhere is a
 * place of its own.
 */
export function bindingPlaces(actor: Actor, attacker: Attacker): Place[] {
  const cluster = [
    ...attacker.rights(actor, BINDING.cluster.create, true),
    ...attacker.rights(actor, BINDING.cluster.change),
  ];
  const namespaced = [
    ...attacker.rights(actor, BINDING.roles.create, true),
    ...attacker.rights(actor, BINDING.roles.change),
  ];
  const own = new Set(namespaced.map(({ namespace }) => namespace ?? EVERY));
  const more = own.has(EVERY) ? actor.entries.flatMap(({ binding }) => binding.namespace ?? []) : [];
  return [...(cluster.length > 0 ? [null] : []), ...new Set([...own, ...more])];
}

/** What an actor may hand out in a place: everything where one role has it, else the rules of all roles together. */
function bindable(actor: Actor, place: Place, attacker: Attacker): Derivation | null {
  const asks = place === null ? BINDING.cluster : BINDING.roles;
  const creation = attacker
    .rights(actor, asks.create, true)
    .filter((each) => isIn(each, place))
    .map((by) => ({ by, before: removalFor(by, place, attacker) }))
    .find(({ before }) => before !== null);
  const create = creation?.by;
  const changes = attacker.rights(actor, asks.change).filter((each) => isIn(each, place));
  const offered: Offer[] = [
    ...(create ? rolesFor(place, attacker).map((role) => ({ role, by: create, binding: null })) : []),
    ...changes.flatMap((by) => changeable(by, place, attacker)),
  ];
  const owned = attacker.rulesOf(actor, place);
  // Its own rights are worth handing on where they may complete a request of somebody else.
  const hands = attacker.hasHalves(place);
  const told = new Set<Role>();
  const allowed = offered.flatMap((offer): (Offer & { bind: Right | null })[] => {
    const { role } = offer;
    const rules = attacker.rbac.rulesOf(role);
    if (told.has(role) || rules.length === 0) return [];
    const { wanted, name } = bindAsk(role.kind, role.name, place);
    const bind = covering(attacker.rights(actor, wanted), place, name) ?? null;
    if (!bind && (!hands || covers(attacker.sharedRules(place), rules) || !covers(owned, rules))) return [];
    told.add(role);
    return [{ ...offer, bind }];
  });
  const all = allowed.find(({ role }) => covers(attacker.rbac.rulesOf(role), EVERYTHING));
  const chosen = (all ? [all] : allowed).filter(
    ({ role }) => !covers(attacker.sharedRules(place), attacker.rbac.rulesOf(role)),
  );
  const [first] = chosen;
  if (!first) return null;
  const named = ({ role, binding }: Offer): string =>
    `bind ${role.kind} ${role.name} ${placeWords(place)}${binding ? ` by a change of ${binding.kind} ${binding.name}` : ''}`;
  const parts = chosen.flatMap((each) =>
    attacker.rbac.rulesOf(each.role).map((rule) => ({ rule, source: named(each) })),
  );
  const rights = first.bind ? [first.by, first.bind] : [first.by];
  const before = first.binding === null ? (creation?.before ?? []) : [];
  return handOut(
    rbacBind.id,
    {
      id: `${place ?? ''} ${actor.key}`,
      words: named(first),
      rules: parts.map(({ rule }) => rule),
      sources: parts.map(({ source }) => source),
      placesFor: () => [place],
    },
    [
      ...before,
      {
        ...{ words: named(first), actor, rights, namespace: place === EVERY ? null : place },
        attack: () => bindCommand(first, place, actor),
      },
    ],
    [
      ...new Set([
        ...attacker.basisOf(actor, rights),
        ...before.flatMap((step) => (step.actor ? attacker.basisOf(step.actor, step.rights) : [])),
      ]),
    ],
  );
}

/**
 * What has to go before a binding can be created under the names to which a right is limited: nothing where one of them
 * is free. The role of a binding cannot be changed, so that one that exists has to be deleted. Null: nobody may.
 */
function removalFor({ names }: Right, place: Place, attacker: Attacker): Taken[] | null {
  if (names === null || place === EVERY) return [];
  const { world } = attacker;
  const kind = place === null ? 'clusterrolebindings' : 'rolebindings';
  if (names.some((name) => !world.find(kind, place, name))) return [];
  const wanted = place === null ? DELETE.cluster : DELETE.roles;
  for (const name of names) {
    const words = `delete ${place === null ? 'ClusterRoleBinding' : 'RoleBinding'} ${name}, whose place another takes`;
    const taken = attacker.takeStep({ words, any: [[{ wanted, namespace: place, name }]] });
    if (taken) return [taken];
  }
  return null;
}

const DELETE = {
  roles: right('delete', 'rolebindings', RBAC_GROUP),
  cluster: right('delete', 'clusterrolebindings', RBAC_GROUP, true),
} as const;

interface Offer {
  role: Role;
  by: Right;
  /** The binding that is changed; null where one is created. */
  binding: Binding | null;
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
    return typeof role === 'string' ? [] : [{ role, by, binding }];
  });
}

function bindCommand({ role, binding }: Offer, place: Place, { position: { subject } }: Actor): Command<'changes'> {
  const { kind, namespace, name } = subject;
  const who = kind === 'ServiceAccount' ? { kind, namespace, name } : { kind, name, apiGroup: RBAC_GROUP };
  return applyCommand({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: place === null ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: {
      name: binding?.name ?? PLACEHOLDER,
      ...(place === null ? {} : { namespace: place === EVERY ? 'default' : place }),
    },
    roleRef: { apiGroup: RBAC_GROUP, kind: role.kind, name: role.name },
    subjects: [who],
  });
}

/** One request that creates a binding of a role of that name. */
export const bindStep = (kind: Role['kind'], name: string, place: Place): Step => {
  const { create } = place === null ? BINDING.cluster : BINDING.roles;
  return {
    words: `bind ${kind} ${name} ${placeWords(place)}`,
    any: [[{ wanted: create, namespace: place, name: null, creates: true, ofAny: true }, bindAsk(kind, name, place)]],
  };
};
