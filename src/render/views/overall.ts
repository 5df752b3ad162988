import type { Answer } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { Truth } from '../../answer/verdict.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import { sourceLine } from './answer.ts';
import type { View } from './findings.ts';
import { verdictWord } from './words.ts';

/** Of several answers one line before all: the worst decides, and how many are so. Nothing of a single one. */
export function overall(answers: readonly Answer[], { paint, width, subject, of }: View): Printable[][] {
  const [first] = answers;
  if (!first || answers.length < 2) return [];
  const number = (verdict: Truth): number => answers.filter((each) => each.verdict === verdict).length;
  const [sure, open] = [number('yes'), number('depends')];
  const worst: Truth = sure > 0 ? 'yes' : open > 0 ? 'depends' : 'no';
  const all = `${count(answers.length, nounOf(answers))}${of}`;
  const text = sentenceOf(first.question, { sure, open, all, isSubject: first.question === 'privileged' }, subject);
  return [
    [
      ...sentence`${paint(worst, verdictWord(worst, null))}: ${text}`.wrapped(width, 2),
      paint('faint', sourceLine(first)),
    ],
  ];
}

interface Counts {
  sure: number;
  open: number;
  all: string;
  isSubject: boolean;
}

/** True of the whole set, whatever its parts say. */
function sentenceOf(question: string, { sure, open, all }: Counts, subject: string | null): string {
  const own = DONE_BY_TARGETS.get(question);
  if (own !== undefined) {
    if (sure > 0) return `${sure} of ${all} can ${own}${open > 0 ? `, and ${open} more may` : ''}`;
    return open > 0 ? `${open} of ${all} may ${own}` : `none of ${all} can ${own}`;
  }
  const done = DONE_TO_TARGETS.get(question) ?? `${question}:`;
  const who = subject ?? 'somebody';
  if (sure > 0) return `${who} can ${done} ${sure} of ${all}${open > 0 ? `, and perhaps ${open} more` : ''}`;
  if (open > 0) return `${who} may be able to ${done} ${open} of ${all}`;
  return subject === null ? `nobody can ${done} any of ${all}` : `${subject} can ${done} none of ${all}`;
}

/** What is asked of the targets themselves. */
const DONE_BY_TARGETS: ReadonlyMap<string, string> = new Map([
  ['raw-sockets', 'open raw sockets'],
  ['privileged', 'get a pod onto the cluster that reaches the node'],
]);

/** What others do to them. */
const DONE_TO_TARGETS: ReadonlyMap<string, string> = new Map([
  ['port-forward', 'port-forward to'],
  ['exec', 'exec into'],
  ['attach', 'attach to'],
  ['debug', 'add an ephemeral container to'],
  ['logs', 'read the logs of'],
  ['proxy', 'send HTTP requests to'],
  ['pod', 'get into'],
]);

function nounOf(answers: readonly Answer[]): string {
  const [kind, ...others] = new Set(
    answers.map(({ question, target }) => (question === 'privileged' ? 'subject' : target?.kind.toLowerCase())),
  );
  return kind === undefined || others.length > 0 ? 'target' : kind;
}
