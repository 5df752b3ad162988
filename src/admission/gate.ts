import type { World } from '../world/world.ts';
import type { Admission } from './layer.ts';
import type { UserInfo } from './request/user.ts';

/** What admission does with the request by which somebody uses a right. */
export interface Gate {
  /** Whether the request of this user is admitted. Pure. */
  admits: (user: UserInfo, world: World) => Admission;
  /**
   * Whether the user chooses a field. A refusal that rests on such a field is not final, since another choice may pass.
   */
  isChosen: (path: string) => boolean;
}
