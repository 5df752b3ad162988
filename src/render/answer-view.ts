import type { Answer } from '../answer/answer.ts';
import { admitView, gateStyle } from './admit-view.ts';
import { Printable, sentence } from './escape.ts';
import { findingsView, type View } from './findings.ts';
import { wrapList } from './lists.ts';
import { podCard } from './pod-card.ts';
import { rawSocketsView } from './raw-sockets-view.ts';
import { spawnView } from './spawn-view.ts';
import { objectPath, verdictWord } from './words.ts';

/** Answers that are equal but for the target's name, as one: which targets, the verdict in a sentence, and what it rests on. */
export function answerView([answer, ...others]: readonly Answer[], view: View): Printable[][] {
  if (!answer) return [];
  const targets = [answer, ...others].flatMap(({ target }) => target ?? []);
  const kind = `${answer.target?.kind.toLowerCase()}`;
  const names = targets.map((target) => Printable.of(objectPath(target)));
  const heading = others.length > 0 ? wrapList(sentence`${kind}s`, names, view.width) : [];
  return [[...heading.map((line) => view.paint('heading', line)), headline(answer, others.length, view)], ...bodyOf(answer, view)];
}

function bodyOf(answer: Answer, view: View): Printable[][] {
  if (answer.question === 'admit') return admitView(answer.findings, view);
  if (answer.question === 'raw-sockets') return rawSocketsView(answer, view);
  if (answer.question === 'privileged') return spawnView(answer, answer.target !== null, view);
  return answer.pod ? podCard(answer, answer.pod, view) : findingsView(answer, view);
}

/** `yes: 4 subjects can port-forward to pod shop/web-0`. */
function headline({ question, verdict, leaning, summary, target }: Answer, others: number, { paint }: View): Printable {
  const sum =
    target && others > 0
      ? summary.replace(`${target.kind.toLowerCase()} ${objectPath(target)}`, `each of these ${others + 1} ${target.kind.toLowerCase()}s`)
      : summary;
  return sentence`${paint(question === 'admit' ? gateStyle(verdict) : verdict, verdictWord(verdict, null))}${leaning === null ? '' : `, probably ${leaning}`}: ${sum}`;
}
