import type { Version } from '../world/version.ts';
import type { Actor } from './actor.ts';
import type { Attacker } from './attacker.ts';
import type { Derivation, Requirement } from './derivation.ts';
import type { Position } from './position.ts';

/** A named way to turn rights and conditions into a position, as data for readers and as code for the closure. */
export interface Technique {
  /** What `explain` and findings call it. */
  id: string;
  /** Completes "can": `request a token of a service account`. */
  title: string;
  /** What it takes, and what it gives, in a sentence each. */
  takes: string;
  gives: string;
  /** The first version of Kubernetes that has it by default; absent if all have. */
  since?: Version;
  /** It hands rights from one identity that is held to others: of no use to somebody who may do everything. */
  handsOut?: true;
  /** It ends at the request that is asked about: every other technique takes one step more, at least. */
  isLast?: true;
  /** How much longer it takes to ask than most, where that is much: once a way is known, such are not asked for long. */
  effort?: number;
  /** What stops it. */
  blockers?: readonly string[];
  /** MITRE ATT&CK and the threat matrix of Microsoft. */
  mitre: readonly string[];
  microsoft: readonly string[];
  /** Upstream sources. */
  references: readonly string[];
  /** What an identity can do by it, alone or with the others that are held. */
  ofIdentity?: (actor: Actor, attacker: Attacker) => Iterable<Derivation>;
  /** What follows from another position. */
  ofPosition?: (position: Position, attacker: Attacker) => Iterable<Derivation>;
  /** What it would take to get to a goal: the alternatives, as far as rights decide. */
  toward?: (goal: Position, attacker: Attacker) => Iterable<Requirement>;
}
