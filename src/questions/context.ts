import type { Rbac } from '../rbac/rbac.ts';
import { rbacOf } from '../rbac/rbac-of.ts';
import type { Identity } from '../rbac/subjects.ts';
import type { World } from '../world/world.ts';
import { askedIdentity } from './holders/asked-identity.ts';
import type { Options } from './question.ts';

/** What an answer is made from: the world, its grants, what the user said, and who alone is asked about. */
export class QuestionContext {
  readonly world: World;
  readonly options: Options;
  #identity: Identity | null | undefined;

  constructor(world: World, options: Options) {
    this.world = world;
    this.options = options;
  }

  /** The grants of the world, as it is now. */
  get rbac(): Rbac {
    return rbacOf(this.world);
  }

  /** The subject that is asked about, with its groups; null if everybody is. */
  get identity(): Identity | null {
    const { subject } = this.options;
    this.#identity ??= subject && askedIdentity(subject, this.world, this.options);
    return this.#identity;
  }
}

export const contextOf = (world: World, options: Options): QuestionContext => new QuestionContext(world, options);
