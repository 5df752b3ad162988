import type { EvidenceStep } from '../../answer/answer.ts';
import { attackText, inTurn, safeText } from '../../answer/command.ts';
import type { SubjectRef, TargetRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import type { Leaning } from '../../answer/verdict.ts';
import type { Actor } from '../../escalation/actor.ts';
import { grantsBehind } from '../../escalation/basis.ts';
import type { Closure } from '../../escalation/closure.ts';
import type { One, Taken } from '../../escalation/derivation.ts';
import { handedBy } from '../../escalation/handed.ts';
import { type Gain, type IdentityPosition, isGain, type Position } from '../../escalation/position.ts';
import { type ProofNode, proofOf } from '../../escalation/proof.ts';
import { distinctGrants } from '../../rbac/grants.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import { checkOf } from '../../spawn/rights/holder.ts';
import { grantRef } from '../holders/evidence.ts';
import type { Options } from '../question.ts';

/** A proof as an answer shows it: its steps in order, each with the earlier ones that it uses. */
export interface Evidence {
  steps: EvidenceStep[];
  /** What it depends on; empty where it is certain. */
  unknowns: readonly Unknown[];
  leaning: Leaning;
}

export function evidenceOf(key: string, closure: Closure, options: Options): Evidence {
  const steps: EvidenceStep[] = [];
  /** The last step of each node; of one without steps those that it uses. */
  const ends: string[][] = [];
  const nodes = proofOf(key, closure);
  for (const [at, { position, technique, steps: taken, uses }] of nodes.entries()) {
    let before = uses.flatMap((index) => ends[index] ?? []);
    const users = usersOf(at, nodes);
    const opening = uses.flatMap((index) => nodes[index]?.steps.findLast(({ takes }) => takes) ?? [])[0];
    for (const [index, each] of taken.entries()) {
      const id = `e${steps.length + 1}`;
      const gains = index === taken.length - 1 ? gainOf(position) : null;
      const made =
        each.one && opening
          ? takenBy(opening, each, each.one)
          : each.takes && isTakenOneByOne(at, nodes)
            ? { ...each, attack: null }
            : each;
      steps.push(stepOf(made, { id, uses: before, technique, gains }, users, closure, options));
      before = [id];
    }
    ends.push(before);
  }
  return { steps, ...conditionOf(nodes) };
}

/** Who takes the steps that use what a node of a proof gives. */
const usersOf = (at: number, nodes: readonly ProofNode[]): Actor[] => [
  ...new Set(
    nodes.filter(({ uses }) => uses.includes(at)).flatMap(({ steps }) => steps.flatMap(({ actor }) => actor ?? [])),
  ),
];

/** Whether later steps of a proof take one by one what a node opens. */
const isTakenOneByOne = (at: number, nodes: readonly ProofNode[]): boolean =>
  nodes.some(({ uses, steps }) => uses.includes(at) && steps.some(({ one }) => one !== undefined));

/** One of the things that an earlier step opens: who took that takes this. */
const takenBy = ({ actor, takes }: Taken, step: Taken, one: One): MadeStep => ({
  ...step,
  attack: () => takes?.(one) ?? null,
  maker: actor,
});

/** A step that is taken by the right of an earlier one. */
type MadeStep = Taken & { maker?: Actor | null };

/** The condition of something that needs all of these parts: it is no likelier than the least likely of them. */
function conditionOf(parts: readonly Pick<Evidence, 'unknowns' | 'leaning'>[]): Omit<Evidence, 'steps'> {
  const open = parts.filter(({ unknowns }) => unknowns.length > 0);
  const leanings = open.map(({ leaning }) => leaning);
  const leaning = leanings.includes('no') ? 'no' : leanings.includes(null) ? null : (leanings[0] ?? null);
  return { unknowns: distinctUnknowns(open.flatMap(({ unknowns }) => unknowns)), leaning };
}

/** Joins a proof with one that starts from what the first gains, so that its first steps use the last step of that. */
export function joined(first: Evidence, then: Evidence): Evidence {
  if (first.steps.length === 0) return then;
  const moved = (id: string): string => `e${Number(id.slice(1)) + first.steps.length}`;
  const last = first.steps.at(-1)?.id ?? '';
  const steps = then.steps.map((step) => ({
    ...step,
    id: moved(step.id),
    uses: step.uses.length === 0 ? [last] : step.uses.map(moved),
  }));
  return { steps: [...first.steps, ...steps], ...conditionOf([first, then]) };
}

function stepOf(
  taken: MadeStep,
  place: Pick<EvidenceStep, 'id' | 'uses' | 'technique' | 'gains'>,
  users: readonly Actor[],
  { attacker: { rbac, world } }: Closure,
  { showAttack, kubectl }: Options,
): EvidenceStep {
  const { words, actor, rights, namespace, attack, maker } = taken;
  const by = actor ?? maker ?? null;
  const grants = distinctGrants(grantsBehind(taken));
  const held = grants.filter((grant) => handedBy(grant) === undefined);
  // Before the steps that hand out its rights are taken, the server would say no.
  const check =
    actor && held.length === grants.length
      ? (taken.check ?? inTurn(rights.map((each) => checkOf(actor.holder, each, namespace))))
      : null;
  // What a controller writes, no command of the attacker's writes.
  const harm = showAttack && !actor?.position.writes ? attack?.(users) : null;
  return {
    ...{ id: place.id, technique: place.technique, step: words },
    identity: by && subjectOf(by.position),
    ...{ gains: place.gains, uses: place.uses },
    grants: held.map((grant) => grantRef(grant, rbac, world)),
    command: check && safeText(check, kubectl),
    ...(harm ? { attack: attackText(harm, kubectl) } : {}),
  };
}

const subjectOf = (position: IdentityPosition): SubjectRef => ({ ...refOfPosition(position), members: null });

/** What somebody gains by a position; null where it is only a step to others. */
const gainOf = (position: Position): TargetRef | null =>
  position.kind === 'request' ? position.object : isGain(position) ? refOfPosition(position) : null;

/** A position as an object of the answer: `Cluster`, `Node`, `ServiceAccount` and so on. */
export function refOfPosition(position: Gain): TargetRef {
  switch (position.kind) {
    case 'identity': {
      const { user } = position.identity;
      const account = user === null ? null : parseAccountUser(user);
      if (account) return { kind: 'ServiceAccount', ...account };
      const { kind, name } = position.subject;
      return { kind, namespace: null, name };
    }
    case 'pod':
      return { kind: 'Pod', namespace: position.namespace, name: position.name };
    case 'node':
      return { kind: 'Node', namespace: null, name: position.name ?? '' };
    case 'namespace':
      return { kind: 'Namespace', namespace: null, name: position.name };
    case 'cluster':
      return { kind: 'Cluster', namespace: null, name: '' };
    case 'secret':
      return { kind: 'Secret', namespace: position.namespace, name: position.name ?? '' };
  }
}
