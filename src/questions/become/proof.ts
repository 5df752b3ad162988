import type { EvidenceStep } from '../../answer/answer.ts';
import { attackText, inTurn, safeText } from '../../answer/command.ts';
import type { GrantRef, SubjectRef, TargetRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import type { Attacker } from '../../escalation/attacker.ts';
import type { Closure } from '../../escalation/closure.ts';
import type { Taken } from '../../escalation/derivation.ts';
import { handedBy } from '../../escalation/handed.ts';
import type { Position } from '../../escalation/position.ts';
import { distinctGrants } from '../../rbac/grants.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import { checkOf } from '../../spawn/rights/holder.ts';
import { grantRef } from '../holders/evidence.ts';
import type { Options } from '../question.ts';

/** The proof of a position: its steps in order, each with the earlier ones that it uses. */
export interface Proof {
  steps: EvidenceStep[];
  /** What it depends on; empty where it is certain. */
  unknowns: Unknown[];
  leaning: 'yes' | 'no' | null;
}

export function proofOf(key: string, closure: Closure, options: Options): Proof {
  const steps: EvidenceStep[] = [];
  const last = new Map<string, string>();
  const unknowns: Unknown[] = [];
  const leanings: ('yes' | 'no' | null)[] = [];
  visit(key);
  const leaning = leanings.includes('no') ? 'no' : leanings.includes(null) ? null : (leanings[0] ?? null);
  return { steps, unknowns: distinctUnknowns(unknowns), leaning };

  function visit(at: string): void {
    const found = closure.reached.get(at);
    if (!found?.by || last.has(at)) return;
    const { by, position } = found;
    for (const each of by.from) visit(each);
    if (by.unknowns.length > 0) {
      for (const unknown of by.unknowns) unknowns.push(unknown);
      leanings.push(by.leaning);
    }
    const uses = [...new Set(by.from.flatMap((each) => last.get(each) ?? []))];
    let before = uses;
    for (const [index, taken] of by.steps.entries()) {
      const id = `e${steps.length + 1}`;
      const isLast = index === by.steps.length - 1;
      steps.push(
        stepOf(taken, { id, uses: before, technique: by.technique, gains: isLast ? refOfPosition(position) : null }),
      );
      before = [id];
      if (isLast) last.set(at, id);
    }
  }

  function stepOf(
    taken: Taken,
    place: { id: string; uses: string[]; technique: string; gains: TargetRef | null },
  ): EvidenceStep {
    const { words, actor, rights, namespace, attack } = taken;
    const harm = options.showAttack ? attack?.() : null;
    const check = actor && inTurn(rights.map((each) => checkOf(actor.holder, each, namespace)));
    return {
      id: place.id,
      technique: place.technique,
      step: words,
      identity: actor && subjectOf(actor.position),
      gains: place.gains,
      uses: place.uses,
      grants: grantsOf(taken, closure.attacker),
      command: check && safeText(check, options.kubectl),
      ...(harm ? { attack: attackText(harm, options.kubectl) } : {}),
    };
  }
}

/** The grants of the cluster that a step rests on; those that the attacker made are steps of their own. */
function grantsOf({ rights }: Taken, { rbac, world }: Attacker): GrantRef[] {
  const all = rights.flatMap(({ grants }) =>
    grants.flatMap(({ also, ...grant }) => [grant, ...(also ? [also.grant] : [])]),
  );
  return distinctGrants(all.filter((grant) => handedBy(grant) === undefined))
    .slice(0, MOST_GRANTS)
    .map((grant) => grantRef(grant, rbac, world));
}

/** One is enough for a proof; of many others nobody reads more. */
const MOST_GRANTS = 3;

const subjectOf = (position: Extract<Position, { kind: 'identity' }>): SubjectRef => {
  const { kind, namespace, name } = refOfPosition(position);
  return { kind, namespace, name, members: null };
};

/** A position as an object of the answer: `Cluster`, `Node`, `ServiceAccount` and so on. */
export function refOfPosition(position: Position): TargetRef {
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
    case 'spawn':
      return { kind: 'Pod', namespace: position.namespace, name: '' };
    case 'namespace':
      return { kind: 'Namespace', namespace: null, name: position.name };
    case 'cluster':
      return { kind: 'Cluster', namespace: null, name: '' };
    case 'secret':
      return { kind: 'Secret', namespace: position.namespace, name: position.name ?? '' };
    case 'rights':
      return { kind: 'Rights', namespace: null, name: position.words };
  }
}
