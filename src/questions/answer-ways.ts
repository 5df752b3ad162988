import type { Answer, Finding } from '../answer/answer.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { World } from '../world/world.ts';
import { otherAuthorizers } from './authorizers.ts';
import { buildAnswer } from './build.ts';
import { checksOf } from './checks.ts';
import { nearMissFindings } from './near-miss-findings.ts';
import type { Asked, Options } from './question.ts';
import { rbacUnknowns } from './rbac-needs.ts';
import { selfFinding } from './self.ts';
import { summarize } from './summary.ts';
import { holdersOf, type Way } from './ways.ts';

/** A question about holders, ready to be answered. */
export interface Matter {
  question: string;
  target: Answer['target'];
  scope: Answer['scope'];
  /** The first is what near misses are held against. */
  ways: readonly [Way, ...Way[]];
  /** Where RoleBindings count: a namespace, all of them (null), or nowhere, for what is cluster-scoped. */
  bindings: { namespace: string | null } | 'cluster';
  /** Completes "who can": `port-forward to pod shop/web-0`. */
  action: string;
  /** Appended to the summary. */
  note?: string;
  /** What else makes a no uncertain. */
  unknowns?: Unknown[];
  /** What could not be seen, and changes no verdict. */
  remarks?: Unknown[];
  assumptions?: string[];
}

/** Who holds the ways, directly; near misses where nobody or not the one asked about does. */
export function answerWays(matter: Matter, world: World, options: Options): Asked {
  const [main] = matter.ways;
  const held = holdersOf(matter.ways, world, options);
  const unknowns = [...rbacUnknowns(world, matter.bindings), ...otherAuthorizers(world, options.subject), ...(matter.unknowns ?? [])];
  const holders: Finding[] = [...held.findings, ...selfFinding(main, unknowns, held.findings, world, options)];
  const misses = options.subject && holders.length > 0 ? [] : nearMissFindings(main, holders, world, options);
  const findings = [...holders, ...misses];
  const answer = buildAnswer(
    {
      question: matter.question,
      target: matter.target,
      scope: matter.scope,
      findings,
      unknowns,
      remarks: matter.remarks ?? [],
      assumptions: matter.assumptions ?? [],
      summary: (verdict) => `${summarize({ verdict, findings, action: matter.action, options, world })}${matter.note ?? ''}`,
    },
    world,
  );
  return { answer, checks: checksOf(held.checks, misses, main, world, options) };
}
