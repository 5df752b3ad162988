import type { FixText } from '../../answer/command.ts';
import type { TargetRef } from '../../answer/refs.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import type { World } from '../../world/world.ts';

/** A change of one object that takes something away from an attacker. */
export interface Change {
  /** Equal for equal changes. */
  key: string;
  object: TargetRef;
  /** `RoleBinding ci/deployers (User jane)`: what goes, as sentences name it behind "without". */
  words: string;
  /** The world once it is made. */
  madeIn: (world: World) => World;
  /** The command as a dry run, then the same for real. */
  texts: (kubectl: readonly string[]) => FixText[];
  /** Who loses something by it, `group/dev`, and how much: `loses 3 rules`. */
  who: string;
  loses: (rbac: Rbac) => string;
  /** What it takes away besides, in a sentence. */
  also: (rbac: Rbac) => string;
}
