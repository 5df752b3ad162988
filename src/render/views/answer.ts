import type { Answer } from '../../answer/answer.ts';
import { wrapList } from '../terminal/lists.ts';
import { Printable, sentence } from '../terminal/printable.ts';
import type { Lines } from '../terminal/table.ts';
import { notFollowedLines } from './not-followed.ts';
import type { QuestionView, View } from './view.ts';
import { supposedLines, whatIfView } from './what-if.ts';
import { objectPath, verdictWord } from './words.ts';

/**
 * Answers that are equal but for the target's name, as one: which targets, the verdict in a sentence, and what it rests
 * on.
 */
export function answerView(
  [answer, ...others]: readonly Answer[],
  isFirst: boolean,
  view: View,
  question: QuestionView,
): Lines[] {
  if (!answer) return [];
  const targets = [answer, ...others].flatMap(({ target }) => target ?? []);
  const kind = `${answer.target?.kind.toLowerCase()}`;
  const names = targets.map((target) => Printable.of(objectPath(target)));
  const heading = others.length > 0 ? wrapList(sentence`${kind}s`, names, view.width) : [];
  const source = isFirst ? [view.paint('faint', sourceLine(answer))] : [];
  const top = [
    ...heading.map((line) => view.paint('heading', line)),
    ...headline(answer, others.length, view, question),
    ...notFollowedLines(answer, view.width),
    ...(isFirst ? supposedLines(answer, view) : []),
    ...source,
  ];
  return [top, ...question.body(answer, view), ...(answer.whatIf ? [whatIfView(answer, view, question)] : [])];
}

/**
 * `yes: 4 subjects can port-forward to pod shop/web-0`: at most two lines; where the reason would need more, it stands
 * below.
 */
export function headline(
  answer: Answer,
  others: number,
  { paint, width, summaryOf }: View,
  { style }: QuestionView,
): Printable[] {
  const { verdict, leaning, target } = answer;
  const sum =
    target && others > 0
      ? summaryOf(answer, `each of these ${others + 1} ${target.kind.toLowerCase()}s`)
      : answer.summary;
  const word = paint(style?.(verdict) ?? verdict, verdictWord(verdict, null));
  const lines = (text: string): Printable[] =>
    sentence`${word}${leaning === null ? '' : `, probably ${leaning}`}: ${text}`.wrapped(width, 2);
  const shortened = [sum, ...withoutReasons(sum)].find((text) => lines(text).length <= MOST_LINES);
  return lines(shortened ?? sum);
}

const MOST_LINES = 2;

/** The sentence without what stands behind a colon or semicolon, the least first; not within brackets. */
function withoutReasons(text: string): string[] {
  let depth = 0;
  let hasList = false;
  const ends: number[] = [];
  for (const [index, character] of Array.from(text).entries()) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    // A colon within a list of reasons ends none of them.
    if (depth === 0 && (text.startsWith('; ', index) || (!hasList && text.startsWith(': ', index)))) ends.push(index);
    hasList ||= depth === 0 && text.startsWith('; ', index);
  }
  return ends.reverse().map((end) => text.slice(0, end));
}

/** The cluster that was asked, which a reader with several clusters has to know. */
export function sourceLine({ source: { context, server, effectiveVersion } }: Answer): Printable {
  const version =
    server === null || server.startsWith(`v${effectiveVersion}`)
      ? effectiveVersion
      : `${server} (emulates ${effectiveVersion})`;
  const shown = server?.startsWith(`v${effectiveVersion}`) ? server : version;
  if (context === null) return sentence`read from files, as Kubernetes ${shown}`;
  return /^https?:\/\//.test(context)
    ? sentence`server ${context}, Kubernetes ${shown}`
    : sentence`context ${context}, Kubernetes ${shown}`;
}
