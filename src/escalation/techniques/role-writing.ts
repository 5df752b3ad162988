import type { Command } from '../../answer/command.ts';
import { covers } from '../../rbac/covers.ts';
import { writeCommand } from '../../spawn/commands/commands.ts';
import { covering, type Right } from '../../spawn/rights/holder.ts';
import type { Labels, Role, Rule } from '../../world/objects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Taken } from '../derivation.ts';
import { EVERY, EVERYTHING, PLACEHOLDER, type Place, placeWords, type Way } from '../handed.ts';
import { keyOfPosition } from '../position.ts';
import { RBAC_GROUP, right } from '../wanted.ts';
import { rightsPosition } from './hand-out.ts';
import { areRemovable, lasting, removalStep } from './removal.ts';

export type RoleKind = Role['kind'];

export const ROLE_KINDS = ['Role', 'ClusterRole'] as const;

export const WRITE_ROLE = {
  Role: { create: right('create', 'roles', RBAC_GROUP), change: right(['update', 'patch'], 'roles', RBAC_GROUP) },
  ClusterRole: {
    create: right('create', 'clusterroles', RBAC_GROUP, true),
    change: right(['update', 'patch'], 'clusterroles', RBAC_GROUP, true),
  },
} as const;

export const ESCALATE = {
  Role: right('escalate', 'roles', RBAC_GROUP),
  ClusterRole: right('escalate', 'clusterroles', RBAC_GROUP, true),
} as const;

/** A role that is to be written. */
export interface RoleDraft {
  kind: RoleKind;
  /** Where it lies: null for a ClusterRole. */
  home: Place;
  name: string;
  /** `replace`: it is deleted, and another created in its place. */
  way: 'create' | 'change' | 'replace';
  /** Labels that let a controller copy its rules into another role, and what is said of them. */
  labels?: Labels;
  purpose?: string;
}

/** A role that an author writes, with what goes into it. */
export interface WrittenRole {
  rules: readonly Rule[];
  /** By escalate the rules may say anything; otherwise they are those of the author. */
  isFree: boolean;
  steps: readonly Taken[];
  /** What all of it rests on. */
  from: readonly string[];
  /** How some of the rules get into it. */
  waysTo: (rules: readonly Rule[]) => readonly Way[];
}

/** The namespaces in which somebody may write roles of a kind, under some names at least; null: wherever they lie. */
export function homesOf(kind: RoleKind, actor: Actor, attacker: Attacker): Set<string | null> {
  const { create, change } = WRITE_ROLE[kind];
  const rights = [...attacker.rights(actor, create, true), ...attacker.rights(actor, change)];
  return new Set(rights.map(({ namespace }) => namespace));
}

/** Whether somebody may escalate some role of a kind anywhere: most authors may not. */
export const mayEscalate = (kind: RoleKind, author: Actor, attacker: Attacker): boolean =>
  attacker.rights(author, ESCALATE[kind]).length > 0;

/** Rights that a role hands out once it is written: the technique, and what tells them from others of it. */
export interface HandOver {
  technique: string;
  id: string;
  /** The key of their position. */
  key: string;
}

/** What a role in a place may hand out: everything, whoever writes it, or the rights of its author. */
export function handOversOf(
  technique: string,
  where: string,
  { author, home }: { author: Actor; home: Place },
  attacker: Attacker,
): { free: HandOver; own: HandOver } {
  const own = `${where} ${author.key} ${attacker.rules.of(author, home).length}`;
  return { free: handOver(technique, where), own: handOver('rbac-hand-over', own) };
}

const handOver = (technique: string, id: string): HandOver => ({
  ...{ technique, id },
  key: keyOfPosition(rightsPosition(technique, id)),
});

/** A role with everything in it, where its author may `escalate`, else with what the author holds itself. */
export function writeRole(draft: RoleDraft, author: Actor, attacker: Attacker): WrittenRole | null {
  const { kind, home, name, way, purpose = '' } = draft;
  const gone = way === 'replace' ? roleAt(kind, home, name, attacker) : undefined;
  const { create, change } = WRITE_ROLE[kind];
  const rights = way === 'change' ? attacker.rights(author, change) : attacker.rights(author, create, true);
  const by = covering(lasting(rights, gone), home, name);
  if (!by) return null;
  const removal = way === 'replace' ? attacker.takeStep(removalStep(kind, home, name)) : undefined;
  if (removal === null) return null;
  const escalate = escalateOn(draft, gone, author, attacker);
  const rules = escalate ? EVERYTHING : lastingRules(author, home, gone, attacker);
  // Its own rights are worth handing on where they may complete those of somebody else.
  if (!escalate && (!attacker.isIncomplete(home) || covers(attacker.rules.shared(home), rules))) return null;
  const used = escalate ? [by, escalate] : [by];
  const writer = escalate ? writerOf(draft, by, escalate, author, attacker) : by;
  const step: Taken = {
    words: [
      `${way === 'replace' ? 'create' : way} ${kind} ${name}${home === null ? '' : ` ${placeWords(home)}`}${purpose}`,
      escalate ? 'with every right (escalate)' : 'with rights that it holds',
    ].join(', '),
    ...{ actor: author, rights: used, namespace: home === EVERY ? null : home },
    attack: () => roleCommand(draft, rules, writer),
  };
  const first = removal ? [removal] : [];
  const basis = [
    ...attacker.basisOf(author, used),
    ...first.flatMap(({ actor, rights: deleting }) => (actor ? attacker.basisOf(actor, deleting) : [])),
  ];
  if (escalate) {
    const steps = [...first, step];
    return { rules, isFree: true, steps, from: basis, waysTo: () => [{ id: '', steps, from: basis }] };
  }
  return {
    ...{ rules, isFree: false, steps: [...first, step] },
    from: [...basis, ...attacker.rules.keysBehind(author, home, rules)],
    waysTo: (wanted) => [
      {
        id: wanted.map((rule) => rules.indexOf(rule)).join(),
        steps: [...first, { ...step, besides: () => attacker.rules.grantsBehind(author, home, wanted) }],
        from: [...basis, ...attacker.rules.keysBehind(author, home, wanted)],
      },
    ],
  };
}

