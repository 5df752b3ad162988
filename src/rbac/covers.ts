import { trimLetters } from '../answer/ends.ts';
import type { Rule } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';

/**
 * Whether somebody who holds the rules `owned` may write a role with the rules `wanted`, or bind a role that has them:
 * each smallest part of a wanted rule (one verb on one resource, one name) has to be in one owned rule. Pure. Mirrors
 * component-helpers auth/rbac/validation/policy_comparator.go Covers.
 */
export const covers = (owned: readonly Rule[], wanted: readonly Rule[]): boolean => {
  const known = KNOWN.get(owned) ?? new WeakMap<readonly Rule[], boolean>();
  KNOWN.set(owned, known);
  const before = known.get(wanted);
  if (before !== undefined) return before;
  const found = findCover(owned, wanted);
  known.set(wanted, found);
  return found;
};

/** The same lists of rules are compared again and again. */
const KNOWN = new WeakMap<readonly Rule[], WeakMap<readonly Rule[], boolean>>();

const findCover = (owned: readonly Rule[], wanted: readonly Rule[]): boolean =>
  wanted.every(
    (rule) => owned.includes(rule) || partsOf(rule).every((part) => owned.some((each) => coversPart(each, part))),
  );

/** One verb on one resource of one group under one name (null: under any), or on one URL. */
type Part = { verb: string } & ({ group: string; resource: string; name: string | null } | { url: string });

const partsOf = oncePerObject(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): Part[] => {
  const names = resourceNames.length > 0 ? resourceNames : [null];
  return verbs.flatMap((verb) => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) => names.map((name): Part => ({ verb, group, resource, name }))),
    ),
    ...nonResourceURLs.map((url): Part => ({ verb, url })),
  ]);
});

function coversPart(rule: Rule, part: Part): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(part.verb)) return false;
  // A URL has no resourceNames: only a rule without any covers it.
  if ('url' in part)
    return rule.resourceNames.length === 0 && rule.nonResourceURLs.some((url) => coversUrl(url, part.url));
  const { group, resource, name } = part;
  return (
    (rule.apiGroups.includes('*') || rule.apiGroups.includes(group)) &&
    coversResource(rule.resources, resource) &&
    (rule.resourceNames.length === 0 || (name !== null && rule.resourceNames.includes(name)))
  );
}

/** Unlike in a request, `pods/*` is a resource of its own here, which only the same spelling, or a `*`, covers. */
function coversResource(resources: readonly string[], wanted: string): boolean {
  if (resources.includes('*') || resources.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && resources.includes(`*/${wanted.slice(slash + 1)}`);
}

const coversUrl = (owned: string, wanted: string): boolean =>
  owned === wanted || (owned.endsWith('*') && wanted.startsWith(trimLetters(owned, '*')));
