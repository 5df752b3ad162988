import type { Command } from '../answer/command.ts';
import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import type { Grant } from '../rbac/rbac.ts';
import type { Right, Wanted } from '../spawn/rights/holder.ts';
import type { Actor } from './actor.ts';
import type { Position } from './position.ts';

/** The price of a position: what is certain is cheaper than what depends; then the steps of the whole proof count. */
export interface Cost {
  isOpen: boolean;
  steps: number;
}

export const isCheaper = (a: Cost, b: Cost): boolean => (a.isOpen === b.isOpen ? a.steps < b.steps : !a.isOpen);

/** One way to a position: what is done, by whom, and what it rests on. */
export interface Derivation {
  technique: string;
  to: Position;
  steps: readonly Taken[];
  /** The keys of the positions that it rests on. */
  from: readonly string[];
  /** What it depends on; nothing if it is certain. */
  unknowns: readonly Unknown[];
  leaning: Leaning;
}

/** A position that is held, with the cheapest way to it; null for one that the attacker starts with. */
export interface Reached {
  position: Position;
  by: Derivation | null;
  cost: Cost;
}

/** One request, or something that is done without the API. */
export interface Taken {
  /** Completes "can". */
  words: string;
  /** Null for what is done without the API. */
  actor: Actor | null;
  rights: readonly Right[];
  /** The namespace in which the rights are used; null for cluster-scoped ones. */
  namespace: string | null;
  /** What the server can be asked about it; absent: about each of the rights. */
  check?: Command<'reads'>;
  /** The grants of the rules that it hands on, where it takes no other right to do so; looked for when they are shown. */
  besides?: () => readonly Grant[];
  /**
   * The command that does it; made when it is asked for, since few are printed. `users` are those who use in the proof
   * what the step hands out.
   */
  attack: ((users: readonly Actor[]) => Command<'changes'> | null) | null;
  /** Of a step that opens many things: the command that takes one of them. */
  takes?: (one: One) => Command<'changes'> | null;
  /** The one that this step takes, by the right of the step that opens all. */
  one?: One;
}

/** One of many: the account of a pod, the name of a Secret. */
export interface One {
  account?: string;
  secret?: { namespace: string; name: string };
}

/** Steps of which each is needed. Different identities may take them. */
export interface Requirement {
  technique: string;
  steps: readonly Step[];
}

/** A request: any one of the alternatives, of which one identity needs all rights. */
export interface Step {
  words: string;
  any: readonly (readonly Ask[])[];
  attack?: (taken: readonly Right[], actor: Actor, users: readonly Actor[]) => Command<'changes'> | null;
  /** Only identities with a credential of their own can take it. */
  needsCredential?: true;
}

/** A right to one object. */
export interface Ask {
  wanted: Wanted;
  /** Null for cluster-scoped objects. */
  namespace: string | null;
  /** Null: under any name. */
  name: string | null;
  /** The object is created. */
  creates?: true;
  /** Where `name` is null: an object of any name will do, so that a right to some names is enough. */
  ofAny?: true;
}

/** A way that depends on nothing. */
export const CERTAIN: Pick<Derivation, 'unknowns' | 'leaning'> = { unknowns: [], leaning: null };
