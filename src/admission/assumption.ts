import type { World } from '../world/world.ts';
import type { UserInfo } from './request/user.ts';

/** What an answer is about, as far as it decides which assumptions it rests on. */
export interface Premises {
  world: World;
  /** Whose requests are judged, where those are known one by one. */
  users: readonly UserInfo[];
}

/** Something that no cluster shows, and that is taken to be as usual. */
export interface Assumption {
  id: string;
  /** The sentences to print; none where the answer does not rest on it, or where the cluster shows what is so. */
  of: (premises: Premises) => readonly string[];
}
