import type { Command } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { PodOutcome } from '../outcomes/pod-outcome.ts';
import type { Strongest } from '../probes/strongest.ts';
import type { Holder, Right } from '../rights/holder.ts';
import type { Scope } from '../scope.ts';

/**
 * A way to the node other than a pod of the holder's own in an existing namespace: past admission altogether, or
 * through the pods, namespaces and accounts of others.
 */
export interface OtherWay {
  id: string;
  /** Completes "can". */
  words: string;
  rights: readonly Right[];
  strongest: Strongest;
  attack: Command<'changes'> | null;
  /** Whether the holder's own rights are used; false if the holder becomes somebody else first. */
  direct: boolean;
}

/** The same strength, but only possible, if something holds that is not known (`unknowns`). Nothing is sure then. */
export function onlyIf({ sure, maybe }: Strongest, unknowns: readonly Unknown[], leaning: 'yes' | null): Strongest {
  const strength = maybe?.strength ?? sure;
  return { sure: null, maybe: strength && { strength, leaning, unknowns: [...unknowns, ...(maybe?.unknowns ?? [])] } };
}

/** Finds other ways of a holder, whose outcomes in the scope are given; none where their rights do not reach. */
export type FindOtherWays = (holder: Holder, outcomes: readonly PodOutcome[], scope: Scope) => OtherWay[];
