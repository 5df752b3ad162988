import { type Closure, closureOf } from '../../escalation/closure.ts';
import { isCheaper, type Reached } from '../../escalation/derivation.ts';
import { type Gain, isGain, keyOfPosition, keysOfGoal } from '../../escalation/position.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { ProbeTrials } from '../../spawn/probes/probe-trials.ts';
import { type Scope, scopeOf } from '../../spawn/scope.ts';
import { WORKLOADS } from '../../world/kinds.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { namespacesIn } from '../privileged/needs.ts';
import { positionOf } from './starts.ts';
import type { BecomeTarget } from './target.ts';

/**
 * Everything that these footholds lead to, found once for a state of the world; of no more than `most` identities where
 * that is enough.
 */
export function closureFor(
  { starts, goals }: BecomeTarget,
  context: QuestionContext,
  most = Number.POSITIVE_INFINITY,
): Closure {
  const positions = starts.flatMap((start) => positionOf(start, context) ?? []);
  const key = JSON.stringify([
    positions.map(keyOfPosition),
    goals.map(keyOfPosition),
    context.options.subjectGroups,
    most,
  ]);
  const known = closuresOf(context.world);
  const closure = known.get(key) ?? closureOf(positions, TECHNIQUES, spawnScope(context.world), { goals, most });
  known.set(key, closure);
  return closure;
}

/** A position that was reached and is worth having for itself. */
export type ReachedGain = Reached & { position: Gain };

/** The cheapest way to a goal that was reached, by any position that is enough for it. */
export function reachedGoal(goal: Gain, { reached }: Closure): { key: string; reached: ReachedGain } | undefined {
  const found = keysOfGoal(goal).flatMap((key) => {
    const each = reached.get(key);
    return each && isGain(each.position) ? [{ key, reached: { ...each, position: each.position } }] : [];
  });
  return found.toSorted(
    (a, b) => Number(isCheaper(b.reached.cost, a.reached.cost)) - Number(isCheaper(a.reached.cost, b.reached.cost)),
  )[0];
}

const closuresOf = oncePerState((_world: World) => new Map<string, Closure>());

/** The whole cluster, in which pods are spawned. */
export const spawnScope = oncePerState(
  (world: World): Scope => scopeOf(world, rbacOf(world), namespacesIn(world), probeTrialsOf(world)),
);

/** The trials of probe pods, kept while nothing is read but workloads, which are no parameters of any policy. */
function probeTrialsOf(world: World): ProbeTrials {
  const known = PROBE_TRIALS.get(world);
  const revision = world.revisionBesides(WORKLOADS);
  if (known?.revision === revision) return known.trials;
  const trials = new ProbeTrials(world);
  PROBE_TRIALS.set(world, { revision, trials });
  return trials;
}

const PROBE_TRIALS = new WeakMap<World, { revision: number; trials: ProbeTrials }>();
