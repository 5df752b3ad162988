import type { Answer } from '../../answer/answer.ts';
import { reads, type Safe } from '../../answer/command.ts';
import { safeCommand } from '../terminal/shell.ts';
import type { QuestionView } from './view.ts';

/** An answer, and the command by which kubectl checks what it rests on; null where no server can be asked. */
export interface Checkable {
  answer: Answer;
  check: () => Safe | null;
}

/**
 * What to do next, for stderr on a terminal: another question, and a line that lets the reader check the answer with
 * kubectl. Safe to print and to paste. `source`: the words that lead to the same cluster or file (`--context prod`). No
 * line is wider than `width`: a command is continued as a shell reads it. `explain`: what was asked shows the proof
 * already.
 */
export function hints(
  asked: readonly Checkable[],
  source: readonly string[],
  { next: nextQuestion }: QuestionView,
  { width = Number.POSITIVE_INFINITY, explain = false }: { width?: number; explain?: boolean } = {},
): string[] {
  const next = asked.map(({ answer }) => nextQuestion(answer, explain)).find((words) => words !== null);
  const [first] = asked;
  const check = first?.check();
  const hint = (word: string, command: Safe): string[] =>
    safeCommand(command, source)
      .wrapped(width - HANG)
      .map(({ shown }, index) => `${(index === 0 ? word : '').padEnd(HANG)}${shown}`);
  return [...(next ? hint('Try:', reads('whocan-escalate', ...next)) : []), ...(check ? hint('Check:', check) : [])];
}

/** The column in which the command begins. */
const HANG = 'Check: '.length;
