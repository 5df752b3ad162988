import type { Right } from '../spawn/rights/holder.ts';
import type { Attacker } from './attacker.ts';
import type { Position } from './position.ts';
import type { Targets } from './targets.ts';

/**
 * Those of a list whose positions an attacker has not reached yet. They become fewer, since what is reached stays
 * reached: of thousands of pods and accounts most are, and need not be gone through again by each technique.
 */
export class Remaining<T> {
  #left: readonly T[];
  readonly #positionOf: (each: T) => Position;
  readonly #attacker: Attacker;

  constructor(all: readonly T[], positionOf: (each: T) => Position, attacker: Attacker) {
    this.#left = all;
    this.#positionOf = positionOf;
    this.#attacker = attacker;
  }

  all(): readonly T[] {
    this.#left = this.#left.filter((each) => !this.#attacker.has(this.#positionOf(each)));
    return this.#left;
  }
}

/** The targets of a technique that an attacker has not reached yet, by the namespaces and names that a right is for. */
export class RemainingTargets<T extends { namespace: string | null; name: string }> {
  readonly #positionOf: (target: T) => Position;
  readonly #attacker: Attacker;
  readonly #known = new Map<Targets<T>, Map<string | null, Remaining<T>>>();

  constructor(positionOf: (target: T) => Position, attacker: Attacker) {
    this.#positionOf = positionOf;
    this.#attacker = attacker;
  }

  within(targets: Targets<T>, right: Pick<Right, 'namespace' | 'names'>): readonly T[] {
    const { namespace, names } = right;
    if (names !== null) return this.#of(targets.within(right)).all();
    const byNamespace = this.#known.get(targets) ?? new Map<string | null, Remaining<T>>();
    this.#known.set(targets, byNamespace);
    const known = byNamespace.get(namespace) ?? this.#of(targets.within(right));
    byNamespace.set(namespace, known);
    return known.all();
  }

  #of(all: readonly T[]): Remaining<T> {
    return new Remaining(all, this.#positionOf, this.#attacker);
  }
}
