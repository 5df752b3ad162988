import type { Answer, Finding } from '../answer/answer.ts';
import type { SourceRef, TargetRef } from '../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../answer/unknown.ts';
import { anyOf, asVerdict, depends, no, type Verdict } from '../answer/verdict.ts';
import { nameObject } from '../answer/words.ts';
import { borrowedRules, formatVersion, NEWEST, parseVersion } from '../world/version.ts';
import type { World } from '../world/world.ts';
import { accessAssumptions } from './holders/access-assumptions.ts';
import { cloudOf } from './holders/authorizers.ts';
import type { Unread } from './holders/unread-rights.ts';

export interface Draft {
  question: string;
  target: TargetRef | null;
  scope: Answer['scope'];
  /** Who alone is asked about; absent: everybody. */
  subject?: Answer['subject'] | undefined;
  findings: Finding[];
  /** What could not be read of the rights that it is about: findings and unknowns that the answer has in any case. */
  unread: Unread;
  /** Who nearly holds it; absent: nobody does. */
  nearMisses?: Finding[];
  /** What else may hide another holder: a no becomes `depends`. */
  unknowns: Unknown[];
  /** What could not be seen either, and changes no verdict. */
  remarks?: Unknown[];
  assumptions: string[];
  /** The verdict, if it does not follow from all findings and unknowns, since some are about other things. */
  verdict?: Verdict;
  /** The verdict as a sentence about the target, whose words are given: `pod shop/web-0`. */
  summary: (verdict: Verdict, target: string) => string;
}

/** An answer, and its summary as a sentence about a target of other words. */
export interface Built {
  answer: Answer;
  summaryOf: (target: string) => string;
}

/** The answer of a draft: its verdict is that of the findings that count, and of what could not be seen. */
export function buildAnswer(draft: Draft, world: World): Built {
  const { question, target, scope, unread } = draft;
  const findings = unread.complete(draft.findings);
  const unknowns = [...unread.unknowns, ...draft.unknowns];
  const counted = findings.filter(({ accepted }) => !accepted);
  const hidden = unknowns.length > 0 ? depends(unknowns, leaningOf(unknowns)) : no();
  const verdict = draft.verdict ?? anyOf([...counted.map(asVerdict), hidden]);
  const summaryOf = (words: string): string => draft.summary(verdict, words);
  const answer: Answer = {
    apiVersion: 'whocan-escalate/v1alpha1',
    kind: 'Answer',
    question,
    target,
    scope,
    ...(draft.subject ? { subject: draft.subject } : {}),
    verdict: verdict.value,
    leaning: verdict.leaning,
    summary: summaryOf(target ? nameObject(target) : ''),
    findings,
    nearMisses: draft.nearMisses ?? [],
    unknowns: distinctUnknowns([
      ...unknowns,
      ...(draft.remarks ?? []),
      ...doubtsOf(world),
      ...counted.flatMap((each) => each.unknowns),
    ]),
    assumptions: [
      ...draft.assumptions,
      ...accessAssumptions({ world, rights: findings }),
      ...standingAssumptions(world),
    ],
    source: sourceRef(world),
  };
  return { answer, summaryOf };
}

/** The origin of the objects of an answer. */
export const sourceRef = ({ facts, size }: World): SourceRef => ({
  context: facts.context,
  server: facts.gitVersion,
  effectiveVersion: formatVersion(facts.version ?? NEWEST),
  readAt: facts.readAt,
  objects: size,
});

/** Another authorizer that allows what RBAC does not is the exception; what could not be read may hold anything. */
const leaningOf = (unknowns: readonly Unknown[]): 'no' | null =>
  unknowns.every(({ kind }) => kind === 'opaque' || kind === 'unmodelled') ? 'no' : null;

/** What was read may be what others may read, which hides less and changes no verdict. */
const doubtsOf = ({ facts }: World): Unknown[] =>
  facts.selfDoubt === undefined
    ? []
    : [
        {
          kind: 'unreadable',
          what: 'whether the server acts for the user of --as',
          why: facts.selfDoubt,
          affects: 'with whose rights the cluster was read',
        },
      ];

function standingAssumptions(world: World): string[] {
  const { facts } = world;
  const assumptions = [
    'members of group system:masters are not listed anywhere in the cluster',
    "Kubernetes does not store users' groups (--subject-group adds them)",
  ];
  const cloud = cloudOf(facts.gitVersion);
  if (cloud) assumptions.push(`identities of ${cloud}'s IAM that no RBAC object names are not listed here`);
  if (facts.self === null && facts.selfFailure === null)
    assumptions.push('RBAC alone decides: a file does not show other authorizers');
  return [...assumptions, ...versionAssumptions(world)];
}

/** The assumption that the rules of another version hold, if those of the server's version are not known here. */
export function versionAssumptions({ facts: { version, gitVersion } }: World): string[] {
  if (version === null && gitVersion !== null && parseVersion(gitVersion) === null)
    return [`${gitVersion} is no version of Kubernetes that is known here: what changed between versions is left open`];
  const borrowed = borrowedRules(version);
  return borrowed === null ? [] : [borrowed];
}
