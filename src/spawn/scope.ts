import type { Rbac } from '../rbac/rbac.ts';
import type { World } from '../world/world.ts';
import { Judge } from './probes/probe-trials.ts';

/**
 * What is asked about: one state of the world, and namespaces of it. Whatever is computed once for a scope is kept by
 * the file that computes it (`oncePerObject`), so that another world is another scope, for which nothing is known yet.
 */
export interface Scope {
  world: World;
  rbac: Rbac;
  /** What admission makes of pods in this world. */
  judge: Judge;
  /** The namespaces that are asked about. */
  namespaces: readonly string[];
}

/** `judge`: what admission makes of pods there, where that is shared with other worlds. */
export const scopeOf = (
  world: World,
  rbac: Rbac,
  namespaces: readonly string[],
  judge: Judge = new Judge(world),
): Scope => ({ world, rbac, judge, namespaces });
