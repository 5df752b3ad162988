import type { KindName } from '../../world/kinds.ts';
import type { Named, Objects } from '../questions/question.ts';

/**
 * Whether a command line asks about several targets, so that `-o json` and `-o yaml` print a list: names more than one,
 * selects by label, or names a workload, which stands for its pods. What was typed decides, never how many are found,
 * so that a script can rely on the shape. A question about a whole namespace or cluster, and one about files, has one
 * answer.
 */
export const asksForSeveral = ({ subjects = [], objects = null }: Named): boolean =>
  subjects.length + (objects?.refs.length ?? 0) > 1 || isOpen(objects);

/** Whether it may stand for any number of pods. */
const isOpen = (objects: Objects | null): boolean =>
  objects !== null && (objects.selector !== null || objects.refs.some(({ kind }) => !SINGLE.has(kind)));

const SINGLE: ReadonlySet<KindName> = new Set(['pods', 'services', 'nodes']);
