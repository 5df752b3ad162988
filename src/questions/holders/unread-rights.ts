import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { OpenBinding } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { type Identity, MASTERS } from '../../rbac/subjects.ts';
import { isThere, unreadRole } from '../../rbac/unread-role.ts';
import type { Binding, Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { grantStep, openGrantRef, type Step } from './evidence.ts';
import { membersOf } from './members.ts';
import { rbacUnknowns } from './rbac-needs.ts';

/** The scope in which RoleBindings count: a namespace, all of them (null), or none, for a cluster-scoped resource. */
export type Reach = { namespace: string | null } | 'cluster';

/** The same, or no bindings at all, of what has no identity. */
type AnyReach = Reach | 'none';

/** The subject whose rights an answer is about, and the scope in which they count. */
export interface RightsAsked {
  /** Null: everybody's. */
  who: { subject: SubjectRef; identity: Identity } | null;
  bindings: AnyReach;
  open: OpenRight;
}

/** What is said of a role that could not be read: a right of this kind, which may be in it. */
export interface OpenRight {
  id: string;
  object: Finding['object'] | ((subject: SubjectRef) => Finding['object']);
  step: (subject: SubjectRef, role: string) => Step;
  /** Absent: `bound to ClusterRole edit, which could not be read`. */
  reason?: (role: string, namespace: string | null) => string;
  spawn?: (namespace: string | null) => NonNullable<Finding['spawn']>;
}

/**
 * What could not be read of the rights that an answer is about. Only `unreadRights` makes one, and no answer about
 * rights is built without (`buildAnswer`), so that no question can pass over a role or a binding that nobody could
 * read.
 */
export class Unread {
  /** One for each entry of a binding whose role could not be read: the role may hold what is asked about. */
  readonly findings: readonly Finding[];
  /** The bindings that could not be read: each may hold anybody. */
  readonly unknowns: readonly Unknown[];
  readonly #isMadeHere = true;

  private constructor(findings: readonly Finding[], unknowns: readonly Unknown[]) {
    this.findings = findings;
    this.unknowns = unknowns;
  }

  static of(asked: RightsAsked, context: QuestionContext): Unread {
    const { world } = context;
    const findings = (asked.bindings === 'none' ? [] : unreadEntries(asked.who, asked.bindings, world)).map((entry) =>
      unreadFinding(entry, asked.who?.subject ?? null, asked.open, context),
    );
    return new Unread(findings, asked.bindings === 'none' ? [] : rbacUnknowns(world, asked.bindings));
  }

  /**
   * These findings, and those of roles that could not be read of which none of them tells. Who has it for sure there
   * does not need the role.
   */
  complete(findings: readonly Finding[]): Finding[] {
    if (!this.#isMadeHere || this.findings.length === 0) return [...findings];
    const told = new Set(findings.flatMap((each) => each.unknowns.map((unknown) => keyOf(each, unknown))));
    const sure = new Set(
      findings.flatMap((each) => (each.verdict === 'yes' && each.scope.names === null ? [placeOf(each)] : [])),
    );
    const isNew = (each: Finding): boolean =>
      !sure.has(placeOf(each)) &&
      !sure.has(placeOf(each, null)) &&
      !each.unknowns.every((unknown) => told.has(keyOf(each, unknown)));
    return [...findings, ...this.findings.filter(isNew)];
  }
}

/** What could not be read of these rights. */
export const unreadRights = (asked: RightsAsked, context: QuestionContext): Unread => Unread.of(asked, context);

const placeOf = (
  { subject: { kind, namespace, name }, scope }: Finding,
  where: string | null = scope.namespace,
): string => JSON.stringify([kind, namespace, name, where]);

const keyOf = (finding: Finding, { what, affects }: Unknown): string =>
  JSON.stringify([placeOf(finding), what, affects]);

/** The entries of bindings that count and whose role could not be read. Superusers need no role. */
function unreadEntries(who: RightsAsked['who'], bindings: Reach, world: World): OpenBinding[] {
  const rbac = rbacOf(world);
  const counts = ({ namespace }: Binding): boolean =>
    namespace === null || (bindings !== 'cluster' && (bindings.namespace === null || bindings.namespace === namespace));
  if (who !== null) {
    const entries = rbac
      .entriesOf(who.identity)
      .filter(({ binding }) => counts(binding) && rbac.openness(rbac.roleOf(binding)) === 'unreadable');
    // Once a binding, however many of its entries mean the subject.
    return [
      ...new Map(
        entries.map(({ binding, subject }) => [binding, { binding, subject, role: 'unreadable' as const }]),
      ).values(),
    ];
  }
  return rbac
    .openEntries()
    .filter(({ binding, subject, role }) => role === 'unreadable' && counts(binding) && !isSuperuser(subject));
}

const isSuperuser = ({ kind, name }: Subject): boolean => kind === 'Group' && name === MASTERS;

/**
 * The finding that somebody is bound to a role that could not be read. `subject`: who is asked about; null if that is
 * the entry itself.
 */
export function unreadFinding(
  { binding, subject: entry }: OpenBinding,
  asked: SubjectRef | null,
  { id, object, step, reason, spawn }: OpenRight,
  context: QuestionContext,
): Finding {
  const { world, options } = context;
  const subject = asked ?? effectiveSubject(entry, binding.namespace, world);
  const unknown = unreadRole(binding, world);
  const { what } = unknown;
  return {
    id,
    verdict: 'depends',
    leaning: null,
    direct: true,
    accepted: options.accepts(subject),
    subject,
    object: typeof object === 'function' ? object(subject) : object,
    scope: { namespace: binding.namespace, names: null },
    reason:
      reason?.(what, binding.namespace) ??
      `bound to ${what}, ${isThere(binding, world) ? 'which aggregates what' : 'which'} could not be read`,
    evidence: [grantStep(step(subject, what), [openGrantRef(binding, entry)], options)],
    unknowns: [unknown],
    fix: [],
    ...(spawn ? { spawn: spawn(binding.namespace) } : {}),
  };
}

/** The subject as written, an account with its namespace. */
export function effectiveSubject(entry: Subject, bindingNamespace: string | null, world: World): SubjectRef {
  const namespace = entry.kind === 'ServiceAccount' ? (entry.namespace ?? bindingNamespace) : null;
  return {
    kind: entry.kind,
    namespace,
    name: entry.name,
    members: entry.kind === 'Group' ? membersOf(entry.name, world) : null,
  };
}

/** The subject, of whose members nothing is said. */
export const refOf = ({ kind, namespace, name }: Subject): SubjectRef => ({ kind, namespace, name, members: null });
