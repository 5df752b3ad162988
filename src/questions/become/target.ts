import type { Gain } from '../../escalation/position.ts';
import type { Subject } from '../../world/objects.ts';

/** Who holds what at first, and what is asked for. */
export interface BecomeTarget {
  /** The footholds of one attacker, at least one. */
  starts: readonly Start[];
  /** None: everything that can be reached. */
  goals: readonly Gain[];
}

/** A foothold: an identity, a pod, a node, or whoever asks. */
export type Start =
  | { kind: 'subject'; subject: Subject /** Where it is from a token: what the token says. */; token?: TokenFacts }
  | { kind: 'pod'; namespace: string; name: string }
  | { kind: 'node'; name: string }
  | { kind: 'me' };

/** What a token says of itself; it is decoded, and never sent or printed. */
export interface TokenFacts {
  audiences: readonly string[];
  issuer: string | null;
  /** RFC 3339; null where the token never expires. */
  expires: string | null;
  /** The pod to which it is bound; null where it is bound to none. */
  pod: { namespace: string; name: string } | null;
}
