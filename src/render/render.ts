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
export function render(answers: readonly Answer[], options: RenderOptions): string {
  switch (options.output) {
    case 'json':
      return toJson(answers, options.asList);
    case 'yaml':
      return toYaml(answers, options.asList);
    case 'name':
      return paragraphs([namesView(answers, options.showSystem)]);
    case 'default':
    case 'wide': {
      const view = { ...options, wide: options.output === 'wide', paint: painter(options.color), cluster: clusterWords(answers) };
      return paragraphs([
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
const paragraphs = (blocks: readonly Printable[][]): string =>
  blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(({ text }) => `${text.trimEnd()}\n`).join(''))
    .join('\n');
