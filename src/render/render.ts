import type { Answer } from '../answer/answer.ts';
import { answerView } from './answer-view.ts';
import { toJson, toYaml } from './document.ts';
import type { Printable } from './escape.ts';
import { foldAnswers } from './fold.ts';
import { footer } from './footer.ts';
import { namesView } from './names.ts';
import type { RenderOptions } from './options.ts';
import { painter } from './paint.ts';

export type { RenderOptions } from './options.ts';

/** Answers as text for standard output, safe for any terminal. Pure. Ends with a line break, unless there is nothing to print. */
export const render = (answers: readonly Answer[], options: RenderOptions): string => [...renderPieces(answers, options)].join('');

/** The same in pieces, so that a long document is not all in memory at once. */
export function* renderPieces(answers: readonly Answer[], options: RenderOptions): Generator<string> {
  switch (options.output) {
    case 'json':
      return yield* toJson(answers, options.asList);
    case 'yaml':
      return yield toYaml(answers, options.asList);
    case 'name':
      return yield* paragraphs([namesView(answers, options.showSystem)]);
    case 'default':
    case 'wide': {
      const view = { ...options, wide: options.output === 'wide', paint: painter(options.color), cluster: clusterWords(answers) };
      return yield* paragraphs([
        ...foldAnswers(answers, view.explain).flatMap((folded) => answerView(folded, view)),
        ...footer(answers, view.paint),
      ]);
    }
  }
}

/** What was asked, as the kubeconfig calls it. */
const clusterWords = (answers: readonly Answer[]): string => {
  const context = answers[0]?.source.context ?? null;
  return context === null ? 'the cluster that was read' : `the cluster of context ${context}`;
};

/** Blocks of lines with an empty line between them. */
function* paragraphs(blocks: readonly Printable[][]): Generator<string> {
  for (const [index, lines] of blocks.filter((each) => each.length > 0).entries()) {
    if (index > 0) yield '\n';
    for (const { text } of lines) yield `${text.trimEnd()}\n`;
  }
}
