import type { Unknown } from '../../../answer/unknown.ts';
import type { Manifest } from '../../../world/objects.ts';
import { child, children, Malformed, type Raw, text, texts } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import { listed } from '../../request/reading/listed.ts';
import { type MatchSubject, matchBlock } from './match.ts';
import { NotUnderstood, RuleError } from './outcome.ts';
import type { Policy } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** The exceptions from a rule that may apply to an object. */
export interface Exceptions {
  /** Says that there may be more exceptions, and that those which exist may or may not count. */
  unknowns: readonly Unknown[];
  /** Whether lists were not read, or an exception lifts the whole rule. */
  isWhole: boolean;
  /** The controls of Pod Security that the other exceptions exclude. */
  exclude: readonly Raw[];
}

/**
 * The PolicyExceptions that may exempt an object from a rule, and which of their lists were not read. Whether Kyverno
 * honours any is a flag of its own that the API does not show, so that an exception which is found makes the verdict a
 * depends. `meets` says whether the conditions of an exception hold. Mirrors kyverno pkg/engine/utils/exceptions.go.
 */
export function exceptionsFor(
  policy: Policy,
  rule: string,
  subject: MatchSubject,
  meets: (conditions: unknown) => boolean,
): Exceptions {
  const { objects, unknowns } = listed(subject.world, KIND, null, `what is excepted from policy ${policy.name}`);
  const found = [...objects].filter(
    (each) => isFor(each, policy, rule) && isAbout(each, subject) && mayMeet(each, meets),
  );
  const exclusions = found.map(exclusionsOf);
  return {
    unknowns: [...unknowns, ...found.map((each) => honoured(each, policy))],
    isWhole: unknowns.length > 0 || exclusions.some((each) => each === null),
    exclude: exclusions.flatMap((each) => each ?? []),
  };
}

/** Conditions that are not understood may hold; conditions that Kyverno cannot evaluate do not hold. */
function mayMeet({ raw }: Manifest, meets: (conditions: unknown) => boolean): boolean {
  try {
    return meets(child(raw, 'spec').conditions);
  } catch (error) {
    if (error instanceof RuleError) return false;
    if (error instanceof NotUnderstood || error instanceof Malformed) return true;
    throw error;
  }
}

/** The exclusions of an exception; null for one that lifts the whole rule. */
function exclusionsOf({ raw }: Manifest): readonly Raw[] | null {
  return understoodOr(
    () => {
      const found = children(child(raw, 'spec'), 'podSecurity');
      return found.length > 0 ? found : null;
    },
    () => null,
  );
}

function isFor({ raw }: Manifest, { name, namespace }: Policy, rule: string): boolean {
  const full = namespace === null ? name : `${namespace}/${name}`;
  return understoodOr(
    () =>
      children(child(raw, 'spec'), 'exceptions').some(
        (each) =>
          text(each, 'policyName') === full && texts(each, 'ruleNames').some((glob) => matchesWildcard(glob, rule)),
      ),
    () => true,
  );
}

/** An exception that cannot be read may apply to anything. */
function isAbout({ raw }: Manifest, subject: MatchSubject): boolean {
  return understoodOr(
    () => matchBlock(child(child(raw, 'spec'), 'match'), subject) !== false,
    () => true,
  );
}

const honoured = ({ namespace, name }: Manifest, policy: Policy): Unknown => ({
  kind: 'invisible',
  what: `whether Kyverno honours PolicyException ${namespace === null ? '' : `${namespace}/`}${name}`,
  why: 'its own flags say so, which the API does not show',
  affects: `whether policy ${policy.name} refuses`,
});

const KIND = 'PolicyException.kyverno.io';
