import type { Answer } from '../../answer/answer.ts';
import { findingsView } from './findings.ts';
import { holderNames } from './names.ts';
import { doneToTargets } from './overall.ts';
import type { QuestionView } from './view.ts';

/** How it is shown who holds something. `done`: what holders do to a target, `exec into`. */
export const holdersView = (done: string): QuestionView => ({
  body: findingsView,
  names: (answers, showSystem) =>
    holderNames(
      answers.flatMap(({ findings }) => findings),
      showSystem,
    ),
  next: ({ target }) => (target?.kind === 'Pod' ? ['pod', ...podWords(target)] : null),
  several: doneToTargets(done),
});

/** A pod as questions take it: `web-0 -n shop`. */
export const podWords = ({ namespace, name }: NonNullable<Answer['target']>): string[] => [
  name.startsWith('-') ? `pod/${name}` : name,
  ...(namespace === null ? [] : ['-n', namespace]),
];
