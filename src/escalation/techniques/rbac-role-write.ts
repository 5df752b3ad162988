import { covers } from '../../rbac/covers.ts';
import { applyCommand } from '../../spawn/commands/commands.ts';
import { covering, type Right } from '../../spawn/rights/holder.ts';
import type { Role, Rule } from '../../world/objects.ts';
import type { Actor, BoundRole } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement, Taken } from '../derivation.ts';
import { EVERY, EVERYTHING, PLACEHOLDER, type Place } from '../handed.ts';
import type { Technique } from '../technique.ts';
import { RBAC_GROUP, right } from '../wanted.ts';
import { handOut } from './hand-out.ts';
import { BINDING, bindingPlaces, bindStep } from './rbac-bind.ts';

type Kind = Role['kind'];

const WRITE = {
  Role: { create: right('create', 'roles', RBAC_GROUP), change: right(['update', 'patch'], 'roles', RBAC_GROUP) },
  ClusterRole: {
    create: right('create', 'clusterroles', RBAC_GROUP, true),
    change: right(['update', 'patch'], 'clusterroles', RBAC_GROUP, true),
  },
} as const;

const ESCALATE = {
  Role: right('escalate', 'roles', RBAC_GROUP),
  ClusterRole: right('escalate', 'clusterroles', RBAC_GROUP, true),
} as const;

/**
 * A role that the attacker writes: one to which a held identity is bound, one that a binding names and that does not
 * exist, a ClusterRole whose labels aggregate it into one to which somebody is bound, or a new one that somebody
 * binds. With `escalate` it may say anything; without it only what its author holds in the same scope.
 */
export const rbacRoleWrite: Technique = {
  id: 'rbac-escalate',
  title: 'write a role to which somebody is bound',
  takes:
    'update or patch a role that is bound to a held identity, or create one that bindings name, or a ClusterRole whose labels aggregate it, and in the same identity escalate on it, or the rights that are written into it.',
  gives:
    'With escalate every right, otherwise those of its author, to whoever is bound to the role, in the scope of that binding.',
  blockers: ['Without escalate the API server refuses rules that the author does not hold.'],
  mitre: ['T1098.006'],
  microsoft: ['MS-TA9019'],
  references: [
    'kubernetes pkg/registry/rbac/role/policybased/storage.go',
    'kubernetes pkg/controller/clusterroleaggregation',
  ],
  *ofIdentity(actor, attacker) {
    // A new author writes the roles of all who are held; for somebody new all authors write the roles of that one.
    const isWriter = KINDS.some((kind) => mayWriteKind(kind, actor, attacker));
    if (isWriter) for (const role of attacker.bound.values()) yield* edited(role, actor, attacker);
    for (const role of attacker.rolesOf(actor))
      for (const writer of writersIn(role, attacker)) if (writer !== actor) yield* edited(role, writer, attacker);
    if (isWriter) for (const kind of KINDS) yield* newRole(kind, actor, attacker, null);
    for (const place of new Set([...bindingPlaces(actor, attacker), ...attacker.halvesOf(actor)]))
      for (const kind of KINDS)
        for (const writer of writersIn({ kind, namespace: place, role: null }, attacker))
          yield* newRole(kind, writer, attacker, place === null && kind === 'Role' ? 'none' : { place });
  },
  *toward(goal): Generator<Requirement> {
    if (goal.kind === 'cluster')
      yield {
        technique: rbacRoleWrite.id,
        steps: [
          {
            words: 'write a ClusterRole that is bound to a held identity in the whole cluster',
            any: [
              [
                { wanted: WRITE.ClusterRole.change, namespace: null, name: null, ofAny: true },
                { wanted: ESCALATE.ClusterRole, namespace: null, name: null, ofAny: true },
              ],
            ],
          },
        ],
      };
  },
};

const KINDS = ['Role', 'ClusterRole'] as const;

const mayWriteKind = (kind: Kind, actor: Actor, attacker: Attacker): boolean =>
  attacker.rights(actor, WRITE[kind].change).length > 0 || attacker.rights(actor, WRITE[kind].create, true).length > 0;

/** Those who may write a role there, or one that is copied into it. */
function writersIn(
  { kind, namespace, role }: Pick<BoundRole, 'kind' | 'namespace' | 'role'>,
  attacker: Attacker,
): Set<Actor> {
  const place = kind === 'ClusterRole' ? null : namespace;
  const { create, change } = WRITE[kind];
  const creates = role === null || (role.selectors?.length ?? 0) > 0;
  return new Set([
    ...attacker.ableIn({ wanted: change, namespace: place }),
    ...(creates ? attacker.ableIn({ wanted: create, namespace: place, creates: true }) : []),
  ]);
}