/** What an author holds once a role is gone. */
function lastingRules(author: Actor, home: Place, gone: Role | undefined, attacker: Attacker): readonly Rule[] {
  const rules = attacker.rules.of(author, home);
  if (!gone) return rules;
  const lost = new Set(attacker.rbac.rulesOf(gone));
  return rules.filter((rule) => !lost.has(rule));
}

/** A POST carries no name: `escalate` that is limited to names needs server-side apply, as `create` does. */
function escalateOn(
  { kind, home, name, way }: RoleDraft,
  gone: Role | undefined,
  author: Actor,
  attacker: Attacker,
): Right | undefined {
  const rights = lasting(attacker.rights(author, ESCALATE[kind]), gone);
  const free = covering(rights, home);
  if (free || way === 'change') return free ?? covering(rights, home, name);
  const applies = covering(lasting(attacker.rights(author, WRITE_ROLE[kind].change), gone), home, name);
  return applies && covering(rights, home, name);
}

/** The right by which a role is written that takes `escalate`: one that has its name, where that one is limited to it. */
function writerOf({ kind, home, name, way }: RoleDraft, by: Right, escalate: Right, author: Actor, attacker: Attacker) {
  if (escalate.names === null || way === 'change') return by;
  return covering(attacker.rights(author, WRITE_ROLE[kind].change), home, name) ?? by;
}

/** The command that writes a role by a right; null where none is known. */
export function roleCommand(
  { kind, home, name, labels = {} }: RoleDraft,
  rules: readonly Rule[],
  by: Right | undefined,
): Command<'changes'> | null {
  if (!by) return null;
  const object = {
    ...{ apiVersion: `${RBAC_GROUP}/v1`, kind },
    metadata: {
      name,
      ...(home === null ? {} : { namespace: home === EVERY ? 'default' : home }),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    // A Role takes no URLs.
    rules: rules
      .filter(({ resources }) => kind === 'ClusterRole' || resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }) => ({
        verbs,
        ...(resources.length > 0 ? { apiGroups, resources } : { nonResourceURLs }),
        ...(resourceNames.length > 0 ? { resourceNames } : {}),
      })),
  };
  return writeCommand(object, by);
}

/**
 * The roles of a place that an author may create, one for each set of names that its rights are limited to, change, or
 * put in the place of one that is deleted.
 */
export function draftsOf(kind: RoleKind, home: Place, author: Actor, attacker: Attacker): RoleDraft[] {
  const counts = ({ namespace }: Right): boolean => namespace === null || namespace === home;
  const { create, change } = WRITE_ROLE[kind];
  const plain = rolesAt(kind, home, attacker).filter(({ selectors }) => selectors === null);
  const existing = (rights: readonly Right[], way: RoleDraft['way']): RoleDraft[] =>
    rights
      .flatMap(({ names }) => plain.filter(({ name }) => names?.includes(name) ?? true))
      .map(({ name }) => ({ kind, home, name, way }));
  const creating = attacker.rights(author, create, true).filter(counts);
  const created = creating
    .flatMap(
      ({ names }) => names?.filter((name) => !roleAt(kind, home, name, attacker)) ?? [freeName(kind, home, attacker)],
    )
    .map((name): RoleDraft => ({ kind, home, name, way: 'create' }));
  return [
    ...created,
    ...existing(attacker.rights(author, change).filter(counts), 'change'),
    ...(areRemovable(kind, attacker) ? existing(creating, 'replace') : []),
  ];
}

const rolesAt = (kind: RoleKind, home: Place, { world }: Attacker): readonly Role[] =>
  kind === 'ClusterRole' ? world.list('clusterroles') : home === EVERY ? [] : world.list('roles', home);

export const roleAt = (kind: RoleKind, home: Place, name: string, { world }: Attacker): Role | undefined =>
  kind === 'ClusterRole'
    ? world.find('clusterroles', null, name)
    : home === EVERY
      ? undefined
      : world.find('roles', home, name);

/** A name that no role of the place has. */
export function freeName(kind: RoleKind, home: Place, attacker: Attacker): string {
  let name = PLACEHOLDER;
  for (let count = 2; roleAt(kind, home, name, attacker); count += 1) name = `${PLACEHOLDER}-${count}`;
  return name;
}
