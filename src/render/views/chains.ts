import type { Finding } from '../../answer/answer.ts';
import { cell, Printable } from '../terminal/printable.ts';
import { type Column, type Lines, table } from '../terminal/table.ts';
import type { View } from './view.ts';
import { holderWord, subjectWord, verdictWord } from './words.ts';

/**
 * Subjects that get somewhere by several steps: how many, and by which techniques. `becoming`: whose right the last
 * step uses is told, and not the technique of that step.
 */
export function chainTable(rows: readonly Finding[], view: View, becoming = false): Lines {
  if (rows.length === 0) return [];
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
    ...(becoming ? [AS] : []),
    view.wide || rows.length === 1
      ? { title: 'HOW', value: ({ reason }) => Printable.of(reason), prose: true }
      : { title: 'BY', value: becoming ? chainBefore : chainOf, prose: true },
  ];
  return table(columns, rows, !view.noHeaders, view.width);
}

const AS: Column<Finding> = {
  title: 'AS',
  value: ({ evidence }) => {
    const identity = evidence.at(-1)?.identity;
    return identity ? subjectWord(identity) : cell('');
  },
};

/** Whether a finding is about a proof of several steps, and not about one right. */
export const isReached = ({ steps }: Finding): boolean => steps !== undefined;

/** The techniques of a proof in their order: `sa-token-request > pod-exec`. */
export const chainOf = ({ evidence }: Finding): Printable => wordsOf(evidence);

const chainBefore = ({ evidence }: Finding): Printable => wordsOf(evidence.slice(0, -1));

const wordsOf = (evidence: Finding['evidence']): Printable => chainWords(evidence.map(({ technique }) => technique));

/** `pod-create > pod-exec > pod-token`: each once where it is repeated. */
export const chainWords = (techniques: readonly string[]): Printable =>
  Printable.of(techniques.filter((id, index) => id !== techniques[index - 1]).join(' > '));
