import type { Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { Attacker } from '../../escalation/attacker.ts';
import { type Gain, identityPosition, keyOfPosition, type Position } from '../../escalation/position.ts';
import { tellWays } from '../../escalation/reachers.ts';
import { deputyNeedsOfAll } from '../../escalation/techniques/deputies/needs.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import { isBootstrap } from '../../rbac/bootstrap.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { accountOf, MASTERS, subjectKey } from '../../rbac/subjects.ts';
import { holdersOfAny } from '../../spawn/rights/everybody.ts';
import { list, type Need, whole } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import { unseen, type World } from '../../world/world.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { admissionNeeds } from '../admission-needs.ts';
import { spawnScope } from '../become/closure.ts';
import { type Evidence, evidenceOf, joined, refOfPosition } from '../become/evidence.ts';
import { findingOf } from '../become/findings.ts';
import { goalNeeds, refuseMissingGoal } from '../become/goals.ts';
import { unseenDefinitions } from '../become/needs.ts';
import { isHeldAlready, likely, wordsOf } from '../become/summary.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { refOf, unreadRights } from '../holders/unread-rights.ts';
import { laterNeeds } from '../privileged/needs.ts';
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

function reachNeeds(goals: readonly Gain[], world: World): Need[] {
  const first = [
    ...rbacNeeds(world, null),
    whole(list('pods')),
    list('serviceaccounts'),
    list('namespaces'),
    list('nodes'),
    list('secrets'),
    ...admissionNeeds(world),
    ...goals.flatMap((goal) => goalNeeds(goal, world)),
  ];
  if (world.outcome(list('clusterrolebindings')) === null) return first;
  const scope = spawnScope(world);
  first.push(...deputyNeedsOfAll(new Attacker(scope)));
  return [...first, ...laterNeeds({ subjects: [], pods: null, namespace: null }, holdersOfAny(scope.rbac), scope)];
}

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
  const findings: Finding[] = [];
  const held: SubjectRef[] = [];
  for (const [start, { subject, isBuiltIn }] of starts) {
    const way = ways.get(start);
    if (!way) continue;
    const ref = refOf(subject);
    if (!way.isHeld) {
      const finding = findingOf(goal, way.evidence.steps.at(-1)?.technique ?? 'held', way.evidence, ref);
      findings.push({ ...finding, accepted: isBuiltIn || options.accepts(ref) });
    } else if (!isBuiltIn) held.push(ref);
  }
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
      unknowns: [
        ...unseen(world, list('serviceaccounts'), 'which accounts there are'),
        ...unseen(world, list('nodes'), 'which nodes there are, and which run the control plane'),
        ...unseen(world, whole(list('pods')), 'which pods there are to enter'),
        ...unseenDefinitions(world),
        ...otherAuthorizers(world, null),
      ],
      assumptions: admissionAssumptions(world, []),
      summary: (verdict) => summarize(words, verdict, findings, held.length),
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

/** A subject that bindings name. Built in: only upstream's own bindings name it. */
interface Named {
  subject: Subject;
  isBuiltIn: boolean;
}

/** Every subject that bindings name, each once. */
function everySubject(world: World): Named[] {
  const rbac = rbacOf(world);
  const found = new Map<string, Named>();
  for (const binding of [...world.list('clusterrolebindings'), ...world.list('rolebindings')]) {
    const role = rbac.roleOf(binding);
    const isBuiltIn = isBootstrap(binding) && typeof role !== 'string' && isBootstrap(role);
    for (const entry of binding.subjects) {
      const key = subjectKey(entry, binding.namespace);
      if (key === undefined || (entry.kind === 'Group' && entry.name === MASTERS)) continue;
      const account = accountOf({ ...entry, namespace: entry.namespace ?? binding.namespace });
      const subject: Subject = account
        ? { kind: 'ServiceAccount', ...account }
        : { kind: entry.kind, namespace: null, name: entry.name };
      const before = found.get(key);
      found.set(key, { subject, isBuiltIn: isBuiltIn && (before?.isBuiltIn ?? true) });
    }
  }
  return [...found.values()];
}
