import type { ObjectsTarget } from '../../questions/targets.ts';
import type { KindName } from '../../world/kinds.ts';
import type { Asks } from './invocation.ts';

/**
 * Whether a command line asks about several targets, so that `-o json` and `-o yaml` print a list: names more than one,
 * selects by label, or names a workload, which stands for its pods. What was typed decides, never how many are found,
 * so that a script can rely on the shape. A question about a whole namespace or cluster, and one about files, has one
 * answer.
 */
export function asksForSeveral(asks: Asks): boolean {
  switch (asks.question) {
    case 'who':
    case 'admit':
      return false;
    case 'privileged':
      return asks.target.subjects.length + refsOf(asks.target.pods) > 1 || isOpen(asks.target.pods);
    default:
      return refsOf(asks.target) > 1 || isOpen(asks.target);
  }
}

type Objects = Omit<ObjectsTarget, 'namespace'> | null;

const refsOf = (objects: Objects): number => objects?.refs.length ?? 0;

/** Whether it may stand for any number of pods. */
const isOpen = (objects: Objects): boolean =>
  objects !== null && (objects.selector !== null || objects.refs.some(({ kind }) => !SINGLE.has(kind)));

const SINGLE: ReadonlySet<KindName> = new Set(['pods', 'services', 'nodes']);
