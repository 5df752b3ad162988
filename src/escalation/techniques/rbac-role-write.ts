import type { Actor, BoundRole } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement } from '../derivation.ts';
import { type Handed, includes } from '../handed.ts';
import type { Technique } from '../technique.ts';
import { isAggregated, writeInto } from './aggregated-role.ts';
import { handOut } from './hand-out.ts';
import { areRemovable, removalPlaces } from './removal.ts';
import { ESCALATE, type HandOver, handOversOf, homesOf, mayEscalate, WRITE_ROLE, writeRole } from './role-writing.ts';

/**
 * A role that the attacker writes, to which a held identity is bound: one that exists, one that a binding names and
 * that does not exist, or a ClusterRole whose labels aggregate it into such a one. With `escalate` it may say anything;
 * without it only what its author holds in the same scope.
 */
export const rbacRoleWrite: Technique = {
  id: 'rbac-escalate',
  handsOut: true,
  title: 'write a role to which somebody is bound',
  takes:
    'update or patch a role that is bound to a held identity, or delete and create it, or create one that bindings name, or a ClusterRole whose labels aggregate it, and in the same identity escalate on it, or the rights that are written into it.',
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
    const homes = { Role: homesOf('Role', actor, attacker), ClusterRole: homesOf('ClusterRole', actor, attacker) };
    if (homes.Role.size + homes.ClusterRole.size > 0)
      for (const role of attacker.bound.values())
        if (homes[role.kind].has(null) || homes[role.kind].has(role.namespace)) yield* edited(role, actor, attacker);
    // And somebody who deletes roles makes room for others.
    const gone = {
      Role: removalPlaces('Role', actor, attacker),
      ClusterRole: removalPlaces('ClusterRole', actor, attacker),
    };
    for (const role of attacker.bound.values())
      if (gone[role.kind].some((place) => includes(place, role.namespace)))
        for (const author of authorsOf(role, attacker))
          if (author !== actor) yield* edited(role, author, attacker, true);
    for (const role of attacker.rolesOf(actor))
      for (const author of authorsOf(role, attacker)) if (author !== actor) yield* edited(role, author, attacker, true);
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
                { wanted: WRITE_ROLE.ClusterRole.change, namespace: null, name: null, ofAny: true },
                { wanted: ESCALATE.ClusterRole, namespace: null, name: null, ofAny: true },
              ],
            ],
          },
        ],
      };
  },
};

/** Those who may write a role, or one that is copied into it. */
function authorsOf({ kind, namespace, role }: BoundRole, attacker: Attacker): Set<Actor> {
  const { create, change } = WRITE_ROLE[kind];
  const creates = role === null || isAggregated(role) || areRemovable(kind, attacker);
  return new Set([
    ...attacker.ableIn({ wanted: change, namespace }),
    ...(creates ? attacker.ableIn({ wanted: create, namespace, creates: true }) : []),
  ]);
}

/** Rights that reach everybody who is bound to a role, since its author writes them into it. */
function* edited(target: BoundRole, author: Actor, attacker: Attacker, isKnown = false): Generator<Derivation> {
  const { kind, namespace, name } = target;
  const { free, own } = handOversOf(
    rbacRoleWrite.id,
    `${kind} ${namespace ?? ''}/${name}`,
    { author, home: namespace },
    attacker,
  );
  // What an author who was asked before costs is known by now: it gets no cheaper.
  const isTold = ({ key }: HandOver): boolean =>
    attacker.hasKey(key) || (isKnown && attacker.costOf(key) !== undefined);
  if (isTold(free) || (isTold(own) && !mayEscalate(kind, author, attacker))) return;
  const written = writeBound(target, author, attacker);
  if (!written || (!written.isFree && isTold(own))) return;
  const { rules, steps, isFree } = written;
  if (target.holders.every(({ actor, place }) => attacker.rules.has(actor, place, rules))) return;
  const placesFor: Handed['placesFor'] = ({ entries }) => [
    ...new Set(
      entries.flatMap(({ binding: { roleRef, namespace } }) =>
        roleRef.kind === target.kind &&
        roleRef.name === target.name &&
        (target.kind === 'ClusterRole' || namespace === target.namespace)
          ? [namespace]
          : [],
      ),
    ),
  ];
  const { technique, id } = isFree ? free : own;
  const first = target.holders.find(({ place }) => place === null);
  const isAll = isFree && first !== undefined && attacker.costOf(first.actor.key)?.steps === 0;
  yield handOut(technique, { id, rules, placesFor, isAll, waysTo: written.waysTo }, steps, written.from);
}

/** The best way to write into a role: anything rather than the rights of its author. */
function writeBound({ kind, namespace: home, name, role }: BoundRole, author: Actor, attacker: Attacker) {
  const ways = role === null ? (['create'] as const) : (['change', 'replace'] as const);
  const written = ways.flatMap((way) => writeRole({ kind, home, name, way }, author, attacker) ?? []);
  const free = written.find(({ isFree }) => isFree);
  // A controller fills in an aggregated role: only escalate lets its selectors be changed.
  return free ?? (role?.selectors ? writeInto(role, author, attacker) : written[0]) ?? null;
}