/** Rights that reach everybody who is bound to a role, since its author writes them into it. */
function* edited(target: BoundRole, author: Actor, attacker: Attacker): Generator<Derivation> {
  const isAggregate = (target.role?.selectors?.length ?? 0) > 0;
  const written = writeOf(target, author, attacker) ?? (isAggregate ? aggregated(author, attacker) : null);
  if (!written) return;
  const { rules, step, isFree, name } = written;
  const technique = isFree ? rbacRoleWrite.id : 'rbac-hand-over';
  const id = `${target.kind} ${target.namespace ?? ''}/${target.name} ${name} ${isFree ? '' : author.key}`;
  if (attacker.hasKey(`rights ${technique} ${id}`)) return;
  if (target.holders.every(({ actor, place }) => attacker.hasRules(actor, place, rules))) return;
  const sources = rules.map(() => step.words);
  const placesFor = (actor: Actor): Place[] => [
    ...new Set(
      actor.entries.flatMap(({ binding }) =>
        binding.roleRef.kind === target.kind &&
        binding.roleRef.name === target.name &&
        (target.kind === 'ClusterRole' || binding.namespace === target.namespace)
          ? [binding.namespace]
          : [],
      ),
    ),
  ];
  yield handOut(
    technique,
    { id, words: step.words, rules, sources, placesFor },
    [step],
    attacker.basisOf(author, step.rights),
  );
}

interface Written {
  name: string;
  rules: readonly Rule[];
  step: Taken;
  /** Whether the rules may say anything. */
  isFree: boolean;
}

/** What an author may write into a role: anything with escalate, else what it holds itself. */
function writeOf({ kind, namespace, name, role }: BoundRole, author: Actor, attacker: Attacker): Written | null {
  const way = role === null ? 'create' : 'change';
  const by = covering(attacker.rights(author, WRITE[kind][way], way === 'create' || undefined), namespace, name);
  if (!by) return null;
  const escalate = escalateOn(kind, namespace, name, way, author, attacker);
  // A controller fills in an aggregated role: only escalate lets its selectors be changed.
  if (!escalate && role !== null && role.selectors !== null) return null;
  return writing({ kind, namespace, name, way, by, escalate }, author, attacker);
}

/** A ClusterRole of the attacker's own whose labels let the controller copy its rules into another one. */
function aggregated(author: Actor, attacker: Attacker): Written | null {
  const kind = 'ClusterRole';
  const [create] = attacker.rights(author, WRITE[kind].create, true);
  const [change] = attacker.rights(author, WRITE[kind].change);
  const by = create ?? change;
  if (!by) return null;
  const way = create ? 'create' : 'change';
  const name = by.names?.[0] ?? (create ? PLACEHOLDER : (attacker.world.list('clusterroles')[0]?.name ?? ''));
  const escalate = escalateOn(kind, null, name, way, author, attacker);
  return writing({ kind, namespace: null, name, way, by, escalate, isLabelled: true }, author, attacker);
}

/** A POST carries no name: `escalate` that is limited to names needs server-side apply, as `create` does. */
function escalateOn(
  kind: Kind,
  namespace: string | null,
  name: string,
  way: 'create' | 'change',
  author: Actor,
  attacker: Attacker,
): Right | undefined {
  const rights = attacker.rights(author, ESCALATE[kind]);
  const free = covering(rights, namespace);
  if (free || way === 'change') return free ?? covering(rights, namespace, name);
  const applies = covering(attacker.rights(author, WRITE[kind].change), namespace, name);
  return applies && covering(rights, namespace, name);
}

function writing(
  {
    kind,
    namespace,
    name,
    way,
    by,
    escalate,
    isLabelled = false,
  }: {
    kind: Kind;
    namespace: string | null;
    name: string;
    way: 'create' | 'change';
    by: Right;
    escalate: Right | undefined;
    isLabelled?: boolean;
  },
  author: Actor,
  attacker: Attacker,
): Written | null {
  if (!escalate && !(attacker.hasHalves(namespace) && attacker.holdsMore(author, namespace))) return null;
  const rules = escalate ? EVERYTHING : attacker.rulesOf(author, namespace);
  const where = namespace === null ? '' : ` in namespace ${namespace}`;
  const what = escalate ? 'with every right (escalate)' : 'with rights that it holds';
  const label = isLabelled ? ' whose labels aggregate it' : '';
  const step: Taken = {
    words: `${way} ${kind} ${name}${where}${label}, ${what}`,
    actor: author,
    rights: escalate ? [by, escalate] : [by],
    namespace,
    attack: () => roleCommand(kind, name, namespace, rules, isLabelled),
  };
  return { name, rules, step, isFree: escalate !== undefined };
}

