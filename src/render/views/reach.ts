import type { Answer } from '../../answer/answer.ts';
import { listWithin } from '../terminal/lists.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import type { Lines } from '../terminal/table.ts';
import { goalText } from './become.ts';
import { chainTable } from './chains.ts';
import { explainTree } from './explain.ts';
import { acceptedView, partition } from './findings.ts';
import { holderNames } from './names.ts';
import type { QuestionView, View } from './view.ts';
import { subjectWord } from './words.ts';

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
  return [chainTable(rows, view), ...folded];
}
