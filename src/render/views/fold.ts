import type { Answer, Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { objectPath } from './words.ts';

/** Answers that are equal but for the name of their target, in the order of the first of each group. */
export const foldAnswers = (answers: readonly Answer[], explain: boolean): Answer[][] =>
  answers.length < 2
    ? answers.map((answer) => [answer])
    : [...Map.groupBy(answers, (answer) => foldKey(answer, explain)).values()];

/**
 * What has to be equal. The target's name is blanked where it names the target, never in bindings, roles, rules or
 * scopes: two pods whose holders come through different bindings do not fold, however alike these are called. Steps
 * count where they are shown.
 */
function foldKey(answer: Answer, explain: boolean): string {
  const { target } = answer;
  if (target === null) return JSON.stringify(answer);
  const isTarget = (ref: { kind: string; namespace: string | null; name: string } | null): boolean =>
    ref?.kind === target.kind && ref.namespace === target.namespace && ref.name === target.name;
  const blankRef = <Ref extends { kind: string; namespace: string | null; name: string } | null>(ref: Ref): Ref =>
    ref && isTarget(ref) ? { ...ref, name: '' } : ref;
  const blank = (text: string): string => text.replaceAll(objectPath(target), '');
  const blankUnknown = (unknown: Unknown): Unknown => ({ ...unknown, affects: blank(unknown.affects) });
  const blankFinding = (finding: Finding): Finding => ({
    ...finding,
    object: blankRef(finding.object),
    reason: blank(finding.reason),
    unknowns: finding.unknowns.map(blankUnknown),
    ...(finding.container ? { container: { ...finding.container, node: null, neighbours: null } } : {}),
    evidence: finding.evidence.map((step) => ({
      ...step,
      gains: blankRef(step.gains),
      step: explain ? blank(step.step) : '',
      command: null,
    })),
  });
  return JSON.stringify({
    ...answer,
    target: blankRef(target),
    summary: blank(answer.summary),
    findings: answer.findings.map(blankFinding),
    nearMisses: answer.nearMisses.map(blankFinding),
    unknowns: answer.unknowns.map(blankUnknown),
    // Of two pods of one node each is beside the other.
    ...(answer.pod ? { pod: { ...answer.pod, shares: null } } : {}),
    pods: answer.pods?.map(({ answer: worst }) => worst),
    verification: null,
  });
}
