import type { Actor } from './actor.ts';
import type { Attacker } from './attacker.ts';
import type { Derivation, Taken } from './derivation.ts';
import type { RequestPosition } from './position.ts';
import type { Technique } from './technique.ts';

/** How somebody makes the request that is asked about, and what that depends on. */
export interface Allowed extends Pick<Derivation, 'technique' | 'unknowns' | 'leaning'> {
  step: Omit<Taken, 'actor'>;
}

/**
 * The technique that ends at a request: whoever is held and may make it has the goal. `allowed` says how an identity
 * may, by its own rights and by those that were handed to it.
 */
export const makesRequest = (
  goal: RequestPosition,
  allowed: (actor: Actor, attacker: Attacker) => Iterable<Allowed>,
): Technique => ({
  id: 'request',
  title: 'make the request that is asked about',
  isLast: true,
  takes: 'the right to make it.',
  gives: 'What the request does.',
  ...{ mitre: [], microsoft: [], references: [] },
  *ofIdentity(actor, attacker) {
    if (attacker.has(goal)) return;
    for (const { technique, step, unknowns, leaning } of allowed(actor, attacker))
      yield {
        ...{ technique, to: goal, unknowns, leaning },
        steps: [{ ...step, actor }],
        from: attacker.basisOf(actor, step.rights),
      };
  },
});
