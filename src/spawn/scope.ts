import type { Rbac } from '../rbac/rbac.ts';
import type { World } from '../world/world.ts';
import { ProbeTrials } from './probes/probe-trials.ts';

/**
 * What one answer about pods is asked of: a world in one of its states, and namespaces of it. A file that computes
 * something once for a scope keeps it by itself (`oncePerObject`). Another world, or a later state of this one, is
 * another scope, for which nothing is known yet.
 */
export interface Scope {
  world: World;
  rbac: Rbac;
  /** What admission makes of probe pods in this world. */
  probeTrials: ProbeTrials;
  /** The namespaces that are asked about. */
  namespaces: readonly string[];
}

/** A scope for which nothing is known yet, except what the trials of probe pods share with those of other worlds. */
export const scopeOf = (
  world: World,
  rbac: Rbac,
  namespaces: readonly string[],
  probeTrials: ProbeTrials = new ProbeTrials(world),
): Scope => ({ world, rbac, probeTrials, namespaces });
