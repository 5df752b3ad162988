import type { Holder } from '../spawn/rights/holder.ts';
import type { Binding, Role, Subject } from '../world/objects.ts';
import type { IdentityPosition } from './position.ts';

/** An identity that is held, with its rights and those that were handed to it. */
export interface Actor {
  key: string;
  position: IdentityPosition;
  holder: Holder;
  /** It has a credential of its own, so that it can impersonate. */
  hasCredential: boolean;
  /** Its place among those who are held: the cheapest first. */
  order: number;
  /** The bindings that apply to it, each with the entry that does. */
  entries: readonly { binding: Binding; subject: Subject }[];
}

/** A role to which somebody who is held is bound. */
export interface BoundRole {
  kind: Role['kind'];
  namespace: string | null;
  name: string;
  /** Null where it does not exist: whoever creates it fills it. */
  role: Role | null;
  /** Who is bound to it, and where. */
  holders: { actor: Actor; place: string | null }[];
}
