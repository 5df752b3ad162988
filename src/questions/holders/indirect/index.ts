import { list } from '../../../world/needs.ts';
import { wideNeeds } from '../../become/wide.ts';
import type { IndirectWays, Question } from '../../question.ts';
import { becomesFrom } from './becomes.ts';
import { endingFor } from './ending.ts';
import { findIndirect } from './find.ts';
import { findSpawning } from './spawning.ts';
import { areGrantsRead } from './unseen.ts';

const indirect: IndirectWays = {
  // Without all ClusterRoleBindings little can be followed, and whoever may not list them will be refused more.
  needs: (world) => (areGrantsRead(world) ? [list('rolebindings'), list('roles'), ...wideNeeds(world)] : []),
  becomes: becomesFrom,
  ending: endingFor,
  find: findIndirect,
  spawning: findSpawning,
};

/** A question about holders that also finds those who can become one. */
export const withIndirect = <T>(question: Question<T>): Question<T> => ({
  ...question,
  discovery: () => true,
  needs: (target, world, options) => question.needs(target, world, { ...options, indirect }),
  answer: (target, world, options) => question.answer(target, world, { ...options, indirect }),
});
