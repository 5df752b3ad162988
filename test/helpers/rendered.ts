import type { Answer } from '../../src/answer/answer.ts';
import { QUESTIONS } from '../../src/cli/commands.ts';
import { checkOf } from '../../src/cli/run/check.ts';
import type { Asked } from '../../src/questions/question.ts';
import * as plain from '../../src/render/formats.ts';
import { hints as plainHints } from '../../src/render/views/hints.ts';
import type { QuestionView } from '../../src/render/views/view.ts';

/** How the answers of each question are shown, by its name. */
const VIEWS = new Map(await Promise.all(QUESTIONS.map(async ({ name, view }) => [name, await view()] as const)));

/** The view of the question that the answers are to; of a made-up one that of who holds something. */
function viewOf(question = 'who'): QuestionView {
  const view = VIEWS.get(question) ?? VIEWS.get('who');
  if (!view) throw new Error('no question has a view');
  return view;
}

/** Answers as the program shows them. */
export const render = (answers: readonly Answer[], options: plain.RenderOptions): string =>
  plain.render(answers, options, viewOf(answers[0]?.question));

type Claimed = { answer: Answer } & { [Key in 'checks' | 'hint']?: () => unknown };

/** What the program proposes to do next. */
export const hints = (asked: readonly Claimed[], source: readonly string[], options = {}): string[] =>
  plainHints(
    asked.map((each) => ({ answer: each.answer, check: () => checkOf(each as Asked) })),
    source,
    viewOf(asked[0]?.answer.question),
    options,
  );
