import type { World } from '../world/world.ts';
import type { Admission } from './layer.ts';
import type { UserInfo } from './request/user.ts';

/** What admission makes of the request by which somebody uses a right. */
export interface Gate {
  /** Whether the request of this user is let through. Pure. */
  admits: (user: UserInfo, world: World) => Admission;
  /**
   * The fields that the user chooses: a refusal that rests on one of them is not the last word, since another choice
   * may pass.
   */
  isChosen: (path: string) => boolean;
}
