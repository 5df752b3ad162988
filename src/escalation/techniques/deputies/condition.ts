import type { Unknown } from '../../../answer/unknown.ts';
import type { Leaning } from '../../../answer/verdict.ts';

/** What something depends on; nothing where it is certain. */
export interface Condition {
  unknowns: readonly Unknown[];
  leaning: Leaning;
}

/** Something that depends on one unknown. */
export const open = (unknown: Unknown, leaning: Leaning): Condition => ({ unknowns: [unknown], leaning });

/** What depends on all of these is no likelier than the least likely of them. */
export function together(conditions: readonly Condition[]): Condition {
  const unsure = conditions.filter(({ unknowns }) => unknowns.length > 0);
  const leanings = unsure.map(({ leaning }) => leaning);
  return {
    unknowns: unsure.flatMap(({ unknowns }) => unknowns),
    leaning: leanings.includes('no') ? 'no' : leanings.includes(null) ? null : (leanings[0] ?? null),
  };
}
