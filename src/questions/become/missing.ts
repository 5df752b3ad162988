import type { Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { joinAnd, nameSubject } from '../../answer/words.ts';
import type { Actor } from '../../escalation/actor.ts';
import type { Attacker } from '../../escalation/attacker.ts';
import type { Ask, Requirement, Step } from '../../escalation/derivation.ts';
import type { Gain } from '../../escalation/position.ts';
import { superusersOf } from '../../escalation/superusers.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import { formatResource } from '../../rbac/request.ts';
import { refOfPosition } from './evidence.ts';

/** What is missing for a goal: the ways that lack the least, each with the rights that would complete it. */
export function missingFor(goal: Gain, attacker: Attacker, from: SubjectRef): Finding[] {
  const object = { ...refOfPosition(goal), container: null };
  return waysTo(goal, attacker)
    .flatMap((way) => lackOf(way, attacker) ?? [])
    .toSorted((a, b) => a.missing - b.missing)
    .slice(0, MOST)
    .map(
      ({ technique, words, missing }): Finding => ({
        ...{ id: technique, verdict: 'no', leaning: null, direct: false, accepted: false, subject: from, object },
        scope: { namespace: object.namespace, names: null },
        ...{ reason: words, evidence: [], unknowns: [], fix: [], missing },
      }),
    );
}

const MOST = 3;

/** Ways to the goal itself, and to identities that are cluster-admin already. */
function waysTo(goal: Gain, attacker: Attacker): Way[] {
  const superusers = goal.kind === 'cluster' ? superusersOf(attacker).slice(0, MOST_SUPERUSERS) : [];
  return [goal, ...superusers].flatMap((to) => {
    const because = to.kind === 'identity' && to !== goal ? ` (${nameSubject(to.subject)} is cluster-admin)` : '';
    return TECHNIQUES.flatMap((technique) =>
      [...(technique.toward?.(to, attacker) ?? [])].map((way) => ({ ...way, because })),
    );
  });
}

const MOST_SUPERUSERS = 20;

interface Way extends Requirement {
  /** Why it leads to the goal, where it leads to somebody who is there. */
  because: string;
}

interface Lack {
  technique: string;
  words: string;
  /** The number of rights that are missing. */
  missing: number;
}

/** What one way lacks, given to the identity that holds most of it; null if rights are not what it lacks. */
function lackOf({ technique, steps, because }: Way, attacker: Attacker): Lack | null {
  const open = steps.filter((step) => attacker.takeStep(step) === null);
  if (open.length === 0) return null;
  const parts = open.map((step) => ({ step, ...lackOfStep(step, attacker) }));
  return {
    technique,
    words: parts
      .map(({ step, asks, holder }) => {
        const whom = holder === null ? '' : ` for ${nameSubject(holder.position.subject)}`;
        return `${joinAnd(asks.map(askWords))}${whom}, to ${step.words}${because}`;
      })
      .join('; '),
    missing: parts.reduce((sum, { asks }) => sum + Math.max(asks.length, 1), 0),
  };
}

/** The rights that a step lacks; `holder` holds the others, if there are any. */
function lackOfStep({ any }: Step, attacker: Attacker): { asks: readonly Ask[]; holder: Actor | null } {
  const nobody = any.map((asks) => ({ asks, holder: null }));
  const somebody = any.flatMap((all) =>
    attacker.actors.slice(0, MOST_ACTORS).flatMap((holder) => {
      const asks = all.filter((ask) => !attacker.rightFor(holder, ask));
      return asks.length < all.length ? [{ asks, holder }] : [];
    }),
  );
  return [...nobody, ...somebody].reduce((a, b) => (b.asks.length < a.asks.length ? b : a));
}

const MOST_ACTORS = 200;

/** `create serviceaccounts/token of builder in namespace ci`. */
function askWords({ wanted, namespace, name, creates }: Ask): string {
  const { verbs, clusterScoped: _, ...resource } = wanted;
  const of = name === null || creates ? '' : ` of ${name}`;
  return `${verbs.join(' or ')} ${formatResource(resource)}${of}${namespace === null ? '' : ` in namespace ${namespace}`}`;
}
