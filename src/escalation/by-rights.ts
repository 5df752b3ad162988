import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import { oncePerObject } from '../world/once.ts';
import { compareVersions } from '../world/version.ts';
import type { Actor } from './actor.ts';
import type { Attacker } from './attacker.ts';
import type { Ask, Derivation, Requirement, Step } from './derivation.ts';
import { CERTAIN } from './derivation.ts';
import type { Position } from './position.ts';
import { RemainingTargets } from './remaining.ts';
import type { Targets } from './targets.ts';
import type { Technique } from './technique.ts';

/** What a technique does that takes nothing but rights to one target, or to what belongs to it. */
export interface ByRights<T extends { namespace: string | null; name: string }>
  extends Omit<Technique, 'ofIdentity' | 'ofPosition' | 'toward'> {
  /** What it may be done to. */
  targets: (attacker: Attacker) => Targets<T>;
  /** The rights of which a holder has at least one: where it counts is where targets are looked for. */
  entry: readonly Entry<T>[];
  steps: (target: T, attacker: Attacker) => readonly Step[];
  gains: (target: T) => Position;
  /** Null: it cannot work for this target. */
  condition?: (target: T, attacker: Attacker) => { unknowns: readonly Unknown[]; leaning: Leaning } | null;
  /** The target that is a goal, or leads to it at once; null where it leads to no such goal. */
  targetOf: (goal: Position, attacker: Attacker) => T | null;
}

/** A right by which a holder may take one of the steps. */
export interface Entry<T extends { namespace: string | null; name: string }> extends Pick<Ask, 'wanted' | 'creates'> {
  /** Whether its names are those of targets; otherwise any target of the namespace is looked at. */
  isNamed: boolean;
  /** The targets for which it is of use, where these are not all. */
  targets?: (attacker: Attacker) => Targets<T>;
}

/** A technique that takes nothing but rights: in which places it can be done follows from where they count. */
export function byRights<T extends { namespace: string | null; name: string }>(spec: ByRights<T>): Technique {
  const { id } = spec;
  const gainsOf = oncePerObject(spec.gains);
  const remainingOf = oncePerObject((attacker: Attacker) => new RemainingTargets(gainsOf, attacker));
  const conditionOf = (target: T, attacker: Attacker) => (spec.condition ? spec.condition(target, attacker) : CERTAIN);
  return {
    ...spec,
    *ofIdentity(actor: Actor, attacker: Attacker): Generator<Derivation> {
      if (!isServed(spec, attacker)) return;
      for (const { wanted, creates, isNamed, targets = spec.targets } of spec.entry) {
        for (const { namespace, names } of attacker.rights(actor, wanted, creates)) {
          const right = { namespace, names: isNamed ? names : null };
          for (const target of remainingOf(attacker).within(targets(attacker), right)) {
            const to = gainsOf(target);
            const condition = conditionOf(target, attacker);
            if (!condition || attacker.has(to, condition.unknowns.length > 0)) continue;
            const found = attacker.derive(id, to, { steps: spec.steps(target, attacker) }, condition);
            if (found) yield found;
          }
        }
      }
    },
    *toward(goal: Position, attacker: Attacker): Generator<Requirement> {
      const target = isServed(spec, attacker) ? spec.targetOf(goal, attacker) : null;
      if (target && conditionOf(target, attacker)) yield { technique: id, steps: spec.steps(target, attacker) };
    },
  };
}

/** Whether the server has what a technique needs; a server of unknown version is taken to have it. */
function isServed({ since }: Pick<Technique, 'since'>, { world }: Attacker): boolean {
  const { version } = world.facts;
  return since === undefined || version === null || compareVersions(since, version) <= 0;
}
