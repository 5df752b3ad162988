import type { Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { type Gain, identityPosition, keyOfPosition, type Position } from '../../escalation/position.ts';
import { tellWays } from '../../escalation/reachers.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import type { Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { spawnScope } from '../become/closure.ts';
import { type Evidence, evidenceOf, joined, refOfPosition } from '../become/evidence.ts';
import { findingOf } from '../become/findings.ts';
import { goalNeeds, refuseMissingGoal } from '../become/goals.ts';
import { isHeldAlready, likely, wordsOf } from '../become/summary.ts';
import { wideNeeds, wideUnknowns } from '../become/wide.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { everySubject, type Named } from '../everybody.ts';
import { absentWords, markAbsent } from '../holders/absent-accounts.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { refOf, unreadRights } from '../holders/unread-rights.ts';
import type { Asked, Question } from '../question.ts';

/** Who gets there, of all subjects that bindings name. */
export interface ReachTarget {
  goals: readonly Gain[];
}

export const reach: Question<ReachTarget> = {
  name: 'reach',
  discovery: () => true,
  needs: ({ goals }, world) => reachNeeds(goals, world),
  answer: ({ goals }, world, options) => {
    const context = contextOf(world, options);
    for (const goal of goals) refuseMissingGoal(goal, context);
    return { asked: goals.map((goal) => answerReach(goal, context)), errors: [], warnings: admissionWarnings(world) };
  },
};

const reachNeeds = (goals: readonly Gain[], world: World): Need[] => [
  ...rbacNeeds(world, null),
  ...wideNeeds(world),
  ...goals.flatMap((goal) => goalNeeds(goal, world)),
];

function answerReach(goal: Gain, context: QuestionContext): Asked {
  const { world, options } = context;
  const scope = spawnScope(world);
  const starts = new Map<Position, Named>(everySubject(world).map((each) => [identityPosition(each.subject), each]));
  const known = new Map<string, Evidence>();
  const ways = new Map<Position, { evidence: Evidence; isHeld: boolean }>();
  tellWays(goal, [...starts.keys()], { techniques: TECHNIQUES, scope }, ({ start, closure, end }) => {
    const rest = known.get(end);
    const own = evidenceOf(end, closure, options);
    const evidence = rest ? joined(own, rest) : own;
    known.set(keyOfPosition(start), evidence);
    const last = closure.reached.get(end);
    ways.set(start, { evidence, isHeld: !rest && last !== undefined && isHeldAlready(last) });
  });
  const found: Finding[] = [];
  const held: SubjectRef[] = [];
  for (const [start, { subject, isBuiltIn }] of starts) {
    const way = ways.get(start);
    if (!way) continue;
    const ref = refOf(subject);
    if (!way.isHeld) {
      const finding = findingOf(goal, way.evidence.steps.at(-1)?.technique ?? 'held', way.evidence, ref);
      found.push({ ...finding, accepted: isBuiltIn || options.accepts(ref) });
    } else if (!isBuiltIn) held.push(ref);
  }
  const findings = [...markAbsent(found, world)];
  findings.sort((a, b) => Number(a.verdict !== 'yes') - Number(b.verdict !== 'yes') || (a.steps ?? 0) - (b.steps ?? 0));
  const ref = refOfPosition(goal);
  const words = wordsOf(ref);
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'reach',
      target: ref,
      scope: { namespace: null, selector: null },
      findings,
      unread: unreadRights({ who: null, bindings: { namespace: null }, open: OPEN }, context),
      unknowns: [...wideUnknowns(world), ...otherAuthorizers(world, null)],
      assumptions: admissionAssumptions(world, []),
      summary: (verdict) => `${summarize(words, verdict, findings, held.length)}${absentWords(findings)}`,
    },
    world,
  );
  return { answer: { ...answer, goal: ref, held }, summaryOf, checks: () => [] };
}

const OPEN = {
  id: 'account-rule',
  object: { kind: 'Cluster', namespace: null, name: '', container: null },
  step: (subject: ReturnType<typeof refOf>, role: string) => ({
    ...{ technique: 'account-rule', text: `whatever ${role} allows`, identity: subject, gains: null },
  }),
};

function summarize(words: string, { value, leaning }: Verdict, findings: readonly Finding[], held: number): string {
  const sure = findings.filter(({ verdict, accepted }) => verdict === 'yes' && !accepted).length;
  const open = findings.filter(({ verdict, accepted }) => verdict === 'depends' && !accepted).length;
  const also = held === 0 ? '' : ` (${count(held, 'subject')} ${held === 1 ? 'is' : 'are'} there already)`;
  if (value === 'yes') return `${count(sure, 'subject')} can get to ${words}${also}`;
  if (value === 'no') return `nobody ${held === 0 ? '' : 'else '}can get to ${words}${also}`;
  return open > 0
    ? `${count(open, 'subject')} can ${likely(leaning)} get to ${words}${also}`
    : `no way was seen by which anybody ${held === 0 ? '' : 'else '}could get to ${words}${also}`;
}
