import type { Answer, Finding } from '../../answer/answer.ts';
import { listWithin } from '../terminal/lists.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import { type Column, type Lines, table } from '../terminal/table.ts';
import { chainOf, goalText } from './become.ts';
import { explainTree } from './explain.ts';
import { acceptedView, partition } from './findings.ts';
import { holderNames } from './names.ts';
import type { QuestionView, View } from './view.ts';
import { holderWord, subjectWord, verdictWord } from './words.ts';

/** Who gets to a goal, the shortest proof first. */
export const reachView: QuestionView = {
  body: reachBody,
  names: (answers, showSystem) =>
    holderNames(
      answers.flatMap(({ findings }) => findings),
      showSystem,
    ),
  next: nextQuestion,
  several: ({ sure, open, all }) => `${sure} of ${all} can be reached${open > 0 ? `, and ${open} perhaps` : ''}`,
  targets: 'goal',
};

function nextQuestion({ findings, goal }: Answer, explain: boolean): string[] | null {
  const found = findings.find(({ accepted, verdict }) => !accepted && verdict !== 'no');
  if (!found || !goal || explain) return null;
  const { kind, namespace, name } = found.subject;
  const start = kind === 'ServiceAccount' ? ['sa', name, '-n', namespace ?? ''] : [kind.toLowerCase(), name];
  return [...start, '--to', goalText(goal), '--explain'];
}

/** Who has it from the beginning, in one line. */
function heldLine({ held = [] }: Answer, { width, paint }: View): Printable[] {
  if (held.length === 0) return [];
  const start = sentence`There already: `;
  return [paint('faint', sentence`${start}${listWithin(held.map(subjectWord), width - start.width)}`)];
}

function reachBody(answer: Answer, view: View): Lines[] {
  const { findings } = answer;
  const { rows, accepted } = partition(findings);
  const folded = [heldLine(answer, view), acceptedView(accepted, view)];
  if (view.explain) return [rows.flatMap((finding) => explainTree(finding, view)), ...folded];
  const isOpen = rows.some(({ verdict }) => verdict !== 'yes');
  const columns: Column<Finding>[] = [
    { title: 'SUBJECT', value: (finding) => holderWord(finding) },
    ...(isOpen
      ? [
          {
            title: 'VERDICT',
            value: ({ verdict, leaning }: Finding) => view.paint(verdict, verdictWord(verdict, leaning)),
          },
        ]
      : []),
    { title: 'STEPS', value: ({ steps }) => cell(`${steps ?? 0}`) },
    view.wide
      ? { title: 'HOW', value: ({ reason }) => Printable.of(reason), prose: true }
      : { title: 'BY', value: chainOf, prose: true },
  ];
  return [rows.length === 0 ? [] : table(columns, rows, !view.noHeaders, view.width), ...folded];
}
