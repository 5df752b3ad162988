import type { Safe } from '../../answer/command.ts';
import type { Asked } from '../../questions/question.ts';
import { canI } from '../../rbac/can-i.ts';

/** The command by which kubectl checks one right that an answer rests on; null where it rests on none. */
export function checkOf({ checks, hint }: Pick<Asked, 'checks' | 'hint'>): Safe | null {
  const claim = checks()[0] ?? hint?.();
  return claim ? canI(claim.identity, claim.request) : null;
}
