import type { Unknown } from '../../answer/unknown.ts';
import type { Manifest } from '../../world/objects.ts';
import { child, children, Malformed, text, texts } from '../../world/reduce/raw.ts';
import { listed } from '../listed.ts';
import { type MatchSubject, matchBlock } from './match.ts';
import type { Policy } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * PolicyExceptions that may lift a rule off an object, and what of them was not read. Whether Kyverno takes notice of any is a flag of its own that
 * the API does not show, and their `conditions` are not looked at: one that is found leaves the matter open.
 * Mirrors kyverno pkg/engine/utils/exceptions.go.
 */
export function exceptionsFor(policy: Policy, rule: string, subject: MatchSubject): Unknown[] {
  const { objects, unknowns } = listed(subject.world, KIND, null, `what is excepted from policy ${policy.name}`);
  const found = [...objects].filter((each) => isFor(each, policy, rule) && isAbout(each, subject));
  return [...unknowns, ...found.map((each) => honoured(each, policy))];
}

function isFor({ raw }: Manifest, { name, namespace }: Policy, rule: string): boolean {
  const full = namespace === null ? name : `${namespace}/${name}`;
  try {
    return children(child(raw, 'spec'), 'exceptions').some(
      (each) => text(each, 'policyName') === full && texts(each, 'ruleNames').some((glob) => matchesWildcard(glob, rule)),
    );
  } catch (error) {
    if (error instanceof Malformed) return true;
    throw error;
  }
}

/** One that cannot be read may be about anything. */
function isAbout({ raw }: Manifest, subject: MatchSubject): boolean {
  try {
    return matchBlock(child(child(raw, 'spec'), 'match'), subject) !== false;
  } catch (error) {
    if (error instanceof Malformed) return true;
    throw error;
  }
}

const honoured = ({ namespace, name }: Manifest, policy: Policy): Unknown => ({
  kind: 'invisible',
  what: `whether Kyverno honours PolicyException ${namespace === null ? '' : `${namespace}/`}${name}`,
  why: 'its own flags say so, which the API does not show',
  affects: `whether policy ${policy.name} refuses`,
});

const KIND = 'PolicyException.kyverno.io';
