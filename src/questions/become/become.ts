import type { Answer, Finding } from '../../answer/answer.ts';
import type { SubjectRef, TargetRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import { anyOf, asVerdict, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import { joinAnd, nameSubject } from '../../answer/words.ts';
import type { Closure } from '../../escalation/closure.ts';
import { keysOfGoal, type Position } from '../../escalation/position.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { unreadRole } from '../../rbac/unread-role.ts';
import { list, whole } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import { unseen, type World } from '../../world/world.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { isMissing, notFound } from '../existence.ts';
import { askedIdentity, askedSubject, nameAsked } from '../holders/asked-identity.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { rbacUnknowns } from '../holders/rbac-needs.ts';
import { refuseMissingSubject } from '../holders/subject-existence.ts';
import { refOf, type Unread, unreadRights } from '../holders/unread-rights.ts';
import { subjectRights, unreadOfSubject } from '../pod/account-rights.ts';
import type { Asked, Question } from '../question.ts';
import { closureFor, positionOf } from './closure.ts';
import { fixesFor } from './cut.ts';
import { reachedFinding, reachedFindings } from './findings.ts';
import { refuseMissingGoal } from './goals.ts';
import { missingFor } from './missing.ts';
import { becomeNeeds } from './needs.ts';
import { refOfPosition } from './proof.ts';
import { isHeldAlready, summaryOfReached, wordsOf } from './summary.ts';
import type { BecomeTarget, Start, TokenFacts } from './target.ts';

/** What somebody who holds these footholds may do, and everything that they can come to control. */
export const become: Question<BecomeTarget> = {
  name: 'become',
  discovery: () => true,
  needs: (target, world, options) => becomeNeeds(target, contextOf(world, options)),
  answer: (target, world, options) => {
    const context = contextOf(world, options);
    for (const start of target.starts) refuseMissing(start, context);
    for (const goal of target.goals) refuseMissingGoal(goal, context);
    const warnings = admissionWarnings(world);
    const asked =
      target.goals.length === 0
        ? [answerAll(target, context)]
        : target.goals.map((goal) => answerGoal(goal, target, context));
    return { asked, errors: [], warnings };
  },
};

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

/** Throws a UserError for a token that gives nothing any more. */
function refuseDeadToken({ namespace, name }: Subject, { expires, pod }: TokenFacts, world: World): void {
  const instead = `ask about sa/${name} -n ${namespace} for what a new one would give`;
  if (expires !== null && expires < world.facts.readAt)
    throw new UserError(`error: the token expired at ${expires}: ${instead}`);
  if (pod !== null && isMissing('pods', pod.namespace, pod.name, world))
    throw new UserError(
      `error: the token is bound to pod ${pod.namespace}/${pod.name}, which does not exist any more, so that the API server refuses it: ${instead}`,
    );
}

/** What a token says of itself, which only the cluster could confirm. */
const tokenAssumptions = ({ starts }: BecomeTarget): string[] =>
  starts.flatMap((start) => {
    if (start.kind !== 'subject' || !start.token) return [];
    const { issuer, audiences, expires, pod } = start.token;
    const until = expires === null ? 'never expires' : `expires at ${expires}`;
    const bound = pod === null ? 'is bound to no pod' : `is bound to pod ${pod.namespace}/${pod.name}`;
    return [
      `the token is one of this cluster (its issuer is ${issuer ?? 'not named'}) and not revoked; it ${until} and ${bound}`,
      ...(audiences.length > 0 ? [`the API server accepts the audience of the token (${audiences.join(', ')})`] : []),
    ];
  });

/** What the identity of a foothold may do itself. A pod or a node has none. */
function directFindings(start: Start, context: QuestionContext): { findings: Finding[]; unread: Unread } {
  const subject = subjectOf(start, context);
  if (subject === null)
    return {
      findings: [],
      unread: unreadRights({ who: NOBODY, bindings: 'none', open: OPEN }, context),
    };
  const identity = askedIdentity(subject, context.world, context.options);
  const unread = unreadOfSubject(subject, identity, context);
  return { findings: subjectRights(subject, identity, context, unread), unread };
}

const NOBODY = {
  subject: { kind: 'User', namespace: null, name: '', members: null },
  identity: { user: null, groups: [] },
};
const OPEN = {
  id: 'account-rule',
  object: { kind: 'User', namespace: null, name: '', container: null },
  step: () => ({ technique: '', text: '', identity: NOBODY.subject, gains: null }),
};

function subjectOf(start: Start, context: QuestionContext) {
  if (start.kind === 'subject') return start.subject;
  const position = start.kind === 'me' ? positionOf(start, context) : null;
  return position?.kind === 'identity' ? position.subject : null;
}

function answerAll(target: BecomeTarget, context: QuestionContext): Asked {
  const { world } = context;
  const closure = closureFor(target, context);
  const direct = target.starts.map((start) => directFindings(start, context));
  const [first] = target.starts;
  if (!first) throw new Error('a question without a foothold');
  const from = refOfStart(first, context);
  const reached = reachedFindings(closure, from, context);
  const hidden = hiddenIn(closure, context);
  const verdict = verdictOf(reached, hidden);
  const rights = direct.flatMap(({ findings }) => findings);
  const unread = direct[0]?.unread ?? unreadRights({ who: NOBODY, bindings: 'none', open: OPEN }, context);
  const { answer, summaryOf } = buildAnswer(
    {
      question: questionOf(first),
      target: targetOf(first, context),
      scope: { namespace: null, selector: null },
      subject: subjectRefOf(first, context),
      findings: [...rights.filter((each) => each.verdict !== 'no'), ...reached],
      nearMisses: rights.filter((each) => each.verdict === 'no'),
      verdict,
      unread,
      unknowns: hidden,
      assumptions: [...tokenAssumptions(target), ...admissionAssumptions(world, [])],
      summary: (value) => summaryOfReached(whoOf(target, context), value, reached, closure),
    },
    world,
  );
  return { answer: withStarts(answer, target, context), summaryOf, checks: () => [] };
}

/** One goal: its proof, or what is missing. */
function answerGoal(goal: Position, target: BecomeTarget, context: QuestionContext): Asked {
  const { world } = context;
  const closure = closureFor({ ...target, goals: [goal] }, context);
  const [first] = target.starts;
  if (!first) throw new Error('a question without a foothold');
  const from = refOfStart(first, context);
  const keys = keysOfGoal(goal);
  const found = keys.flatMap((key) => {
    const reached = closure.reached.get(key);
    return reached ? [{ key, reached }] : [];
  });
  const best = found.toSorted(
    (a, b) =>
      Number(a.reached.cost.isOpen) - Number(b.reached.cost.isOpen) || a.reached.cost.steps - b.reached.cost.steps,
  )[0];
  const findings = best
    ? [withFixes(reachedFinding(best.key, best.reached, closure, from, context), goal, target, context)]
    : [];
  const hidden = hiddenIn(closure, context);
  const isHeld = best !== undefined && isHeldAlready(best.reached);
  const verdict = isHeld ? yes() : verdictOf(findings, hidden);
  const name = wordsOf({ ...refOfPosition(goal), container: null });
  const who = whoOf(target, context);
  const misses = best ? [] : missingFor(goal, closure, from, context);
  const { answer, summaryOf } = buildAnswer(
    {
      question: questionOf(first),
      target: targetOf(first, context),
      scope: { namespace: null, selector: null },
      subject: subjectRefOf(first, context),
      findings,
      nearMisses: misses,
      verdict,
      unread: directFindings(first, context).unread,
      unknowns: hidden,
      assumptions: [...tokenAssumptions(target), ...admissionAssumptions(world, [])],
      summary: ({ value, leaning }) => {
        if (isHeld) return `${who} is ${name} already`;
        const steps = findings[0]?.steps ?? 0;
        if (value === 'yes') return `${who} can get to ${name}, in ${steps} step${steps === 1 ? '' : 's'}`;
        if (value === 'no') return `${who} cannot get to ${name}`;
        if (findings.length === 0) return `${who} cannot get to ${name}, as far as could be seen`;
        return `${who} can ${leaning === 'yes' ? 'probably' : leaning === 'no' ? 'hardly' : 'perhaps'} get to ${name}, in ${steps} step${steps === 1 ? '' : 's'}`;
      },
    },
    world,
  );
  const goalRef = refOfPosition(goal);
  return { answer: { ...withStarts(answer, target, context), goal: goalRef }, summaryOf, checks: () => [] };
}

/** Adds what ends the goal, worked out when it is asked for: it looks at the whole cluster many times. */
function withFixes(finding: Finding, goal: Position, target: BecomeTarget, context: QuestionContext): Finding {
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

function verdictOf(findings: readonly Finding[], hidden: readonly Unknown[]): Verdict {
  const counted = findings.filter(({ accepted }) => !accepted).map(asVerdict);
  return anyOf([...counted, hidden.length > 0 ? depends(hidden) : no()]);
}

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
  ];
  const users = attacker.actors.flatMap(({ position }) => otherAuthorizers(world, position.subject));
  return distinctUnknowns([...rbacUnknowns(world, { namespace: null }), ...roles, ...objects, ...users]);
}

const questionOf = (start: Start): string => {
  if (start.kind !== 'subject') return start.kind;
  if (start.token) return 'token';
  return { ServiceAccount: 'sa', User: 'user', Group: 'group' }[start.subject.kind] ?? 'sa';
};

function targetOf(start: Start, context: QuestionContext): TargetRef {
  if (start.kind === 'pod') return { kind: 'Pod', namespace: start.namespace, name: start.name };
  if (start.kind === 'node') return { kind: 'Node', namespace: null, name: start.name };
  const { kind, namespace, name } = subjectOf(start, context) ?? NOBODY.subject;
  return { kind, namespace, name };
}

function refOfStart(start: Start, context: QuestionContext): SubjectRef {
  const subject = subjectOf(start, context);
  return subject ? refOf(subject) : { ...targetOf(start, context), members: null };
}

const subjectRefOf = (start: Start, context: QuestionContext): Answer['subject'] =>
  askedSubject(subjectOf(start, context), context.world, context.options);

function whoOf({ starts }: BecomeTarget, context: QuestionContext): string {
  const names = starts.map((start) => {
    const subject = subjectOf(start, context);
    if (subject) return starts.length === 1 ? nameAsked(subject, context.options) : nameSubject(subject);
    const { kind, namespace, name } = targetOf(start, context);
    return start.kind === 'node' ? `root on node ${name}` : `code in ${kind.toLowerCase()} ${namespace}/${name}`;
  });
  return joinAnd(names);
}

/** Several footholds of one attacker are all named. */
function withStarts(answer: Answer, { starts }: BecomeTarget, context: QuestionContext): Answer {
  return starts.length === 1 ? answer : { ...answer, footholds: starts.map((start) => targetOf(start, context)) };
}
