import type { Answer, Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { matchRule } from '../../rbac/match.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import type { World } from '../../world/world.ts';
import { buildAnswer } from '../build.ts';
import type { QuestionContext } from '../context.ts';
import type { Asked, Options } from '../question.ts';
import { withChains } from '../rights/chains.ts';
import { absentWords, accountAssumption, markAbsent, unreadAccounts } from './absent-accounts.ts';
import { askedIdentity, askedSubject } from './asked-identity.ts';
import { otherAuthorizers } from './authorizers.ts';
import { distinctChecks, noesOf } from './checks.ts';
import { afterAdmission, connectAssumptions } from './connects.ts';
import { stepOf } from './holders.ts';
import { misspeltEntries, nearMissFindings } from './near-miss-findings.ts';
import { selfFinding } from './self.ts';
import { refuseMissingSubject } from './subject-existence.ts';
import { summarize } from './summary.ts';
import { type Reach, refOf, unreadRights } from './unread-rights.ts';
import type { Way } from './way.ts';
import { holdersOf, withMembers } from './ways.ts';

/** A question about holders, ready to be answered. */
export interface Matter {
  question: string;
  target: Answer['target'];
  scope: Answer['scope'];
  /** The first is what near misses are held against. */
  ways: readonly [Way, ...Way[]];
  /** The scope in which RoleBindings count: a namespace, all of them (null), or none, for a cluster-scoped resource. */
  bindings: Reach;
  /** Completes "who can", of a target that is called so: `port-forward to pod shop/web-0`. */
  action: (target: string) => string;
  /** Appended to the summary, where somebody holds it. */
  note?: string;
  /** Appended to the summary, whoever holds it. */
  verbNote?: string;
  /** What else makes a no uncertain. */
  unknowns?: Unknown[];
  /** What could not be seen, and changes no verdict. */
  remarks?: Unknown[];
  assumptions?: string[];
}

/** Who holds the ways, directly; near misses where nobody or not the one asked about does. */
export function answerWays(matter: Matter, context: QuestionContext): Asked {
  const { world, options } = context;
  const [main] = matter.ways;
  const held = holdersOf(matter.ways, context);
  const { findings: admitted, remarks } = afterAdmission(held.findings, matter.ways, context);
  const { id, object } = main.holding;
  const unread = unreadRights(
    {
      who: options.subject && {
        subject: refOf(options.subject),
        identity: askedIdentity(options.subject, world, options),
      },
      bindings: matter.bindings,
      open: { id, object, step: (subject) => stepOf(main.holding, subject) },
    },
    context,
  );
  const unknowns = [...otherAuthorizers(world, options.subject), ...(matter.unknowns ?? [])];
  const hidden = [...unread.unknowns, ...unknowns];
  const seen: Finding[] = [...unread.complete(admitted), ...selfFinding(main, hidden, held.findings, context)];
  const holders = markAbsent(seen, world);
  refuseMissingSubject(options.subject, holders, world, (subject) => misspeltEntries(subject, main, context));
  const misses = options.subject && holders.length > 0 ? [] : nearMissFindings(main, holders, context);
  const findings = [...holders, ...misses];
  const indirect = options.indirect?.find({ ways: matter.ways, findings: holders }, world, options);
  const listed = [
    ...(options.expand ? findings.flatMap((finding) => withMembers(finding, context)) : findings),
    ...(indirect?.findings ?? []),
  ];
  const { held: holding = [], missed = [] } = Object.groupBy(listed, ({ verdict }) =>
    verdict === 'no' ? 'missed' : 'held',
  );
  const { answer, summaryOf } = buildAnswer(
    {
      question: matter.question,
      target: matter.target,
      scope: matter.scope,
      subject: askedSubject(options.subject, world, options),
      findings: holding,
      unread,
      nearMisses: missed,
      // Where nobody holds it, what could not be seen may hide somebody who becomes a holder; otherwise it changes nothing.
      unknowns: [...unknowns, ...(indirect?.unseen ?? [])],
      remarks: [...(matter.remarks ?? []), ...remarks, ...unreadAccounts(holders, world)],
      assumptions: [
        ...(matter.assumptions ?? []),
        ...accountAssumption(holders, world),
        ...connectAssumptions(matter.ways, world),
        ...kubelets(matter.ways, world, options),
      ],
      summary: (verdict, words) =>
        `${summarize({ verdict, findings, indirect, isHidden: hidden.length > 0, action: matter.action(words), options, world })}${options.subject ? '' : absentWords(holders)}${holders.length > 0 ? (matter.note ?? '') : ''}${matter.verbNote ?? ''}`,
    },
    world,
  );
  const told =
    options.subject && !indirect?.isFollowed
      ? withChains(answer, askedIdentity(options.subject, world, options), world)
      : answer;
  return {
    answer: told,
    summaryOf,
    checks: () => distinctChecks([...held.checks(), ...noesOf(misses, hidden, main, context)]),
  };
}

/**
 * The assumption about kubelets: the Node authorizer allows each of them its own part of what the role `system:node`
 * lists, though nobody is bound to that role.
 */
function kubelets(ways: readonly Way[], world: World, { subject }: Options): string[] {
  const role = world.find('clusterroles', null, 'system:node');
  if (subject !== null || !role) return [];
  const isTheirs = ways.some(({ queries }) =>
    queries.some(({ request, names }) =>
      rbacOf(world)
        .rulesOf(role)
        .some((rule) => matchRule(rule, request, names)),
    ),
  );
  return isTheirs
    ? ['kubelets, whom the Node authorizer allows this for what belongs to their own node, are not listed']
    : [];
}
