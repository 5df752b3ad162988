import type { Admission, Refusal } from '../../../admission/layer.ts';
import type { Command } from '../../../answer/command.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { World } from '../../../world/world.ts';
import type { Probe } from '../../probes/probes.ts';
import type { Holder, Right } from '../../rights/holder.ts';
import type { Scope } from '../../scope.ts';

/** A technique by which a holder's own rights take away what refuses a pod. */
export interface BypassTechnique {
  /** Id of the technique, which `explain ID` explains. */
  id: string;
  /** Whether a holder has any right, in any namespace, that a step could need; most holders have none. */
  isHeld: (holder: Holder, scope: Scope) => boolean;
  /**
   * The steps by which the holder may take away these refusals in a namespace. There are none where their rights do not
   * reach. Whether a step helps is found by trying the same pod again in the world that it leaves behind.
   */
  steps: (holder: Holder, namespace: string, refusals: readonly Refusal[], scope: Scope) => BypassStep[];
}

/** One write, or several in turn, that change what admission decides by. */
export interface BypassStep {
  /** Id of the technique. */
  id: string;
  /** Completes "can": `label namespace shop`. */
  words: string;
  /** The command that does it. */
  attack: Command<'changes'>;
  rights: readonly Right[];
  /** Whether the write itself is admitted. It is never a `no`: a step that is refused is none. */
  admission: Admission;
  /** The world that the step leaves behind. */
  change: (world: World) => World;
  /** Probes that can only be tried after the step. */
  probes?: readonly Probe[];
  /** Set where it is not known whether the step leaves that world behind. */
  doubt?: Unknown;
  /** Steps with the same key only differ in the namespace in which they are taken. */
  key: string;
}