/**
 * A role that is written and then bound, by the same identity or by another one that may bind it: in one place, or
 * (null) wherever anybody may.
 */
function* newRole(
  kind: Kind,
  author: Actor,
  attacker: Attacker,
  only: { place: Place } | 'none' | null,
): Generator<Derivation> {
  if (only === 'none') return;
  for (const way of ['create', 'change'] as const)
    for (const by of attacker.rights(author, WRITE[kind][way], way === 'create' || undefined)) {
      const namespace = kind === 'Role' ? (by.namespace ?? (only?.place || EVERY)) : null;
      if (only && kind === 'Role' && namespace !== only.place) continue;
      for (const name of namesFor(kind, way, by, attacker)) {
        const escalate = escalateOn(kind, namespace, name, way, author, attacker);
        const written = writing({ kind, namespace, name, way, by, escalate }, author, attacker);
        if (written) yield* bound(kind, namespace, written, author, attacker, only);
      }
    }
}

/** The names that a role may be given, or that existing roles have which may be changed. */
function namesFor(kind: Kind, way: 'create' | 'change', { names, namespace }: Right, { world }: Attacker): string[] {
  if (way === 'create') return [...(names ?? [PLACEHOLDER])];
  const there = kind === 'Role' ? world.list('roles', namespace) : world.list('clusterroles');
  const plain = there.filter(({ selectors }) => selectors === null).map(({ name }) => name);
  return names === null ? plain.slice(0, 1) : plain.filter((name) => names.includes(name));
}

function* bound(
  kind: Kind,
  home: Place,
  { name, rules, step, isFree }: Written,
  author: Actor,
  attacker: Attacker,
  only: { place: Place } | null,
): Generator<Derivation> {
  const scopes: Place[] =
    kind === 'Role'
      ? [home]
      : only
        ? [only.place]
        : [...new Set(bindersIn(attacker).flatMap((each) => bindingPlaces(each, attacker)))];
  for (const scope of scopes) {
    const technique = isFree ? 'rbac-escalate-bind' : 'rbac-hand-over';
    const id = `${kind} ${home ?? ''}/${name} ${scope ?? ''} ${isFree ? '' : author.key}`;
    if (attacker.hasKey(`rights ${technique} ${id}`, 2) || covers(attacker.sharedRules(scope), rules)) continue;
    const met =
      attacker.meet({ steps: [bindStep(kind, name, scope)] }) ?? covered(kind, name, scope, rules, author, attacker);
    if (!met) continue;
    const words = `${step.words}, then ${met.taken[0]?.words ?? ''}`;
    yield handOut(
      technique,
      {
        id,
        ...{ words, rules, sources: rules.map(() => words), placesFor: () => [scope] },
      },
      [step, ...met.taken],
      [...new Set([...attacker.basisOf(author, step.rights), ...met.from])],
    );
  }
}

const bindersIn = (attacker: Attacker): Actor[] => [
  ...new Set(
    [BINDING.roles, BINDING.cluster].flatMap(({ create }) => [...attacker.able({ wanted: create, creates: true })]),
  ),
];

/** A binding by somebody who holds all that is in the role. */
function covered(
  kind: Kind,
  name: string,
  scope: Place,
  rules: readonly Rule[],
  author: Actor,
  attacker: Attacker,
): { taken: Taken[]; from: string[] } | null {
  const { words, any } = bindStep(kind, name, scope);
  const ask = any[0]?.[0];
  if (!ask) return null;
  for (const actor of new Set([author, ...attacker.ableIn(ask)])) {
    const by = attacker.rightFor(actor, ask);
    if (!by || !covers(attacker.rulesOf(actor, scope), rules)) continue;
    const taken = { words, actor, rights: [by], namespace: scope === EVERY ? null : scope, attack: null };
    return { taken: [taken], from: attacker.basisOf(actor, [by]) };
  }
  return null;
}

const roleCommand = (kind: Kind, name: string, namespace: Place, rules: readonly Rule[], isLabelled: boolean) =>
  applyCommand({
    ...{ apiVersion: `${RBAC_GROUP}/v1`, kind },
    metadata: {
      name,
      ...(namespace === null ? {} : { namespace: namespace === EVERY ? 'default' : namespace }),
      ...(isLabelled ? { labels: AGGREGATE } : {}),
    },
    rules: rules.map(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }) => ({
      verbs,
      ...(resources.length > 0 ? { apiGroups, resources } : { nonResourceURLs }),
      ...(resourceNames.length > 0 ? { resourceNames } : {}),
    })),
  });

const AGGREGATE = Object.fromEntries(
  ['admin', 'edit', 'view'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']),
);
