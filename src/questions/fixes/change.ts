import type { FixText } from '../../answer/command.ts';
import type { TargetRef } from '../../answer/refs.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';

/** A change of one object that takes something away from an attacker. */
export interface Change {
  /** Equal for equal changes. */
  key: string;
  object: TargetRef;
  /** `RoleBinding ci/deployers (User jane)`: what goes, as sentences name it behind "without". */
  words: string;
  /** The world once it is made. */
  apply: (world: World) => World;
  /** The command as a dry run, then the same for real. */
  texts: (kubectl: readonly string[]) => FixText[];
  /** Who loses something by it, `group/dev`, and how much: `loses 3 rules`. */
  who: string;
  loses: (context: QuestionContext) => string;
  /** What it takes away besides, in a sentence. */
  also: (context: QuestionContext) => string;
}
