import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { nameSubject } from '../../answer/words.ts';
import type { Attacker } from '../../escalation/attacker.ts';
import type { Closure } from '../../escalation/closure.ts';
import type { Ask, Requirement } from '../../escalation/derivation.ts';
import type { Position } from '../../escalation/position.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import { formatResource } from '../../rbac/request.ts';
import type { QuestionContext } from '../context.ts';
import { refOfPosition } from './proof.ts';

/** What is missing for a goal: the ways that lack the least, each with the rights that would complete it. */
export function missingFor(
  goal: Position,
  { attacker }: Closure,
  from: SubjectRef,
  _context: QuestionContext,
): Finding[] {
  const ways = TECHNIQUES.flatMap((technique) => [...(technique.toward?.(goal, attacker) ?? [])]);
  const lacking = ways.flatMap((way) => lackOf(way, attacker) ?? []);
  return lacking
    .toSorted((a, b) => a.missing - b.missing)
    .slice(0, MOST)
    .map(({ technique, words, missing }): Finding => {
      const object = refOfPosition(goal);
      return {
        ...{ id: technique, verdict: 'no', leaning: null, direct: false, accepted: false, subject: from },
        object: { ...object, container: null },
        scope: { namespace: object.namespace, names: null },
        ...{ reason: words, evidence: [], unknowns: [], fix: [], missing },
      };
    });
}

const MOST = 3;

interface Lack {
  technique: string;
  words: string;
  /** The number of rights that are missing. */
  missing: number;
}

/** What one way lacks, given to the identity that holds most of it; null if rights are not what it lacks. */
function lackOf({ technique, steps }: Requirement, attacker: Attacker): Lack | null {
  const open = steps.filter((step) => attacker.takeStep(step) === null);
  if (open.length === 0) return null;
  const parts = open.map((step) => {
    const candidates = step.any.flatMap((asks) =>
      attacker.actors.slice(0, MOST_ACTORS).map((actor) => {
        const missing = asks.filter((ask) => !attacker.rightFor(actor, ask));
        return { actor, missing };
      }),
    );
    const best = candidates.reduce((a, b) => (b.missing.length < a.missing.length ? b : a));
    const held =
      best.missing.length < (step.any[0]?.length ?? 0)
        ? `${nameSubject(best.actor.position.subject)} lacks `
        : 'nobody who is held has ';
    return {
      words: `to ${step.words}, ${held}${best.missing.map(askWords).join(' and ')}`,
      count: Math.max(best.missing.length, 1),
    };
  });
  return {
    technique,
    words: parts.map(({ words }) => words).join('; '),
    missing: parts.reduce((sum, { count }) => sum + count, 0),
  };
}

const MOST_ACTORS = 200;

/** `create serviceaccounts/token of builder in namespace ci`. */
function askWords({ wanted, namespace, name, creates }: Ask): string {
  const { verbs, clusterScoped: _, ...resource } = wanted;
  const of = name === null || creates ? '' : ` of ${name}`;
  return `${verbs.join(' or ')} ${formatResource(resource)}${of}${namespace === null ? '' : ` in namespace ${namespace}`}`;
}
