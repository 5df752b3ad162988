import type { Answer } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { Truth } from '../../answer/verdict.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { sourceLine } from './answer.ts';
import type { QuestionView, View } from './view.ts';
import { supposedLines } from './what-if.ts';
import { verdictWord } from './words.ts';

/**
 * The line that stands before several answers: the worst verdict, and how many have it. Nothing for a single answer.
 */
export function overall(answers: readonly Answer[], view: View, { several, targets }: QuestionView): Printable[][] {
  const { paint, width, subject, of } = view;
  const [first] = answers;
  if (!first || answers.length < 2) return [];
  const number = (verdict: Truth): number => answers.filter((each) => each.verdict === verdict).length;
  const [sure, open] = [number('yes'), number('depends')];
  const worst: Truth = sure > 0 ? 'yes' : open > 0 ? 'depends' : 'no';
  const all = `${count(answers.length, targets ?? kindOf(answers))}${of}`;
  const text = several({ sure, open, all }, subject);
  return [
    [
      ...sentence`${paint(worst, verdictWord(worst, null))}: ${text}`.wrapped(width, 2),
      ...supposedLines(first, view),
      paint('faint', sourceLine(first)),
    ],
  ];
}

/** What is asked of the targets themselves: `open raw sockets`. */
export const doneByTargets =
  (done: string): QuestionView['several'] =>
  ({ sure, open, all }) => {
    if (sure > 0) return `${sure} of ${all} can ${done}${open > 0 ? `, and ${open} more may` : ''}`;
    return open > 0 ? `${open} of ${all} may ${done}` : `none of ${all} can ${done}`;
  };

/** What others do to them: `exec into`. */
export const doneToTargets =
  (done: string): QuestionView['several'] =>
  ({ sure, open, all }, subject) => {
    const who = subject ?? 'somebody';
    if (sure > 0) return `${who} can ${done} ${sure} of ${all}${open > 0 ? `, and perhaps ${open} more` : ''}`;
    if (open > 0) return `${who} may be able to ${done} ${open} of ${all}`;
    return subject === null ? `nobody can ${done} any of ${all}` : `${subject} can ${done} none of ${all}`;
  };

function kindOf(answers: readonly Answer[]): string {
  const [kind, ...others] = new Set(answers.map(({ target }) => target?.kind.toLowerCase()));
  return kind === undefined || others.length > 0 ? 'target' : kind;
}
