import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import { asVerdict, likelihoodOf } from '../../answer/verdict.ts';
import { listWithin } from '../terminal/lists.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { type Lines, tableLines } from '../terminal/table.ts';
import { chainTable, isReached } from './chains.ts';
import { columnsFor, rowsOf } from './columns.ts';
import { explainTree } from './explain.ts';
import type { View } from './view.ts';
import { holderWord, subjectWord } from './words.ts';

/** What an answer found: who holds it, worst first; who is meant to; who nearly does. */
export function findingsView({ findings, nearMisses }: Pick<Answer, 'findings' | 'nearMisses'>, view: View): Lines[] {
  const { rows, accepted } = partition(findings);
  const direct = rows.filter((finding) => !isReached(finding));
  const indirect = rows.filter(isReached);
  return [
    holders(direct, view),
    indirectView(indirect, view),
    acceptedView(accepted, view),
    nearMissView(nearMisses, view),
  ];
}

/**
 * `rows` are those that count, the likelier first, direct before indirect, wide before narrow; `noes` those whose
 * verdict is no.
 */
export function partition(findings: readonly Finding[]): { rows: Finding[]; accepted: Finding[]; noes: Finding[] } {
  const held = findings.filter(({ verdict }) => verdict !== 'no').sort((a, b) => rank(a) - rank(b));
  return {
    rows: held.filter(({ accepted }) => !accepted),
    accepted: held.filter(({ accepted }) => accepted),
    noes: findings.filter(({ verdict }) => verdict === 'no'),
  };
}

export function distinctSubjects(findings: readonly Finding[]): Printable[] {
  const words = findings.map((finding) => holderWord(finding));
  return [...new Map(words.map((word) => [word.text, word])).values()];
}

/** A table, or with `--explain` a tree for each. */
function holders(findings: readonly Finding[], view: View): Lines {
  if (view.explain) return findings.flatMap((finding) => explainTree(finding, view));
  const rows = rowsOf(findings, view.wide);
  return tableLines(columnsFor(rows, view), rows, !view.noHeaders, view.width);
}

/** Who can become a holder, or be handed the right by somebody. */
export function indirectView(findings: readonly Finding[], view: View): Lines {
  if (findings.length === 0) return [];
  if (view.explain) return findings.flatMap((finding) => explainTree(finding, view));
  return [view.paint('heading', sentence`Indirectly:`), ...chainTable(findings, view, true)];
}

export function acceptedView(findings: readonly Finding[], view: View): Printable[] {
  if (findings.length === 0) return [];
  if (view.showSystem) {
    const direct = findings.filter((finding) => !isReached(finding));
    const heading = view.paint('heading', sentence`Accepted or built-in:`);
    return [heading, ...holders(direct, view), ...indirectView(findings.filter(isReached), view)];
  }
  const subjects = distinctSubjects(findings);
  const start = sentence`${count(subjects.length, 'accepted or built-in holder')} (--show-system lists them): `;
  return [view.paint('faint', sentence`${start}${listWithin(subjects, view.width - start.width)}`)];
}

export function nearMissView(findings: readonly Finding[], view: View): Printable[] {
  if (findings.length === 0) return [];
  const lines = findings.flatMap((finding) =>
    view.explain ? explainTree(finding, view) : [sentence`  ${subjectWord(finding.subject)}: ${finding.reason}`],
  );
  return [view.paint('heading', sentence`Near misses:`), ...lines];
}

const rank = (finding: Finding): number =>
  2 * Number(!finding.direct) + Number(finding.scope.namespace !== null) - 4 * likelihoodOf(asVerdict(finding));
