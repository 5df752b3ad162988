import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import type { Closure } from '../../escalation/closure.ts';
import { type Gain, type IdentityPosition, isGain, keyOfPosition } from '../../escalation/position.ts';
import { MASTERS, NODE_USER } from '../../rbac/subjects.ts';
import type { QuestionContext } from '../context.ts';
import type { ReachedGain } from './closure.ts';
import { type Evidence, evidenceOf, refOfPosition } from './evidence.ts';

/**
 * A finding for each position that is reached and worth telling, worst first: each with its proof. `from` is whom the
 * answer is about.
 */
export function reachedFindings(closure: Closure, from: SubjectRef, context: QuestionContext): Finding[] {
  const told = new Set<string>();
  const found = [...closure.reached].flatMap(([key, reached]) => {
    const { position, by } = reached;
    if (by === null || !isGain(position) || !isTold(position, closure)) return [];
    const ref = refOfPosition(position);
    const name = `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
    if (told.has(name)) return [];
    told.add(name);
    return [{ key, reached: { ...reached, position } }];
  });
  return found
    .toSorted((a, b) => orderOf(a.reached, closure) - orderOf(b.reached, closure))
    .map(({ key, reached }) => reachedFinding(key, reached, closure, from, context));
}

/** Whether a position is an end in itself, and not only a step, or included in one that is told. */
function isTold(position: ReachedGain['position'], { reached }: Closure): boolean {
  if (position.kind !== 'identity') return true;
  const { subject, identity } = position;
  if (subject.name === MASTERS) return false;
  if (identity.user?.startsWith(NODE_USER))
    return !reached.has(keyOfPosition({ kind: 'node', name: identity.user.slice(NODE_USER.length) }));
  return !isStart(position, reached);
}

/** Whether it is the attacker's own identity, by another way. */
const isStart = (position: IdentityPosition, reached: Closure['reached']): boolean =>
  [true, false].some((borrowed) => reached.get(keyOfPosition({ ...position, borrowed }))?.by === null);

/** The certain before the open; the cluster, nodes, namespaces, identities that hold something, pods, Secrets. */
function orderOf({ position, cost }: ReachedGain, { attacker }: Closure): number {
  const holds =
    position.kind === 'identity' &&
    attacker.rbac.entriesOf(position.identity).some(({ subject }) => subject.kind !== 'Group');
  const rank = position.kind === 'identity' ? (holds ? RANKS.identity : RANKS.identity + 0.5) : RANKS[position.kind];
  return Number(cost.isOpen) * 100_000 + rank * 10_000 + Math.min(cost.steps, 9_999);
}

const RANKS = { cluster: 0, node: 1, namespace: 2, identity: 3, pod: 4, secret: 5 } as const;

export function reachedFinding(
  key: string,
  { position, by }: ReachedGain,
  closure: Closure,
  subject: SubjectRef,
  context: QuestionContext,
): Finding {
  return findingOf(position, by?.technique ?? 'held', evidenceOf(key, closure, context.options), subject);
}

/** A finding about a position that somebody gets to, by a proof. */
export function findingOf(
  position: Gain,
  id: string,
  { steps, unknowns, leaning }: Evidence,
  subject: SubjectRef,
): Finding {
  const object = refOfPosition(position);
  return {
    id,
    verdict: unknowns.length > 0 ? 'depends' : 'yes',
    leaning,
    direct: false,
    accepted: false,
    subject,
    object: { ...object, container: null },
    scope: { namespace: object.namespace, names: null },
    reason: reasonOf(steps.map(({ step }) => step)),
    evidence: steps,
    unknowns: [...unknowns],
    fix: [],
    steps: steps.length,
  };
}

/** `request a token of ServiceAccount ci/deployer, then bind ClusterRole cluster-admin in the whole cluster`. */
export function reasonOf(steps: readonly string[]): string {
  const [first = '', ...others] = steps;
  const last = others.at(-1);
  if (last === undefined) return first;
  return others.length === 1 ? `${first}, then ${last}` : `${first}, … (${others.length - 1} more), then ${last}`;
}
