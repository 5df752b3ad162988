import type { Admission, Refusal } from '../../../admission/layer.ts';
import type { Command } from '../../../answer/command.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { World } from '../../../world/world.ts';
import type { Ground } from '../../outcomes/outcomes.ts';
import type { Probe } from '../../probes/probes.ts';
import type { Holder, Right } from '../../rights/holder.ts';

/** A way around admission that a holder's own rights open. */
export interface Lever {
  id: string;
  /** Whether a holder has any right, anywhere, by which there could be a pull: most have none. */
  isHeld: (holder: Holder, ground: Ground) => boolean;
  /**
   * What the holder can do about these refusals in a namespace: nothing where their rights don't reach, or where it
   * would not help. Each pull is proved by judging the same pod again in the world that it leaves.
   */
  pulls: (holder: Holder, namespace: string, refusals: readonly Refusal[], ground: Ground) => Pull[];
}

export interface Pull {
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
