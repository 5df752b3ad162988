import type { Answer, Finding } from '../../answer/answer.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import { anyOf, asVerdict, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import type { Closure } from '../../escalation/closure.ts';
import type { Gain } from '../../escalation/position.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { unreadRole } from '../../rbac/unread-role.ts';
import { list, whole } from '../../world/needs.ts';
import { unseen } from '../../world/world.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { isMissing, notFound } from '../existence.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { rbacUnknowns } from '../holders/rbac-needs.ts';
import { refuseMissingSubject } from '../holders/subject-existence.ts';
import type { Asked, Question } from '../question.ts';
import { closureFor, reachedGoal } from './closure.ts';
import { fixesFor } from './cut.ts';
import { directFindings } from './direct.ts';
import { refOfPosition } from './evidence.ts';
import { reachedFinding, reachedFindings } from './findings.ts';
import { refuseMissingGoal } from './goals.ts';
import { missingFor } from './missing.ts';
import { becomeNeeds, unseenDefinitions } from './needs.ts';
import { questionOf, refOfStart, subjectRefOf, targetOf, whoOf } from './starts.ts';
import { isHeldAlready, summaryOfGoal, summaryOfReached, type Who } from './summary.ts';
import type { BecomeTarget, Start } from './target.ts';
import { refuseDeadToken, tokenAssumptions } from './token.ts';

/** What somebody who holds these footholds may do, and everything that they can come to control. */
export const become: Question<BecomeTarget> = {
  name: 'become',
  discovery: () => true,
  needs: (target, world, options) => becomeNeeds(target, contextOf(world, options)),
  answer: (target, world, options) => {
    const context = contextOf(world, options);
    for (const start of target.starts) refuseMissing(start, context);
    for (const goal of target.goals) refuseMissingGoal(goal, context);
    const { goals } = target;
    const asked =
      goals.length === 0 ? [answerAll(target, context)] : goals.map((goal) => answerGoal(goal, target, context));
    return { asked, errors: [], warnings: admissionWarnings(world) };
  },
};

/** Throws a UserError for a foothold that does not exist. */
function refuseMissing(start: Start, context: QuestionContext): void {
  const { world } = context;
  if (start.kind === 'pod' && isMissing('pods', start.namespace, start.name, world))
    throw notFound('pods', start.namespace, start.name, world);
  if (start.kind === 'node' && isMissing('nodes', null, start.name, world))
    throw notFound('nodes', null, start.name, world);
  if (start.kind === 'me' && world.facts.self?.user === null)
    throw new UserError('error: the server does not say who you are (SelfSubjectReview): name the subject instead');
  if (start.kind === 'me' && world.facts.self === null)
    throw new UserError(
      `error: only a cluster can say who you are${world.facts.selfFailure ? `: ${world.facts.selfFailure}` : ''}`,
    );
  if (start.kind === 'subject' && start.token) refuseDeadToken(start.subject, start.token, world);
  if (start.kind === 'subject') refuseMissingSubject(start.subject, directFindings(start, context).findings, world);
}

function answerAll(target: BecomeTarget, context: QuestionContext): Asked {
  const first = firstOf(target);
  const closure = closureFor(target, context);
  const reached = reachedFindings(closure, refOfStart(first, context), context);
  const hidden = hiddenIn(closure, context);
  const rights = target.starts.flatMap((start) => directFindings(start, context).findings);
  return answerOf(target, context, {
    findings: [...rights.filter(({ verdict }) => verdict !== 'no'), ...reached],
    nearMisses: rights.filter(({ verdict }) => verdict === 'no'),
    verdict: verdictOf(reached, hidden),
    unknowns: hidden,
    summary: (value) => summaryOfReached(holdersOf(target, context), value, reached, closure),
  });
}

