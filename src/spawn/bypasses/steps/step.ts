import type { Admission, Refusal } from '../../../admission/layer.ts';
import type { Command } from '../../../answer/command.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { World } from '../../../world/world.ts';
import type { Probe } from '../../probes/probes.ts';
import type { Holder, Right } from '../../rights/holder.ts';
import type { Scope } from '../../scope.ts';

/** A way around admission that a holder's own rights open. */
export interface BypassTechnique {
  id: string;
  /** Whether a holder has any right, anywhere, by which there could be a step: most have none. */
  isHeld: (holder: Holder, scope: Scope) => boolean;
  /**
   * What the holder can do about these refusals in a namespace: nothing where their rights don't reach, or where it
   * would not help. Each step is proved by judging the same pod again in the world that it leaves.
   */
  steps: (holder: Holder, namespace: string, refusals: readonly Refusal[], scope: Scope) => BypassStep[];
}

export interface BypassStep {
  /** Of the technique. */
  id: string;
  /** Completes "can": `label namespace shop`. */
  words: string;
  /** The command that does it. */
  attack: Command<'changes'>;
  rights: readonly Right[];
  /** Whether the write itself is admitted; never a `no`. */
  admission: Admission;
  /** The world afterwards. */
  change: (world: World) => World;
  /** What else can be tried then. */
  probes?: readonly Probe[];
  /** Where it is not sure that the world afterwards can be brought about. */
  doubt?: Unknown;
  /** Pulls of the same key are the same but for the namespace. */
  key: string;
}
