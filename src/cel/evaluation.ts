import type { Unknown } from '../answer/unknown.ts';
import { CelUnknown, type Value } from './values.ts';

/** One run of a compiled expression: the values of its names, and how much of the budget is left. */
export interface Evaluation {
  /** The value of `object`, `request`, …; undefined for a name that is not declared here. */
  name: (name: string) => Value | undefined;
  /** Throws TooCostly where nothing is left. */
  spend: (cost: number) => void;
  /** Variables of comprehensions. */
  slots: Value[];
  /**
   * What a part comes to by `run`, where that is known, or can be told, without this evaluation. `key`: another one for
   * each part.
   */
  ask?: Ask;
}

export type Ask = (key: string, run: Compiled) => boolean | undefined;

export type Compiled = (evaluation: Evaluation) => Value;

/** The server gives up at a cost of its own count, which ours is not: what comes near it is not guessed. */
export class TooCostly extends Error {}

export function budget(limit: number): (cost: number) => void {
  let left = limit;
  return (cost) => {
    left -= cost;
    if (left < 0) throw new TooCostly(`needs more than ${limit} steps`);
  };
}

/** What an expression hangs on that is not modelled here. */
export const opaque = (what: string, why: string): CelUnknown => {
  const unknown: Unknown = { kind: 'opaque', what, why, affects: 'what the policy decides' };
  return new CelUnknown([unknown]);
};
