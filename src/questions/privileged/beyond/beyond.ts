import type { Strongest } from '../../../admission/strongest.ts';
import type { Command } from '../../../answer/command.ts';
import type { Cell, Ground } from '../cells.ts';
import type { Holder, Right } from '../holder.ts';

/** A way to the node that no namespace's admission stands before, or that makes the pod of somebody else the attacker's. */
export interface Beyond {
  id: string;
  /** Completes "can". */
  words: string;
  rights: readonly Right[];
  strongest: Strongest;
  attack: Command<'changes'> | null;
  /** Whose right it is in the end: false where the holder becomes somebody else first. */
  direct: boolean;
}

/** Null where the holder's rights don't reach. */
export type BeyondWay = (holder: Holder, cells: readonly Cell[], ground: Ground) => Beyond[];
