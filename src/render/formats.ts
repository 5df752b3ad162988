import type { Answer } from '../answer/answer.ts';
import { toJson, toYaml } from './document.ts';
import { toDot, toMermaid } from './graph.ts';
import type { RenderOptions } from './options.ts';
import { painter } from './terminal/paint.ts';
import type { Printable } from './terminal/printable.ts';
import type { Lines } from './terminal/table.ts';
import { answerView, headline } from './views/answer.ts';
import { foldAnswers } from './views/fold.ts';
import { footer } from './views/footer.ts';
import { overall } from './views/overall.ts';
import type { QuestionView, View } from './views/view.ts';

export type { RenderOptions } from './options.ts';

/**
 * Answers as text for standard output, safe for any terminal. Pure. Ends with a line break, unless there is nothing to
 * print.
 */
export const render = (answers: readonly Answer[], options: RenderOptions, question: QuestionView): string =>
  [...renderPieces(answers, options, question)].join('');

/** The same in pieces, so that a long document is not all in memory at once. */
export function* renderPieces(
  answers: readonly Answer[],
  options: RenderOptions,
  question: QuestionView,
): Generator<string> {
  switch (options.output) {
    case 'json':
      return yield* toJson(answers, options.asList);
    case 'yaml':
      return yield toYaml(answers, options.asList);
    case 'mermaid':
      return yield* toMermaid(answers);
    case 'dot':
      return yield* toDot(answers);
    case 'name':
      return yield* paragraphs([question.names(answers, options.showSystem)]);
    case 'default':
    case 'wide': {
      const view = viewOf(answers, options);
      const folded = foldAnswers(answers, view.explain);
      const isOneScreen = answers.length === 1 && question.isOneScreen?.(options) === true;
      const body = [
        ...overall(answers, view, question),
        ...folded.flatMap((each, index) => answerView(each, index === 0 && answers.length < 2, view, question)),
      ];
      const end = footer(answers, view, isOneScreen);
      // No line is left empty where each of them counts.
      const blocks = isOneScreen ? [...body.slice(0, -1), [...(body.at(-1) ?? []), ...end.flat()]] : [...body, ...end];
      return yield* paragraphs(blocks, options.width);
    }
  }
}

/** The verdict again, for the end of an answer that is longer than the terminal. */
export function verdictLines(answers: readonly Answer[], options: RenderOptions, question: QuestionView): string {
  const view = viewOf(answers, options);
  const [all] = overall(answers, view, question);
  return [
    ...paragraphs(
      [all?.slice(0, -1) ?? answers.slice(0, 1).flatMap((answer) => headline(answer, 0, view, question))],
      options.width,
    ),
  ].join('');
}

function viewOf(answers: readonly Answer[], options: RenderOptions): View {
  const now = answers[0]?.source.readAt ?? '';
  return {
    ...options,
    wide: options.output === 'wide',
    paint: painter(options.color),
    cluster: clusterWords(answers),
    now,
  };
}

/** What was asked, as the kubeconfig calls it. */
const clusterWords = (answers: readonly Answer[]): string => {
  const context = answers[0]?.source.context ?? null;
  return context === null ? 'the cluster that was read' : `the cluster of context ${context}`;
};

/**
 * Blocks of lines with an empty line between them; what is too wide is broken between words, and indented below where
 * it begins.
 */
function* paragraphs(blocks: readonly Lines[], width = Infinity): Generator<string> {
  let isFirst = true;
  for (const lines of blocks) {
    let isBegun = false;
    for (const line of lines) {
      if (!isBegun && !isFirst) yield '\n';
      isBegun = true;
      for (const each of line.wrapped(width, hangOf(line))) yield `${each.shown.trimEnd()}\n`;
    }
    isFirst &&= !isBegun;
  }
}

const hangOf = ({ text }: Printable): number => text.length - text.trimStart().length + 2;
