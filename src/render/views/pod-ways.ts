import type { Finding } from '../../answer/answer.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { distinctSubjects } from './findings.ts';
import type { View } from './view.ts';

/** `+` after the number says that there may be more, `?` that nobody was seen. */
export const countOf = (holders: number, isOpen: boolean): string =>
  isOpen ? (holders === 0 ? '?' : `${holders}+`) : `${holders}`;

/** The subjects who can, then those who may be able to. */
export function marked(findings: readonly Finding[], { paint }: View): Printable[] {
  const sure = distinctSubjects(findings.filter(({ verdict }) => verdict === 'yes'));
  const known = new Set(sure.map(({ text }) => text));
  const open = distinctSubjects(findings.filter(({ verdict }) => verdict === 'depends')).filter(
    ({ text }) => !known.has(text),
  );
  return [...sure, ...open.map((subject) => sentence`${subject} (${paint('depends', sentence`depends`)})`)];
}
