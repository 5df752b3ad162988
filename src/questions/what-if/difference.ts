import type { Answer, Finding, WhatIf } from '../../answer/answer.ts';
import type { SubjectRef, TargetRef } from '../../answer/refs.ts';

type Compared = Pick<Answer, 'findings' | 'target' | 'goal' | 'held'>;

/** How the findings of an answer differ from those of another one about the same. Pure. */
export function difference(
  before: Compared | null,
  after: Compared,
): Pick<WhatIf, 'added' | 'removed' | 'changed' | 'held'> {
  const former = Map.groupBy(before?.findings ?? [], keyOf);
  const now = Map.groupBy(after.findings, keyOf);
  const pairs = [...now].flatMap(([key, findings]) => paired(former.get(key) ?? [], findings));
  const gone = [...former].flatMap(([key, findings]) => findings.slice((now.get(key) ?? []).length));
  // Whoever controls the cluster controls all else, which is not listed then.
  const [hadAll, hasAll] = [before, after].map((each) =>
    each?.findings.some((finding) => isEverything(finding, after)),
  );
  const isNew = (finding: Finding): boolean => counts(finding) && !(hadAll && isPosition(finding, after));
  const isGone = (finding: Finding): boolean => counts(finding) && !(hasAll && isPosition(finding, after));
  const [held, heldNow] = [before?.held ?? [], after.held ?? []];
  return {
    added: pairs.flatMap(({ before: first, after: second }) => (first === undefined && isNew(second) ? [second] : [])),
    removed: gone.filter(isGone),
    changed: pairs.flatMap(({ before: first, after: second }) =>
      first !== undefined && faceOf(first) !== faceOf(second) ? [{ before: first, after: second }] : [],
    ),
    held: { added: without(heldNow, held), removed: without(held, heldNow) },
  };
}

const without = (all: readonly SubjectRef[], others: readonly SubjectRef[]): SubjectRef[] =>
  all.filter((each) => !others.some((other) => isSame(each, other)));

/** What two findings are about, if they are about the same. */
const keyOf = ({ id, direct, subject, object, scope, reason }: Finding): string =>
  JSON.stringify([
    id,
    SAID.has(id) ? reason : null,
    direct,
    [subject.kind, subject.namespace, subject.name],
    [object.kind, object.namespace, object.name, object.container],
    scope,
  ]);

/** Findings that only their reason tells apart: what an account may do, one by one. */
const SAID: ReadonlySet<string> = new Set(['account-right', 'account-rule']);

const paired = (
  former: readonly Finding[],
  now: readonly Finding[],
): { before: Finding | undefined; after: Finding }[] => now.map((after, index) => ({ before: former[index], after }));

/** What a finding says of it; by which of several ways is told apart only where their number differs. */
const faceOf = ({ verdict, leaning, answer, spawn, steps, absent, violations, accepted, onlyBy }: Finding): string =>
  JSON.stringify([
    ...[verdict, leaning, answer, steps, absent, accepted, onlyBy],
    spawn && [spawn.strongest, spawn.maybe, spawn.namespaces, spawn.accounts],
    verdict === 'yes' ? [] : violations?.map(({ check, reason }) => [check, reason]),
  ]);

/** Whether it says what the target comes to control, where everything is asked for. */
const isPosition = ({ steps, subject }: Finding, { goal, target }: Compared): boolean =>
  steps !== undefined && goal === undefined && target !== null && isSame(subject, target);

const isEverything = (finding: Finding, answer: Compared): boolean =>
  isPosition(finding, answer) && finding.verdict === 'yes' && finding.object.kind === 'Cluster';

const isSame = (one: TargetRef, other: TargetRef): boolean =>
  one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;

/** A finding that says no is none that comes or goes: there was nothing to be seen of it. */
const counts = ({ verdict, violations, answer }: Finding): boolean =>
  verdict !== 'no' || violations !== undefined || answer !== undefined;