/** One goal: its proof, or what is missing. */
function answerGoal(goal: Gain, target: BecomeTarget, context: QuestionContext): Asked {
  const from = refOfStart(firstOf(target), context);
  const closure = closureFor({ ...target, goals: [goal] }, context);
  const best = reachedGoal(goal, closure);
  const findings = best
    ? [withFixes(reachedFinding(best.key, best.reached, closure, from, context), goal, target, context)]
    : [];
  const hidden = hiddenIn(closure, context);
  const isHeld = best !== undefined && isHeldAlready(best.reached);
  const asked = answerOf(target, context, {
    findings,
    nearMisses: best ? [] : missingFor(goal, closure.attacker, from),
    verdict: isHeld ? yes() : verdictOf(findings, hidden),
    unknowns: hidden,
    summary: (verdict) =>
      summaryOfGoal(holdersOf(target, context), goal, verdict, { isHeld, steps: findings[0]?.steps }),
  });
  return { ...asked, answer: { ...asked.answer, goal: refOfPosition(goal) } };
}

/** What the answers about footholds have in common. Several footholds of one attacker are all named. */
function answerOf(
  target: BecomeTarget,
  context: QuestionContext,
  parts: Pick<Parameters<typeof buildAnswer>[0], 'findings' | 'nearMisses' | 'verdict' | 'unknowns' | 'summary'>,
): Asked {
  const first = firstOf(target);
  const { answer, summaryOf } = buildAnswer(
    {
      question: questionOf(first),
      target: targetOf(first, context),
      scope: { namespace: null, selector: null },
      subject: subjectRefOf(first, context),
      unread: directFindings(first, context).unread,
      assumptions: [...tokenAssumptions(target), ...admissionAssumptions(context.world, [])],
      ...parts,
    },
    context.world,
  );
  const { starts } = target;
  const footholds = starts.length === 1 ? {} : { footholds: starts.map((start) => targetOf(start, context)) };
  return { answer: { ...answer, ...footholds } satisfies Answer, summaryOf, checks: () => [] };
}

const holdersOf = (target: BecomeTarget, context: QuestionContext): Who => ({
  words: whoOf(target, context),
  isMany: target.starts.length > 1,
});

function firstOf({ starts }: BecomeTarget): Start {
  const [first] = starts;
  if (!first) throw new Error('a question without a foothold');
  return first;
}

/** Adds what ends the goal, worked out when it is asked for: it looks at the whole cluster many times. */
function withFixes(finding: Finding, goal: Gain, target: BecomeTarget, context: QuestionContext): Finding {
  let known: ReturnType<typeof fixesFor> | undefined;
  const found = () => {
    known ??= fixesFor(goal, target, context);
    return known;
  };
  return {
    ...finding,
    get fix() {
      return found().commands;
    },
    get fixNotes() {
      return found().notes;
    },
  };
}

const verdictOf = (findings: readonly Finding[], hidden: readonly Unknown[]): Verdict =>
  anyOf([...findings.map(asVerdict), hidden.length > 0 ? depends(hidden) : no()]);

/** What may hide further rights of those who are held, or what they could be used on. */
function hiddenIn({ attacker, reached }: Closure, { world }: QuestionContext): Unknown[] {
  if ([...reached.values()].some(({ position, cost }) => position.kind === 'cluster' && !cost.isOpen)) return [];
  const rbac = rbacOf(world);
  const roles = attacker.actors.flatMap(({ position }) =>
    rbac
      .entriesOf(position.identity)
      .flatMap(({ binding }) =>
        rbac.openness(rbac.roleOf(binding)) === 'unreadable' ? [unreadRole(binding, world)] : [],
      ),
  );
  const objects = [
    ...unseen(world, list('serviceaccounts'), 'which accounts there are to become'),
    ...unseen(world, list('nodes'), 'which nodes there are, and which run the control plane'),
    ...(world.outcome(list('secrets')) === null
      ? []
      : unseen(world, list('secrets'), 'which Secrets hold tokens of accounts')),
    ...(world.outcome(whole(list('pods'))) === null && world.outcome(list('pods')) === null
      ? []
      : unseen(world, whole(list('pods')), 'which pods there are to enter')),
    ...unseenDefinitions(world),
  ];
  const users = attacker.actors.flatMap(({ position }) => otherAuthorizers(world, position.subject));
  return distinctUnknowns([...rbacUnknowns(world, { namespace: null }), ...roles, ...objects, ...users]);
}
