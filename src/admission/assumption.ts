import type { World } from '../world/world.ts';
import type { UserInfo } from './request/user.ts';

/** The facts about a question that decide which assumptions its answer rests on. */
export interface Premises {
  world: World;
  /** The users whose requests are decided, where they are known one by one. */
  users: readonly UserInfo[];
}

/** A fact that no cluster shows, and that is assumed to have its usual value. */
export interface Assumption {
  id: string;
  /**
   * The sentences to print. There are none where the answer does not rest on the assumption, or where the cluster shows
   * the fact.
   */
  of: (premises: Premises) => readonly string[];
}
