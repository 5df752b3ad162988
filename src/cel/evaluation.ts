import type { Unknown } from '../answer/unknown.ts';
import { CelUnknown, type Value } from './values.ts';

/** One run of a compiled expression: the values of its names, and the remaining budget. */
export interface Evaluation {
  /** The value of `object`, `request`, …; undefined for a name that is not declared. */
  name: (name: string) => Value | undefined;
  /** Takes a cost from the budget. Throws TooCostly where nothing is left. */
  spend: (cost: number) => void;
  /** The variables of comprehensions. */
  slots: Value[];
  /**
   * The value of a part of the expression that `run` would compute, where it is known without this evaluation. `key`
   * identifies the part.
   */
  ask?: Ask;
}

export type Ask = (key: string, run: Compiled) => boolean | undefined;

export type Compiled = (evaluation: Evaluation) => Value;

/**
 * The server stops at a cost that it counts differently, so that the result of an expression near the limit is unknown.
 */
export class TooCostly extends Error {}

export function budget(limit: number): (cost: number) => void {
  let left = limit;
  return (cost) => {
    left -= cost;
    if (left < 0) throw new TooCostly(`needs more than ${limit} steps`);
  };
}

/** An unknown for something in an expression that is not modelled here. */
export const opaque = (what: string, why: string): CelUnknown => {
  const unknown: Unknown = { kind: 'opaque', what, why, affects: 'what the policy decides' };
  return new CelUnknown([unknown]);
};
