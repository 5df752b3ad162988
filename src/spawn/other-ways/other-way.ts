import type { Command } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { PodOutcome } from '../outcomes/pod-outcome.ts';
import type { Strongest } from '../probes/strongest.ts';
import type { Holder, Right } from '../rights/holder.ts';
import type { Scope } from '../scope.ts';

/**
 * A way to the node that no namespace's admission stands before, or that makes the pod of somebody else the attacker's.
 */
export interface OtherWay {
  id: string;
  /** Completes "can". */
  words: string;
  rights: readonly Right[];
  strongest: Strongest;
  attack: Command<'changes'> | null;
  /** Whose right it is in the end: false where the holder becomes somebody else first. */
  direct: boolean;
}

/** Perhaps as strong as it may be, where something has to hold first that is not known; nothing is sure then. */
export function onlyIf({ sure, maybe }: Strongest, unknowns: readonly Unknown[], leaning: 'yes' | null): Strongest {
  const strength = maybe?.strength ?? sure;
  return { sure: null, maybe: strength && { strength, leaning, unknowns: [...unknowns, ...(maybe?.unknowns ?? [])] } };
}

/** Null where the holder's rights don't reach. */
export type FindOtherWays = (holder: Holder, outcomes: readonly PodOutcome[], scope: Scope) => OtherWay[];
