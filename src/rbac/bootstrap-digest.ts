import { createHash } from 'node:crypto';
import { trimLetters } from '../answer/ends.ts';
import type { Binding, Role, Rule } from '../world/objects.ts';

export type RoleContent = Pick<Role, 'rules'>;
export type BindingContent = Pick<Binding, 'roleRef' | 'subjects'>;

/**
 * A digest of what a role or binding grants, by which upstream's own objects are recognised. It has 128 bits of
 * SHA-256, since a crafted collision could hide a grant. Two roles with the same rights have the same digest, however
 * the rules are split and ordered: an upgraded API server appends missing rights one by one
 * (component-helpers/auth/rbac/reconciliation). Null for a role with more rights than any of upstream's could list.
 * Pure.
 */
export function bootstrapDigest(object: RoleContent | BindingContent): string | null {
  const content = 'rules' in object ? canonicalRights(object.rules) : canonicalBinding(object);
  return content && createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}

/** `ClusterRole//cluster-admin`, `RoleBinding/kube-system/system::leader-locking-kube-scheduler`. */
export const bootstrapKey = ({ kind, namespace, name }: Pick<Role | Binding, 'kind' | 'namespace' | 'name'>): string =>
  `${kind}/${namespace ?? ''}/${name}`;

function canonicalBinding({ roleRef, subjects }: BindingContent): unknown[] {
  return [
    roleRef.kind,
    roleRef.name,
    distinct(subjects.map(({ kind, namespace, name }) => JSON.stringify([kind, namespace, name]))),
  ];
}

/** A single right: verb, group, resource and name (null for any name), or verb and URL. */
type Right =
  | readonly [verb: string, group: string, resource: string, name: string | null]
  | readonly [verb: string, url: string];

/** The single rights in sorted order, without those that another right includes. */
function canonicalRights(rules: readonly Rule[]): string[] | null {
  if (rules.reduce((sum, rule) => sum + count(rule), 0) > MOST_RIGHTS) return null;
  const rights = distinct(rules.flatMap(expand).map((right) => JSON.stringify(right))).map(
    (json): Right => JSON.parse(json),
  );
  const wide = rights.filter((right) => right.some((part) => part?.includes('*'))).reduce(withoutCovered, []);
  const nameless = new Set(rights.filter(([, , , name]) => name === null).map((right) => JSON.stringify(right)));
  const narrow = rights.filter((right) => {
    const [verb, group, resource, name] = right;
    if (right.some((part) => part?.includes('*')) || wide.some((each) => covers(each, right))) return false;
    return typeof name !== 'string' || !nameless.has(JSON.stringify([verb, group, resource, null]));
  });
  return distinct([...wide, ...narrow].map((right) => JSON.stringify(right)));
}

/**
 * Adds a right unless a kept one covers it, and drops the kept rights that it covers. Of two that cover each other one
 * stays.
 */
function withoutCovered(kept: readonly Right[], right: Right): Right[] {
  if (kept.some((each) => covers(each, right))) return [...kept];
  return [...kept.filter((each) => !covers(right, each)), right];
}

function covers(wide: Right, right: Right): boolean {
  if (wide.length === 2 || right.length === 2) {
    if (wide.length !== right.length || !equalOrStar(wide[0], right[0])) return false;
    return wide[1] === right[1] || (wide[1].endsWith('*') && right[1].startsWith(trimLetters(wide[1], '*')));
  }
  const [verb, group, resource, name] = right;
  const resources = equalOrStar(wide[2], resource) || (wide[2].startsWith('*/') && resource.endsWith(wide[2].slice(1)));
  return (
    equalOrStar(wide[0], verb) && equalOrStar(wide[1], group) && resources && (wide[3] === null || wide[3] === name)
  );
}

const equalOrStar = (wide: string, value: string): boolean => wide === '*' || wide === value;

function expand({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): Right[] {
  const names = resourceNames.length === 0 ? [null] : resourceNames;
  return verbs.flatMap((verb): Right[] => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) => names.map((name): Right => [verb, group, resource, name])),
    ),
    ...nonResourceURLs.map((url): Right => [verb, url]),
  ]);
}

const count = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): number =>
  verbs.length * (apiGroups.length * resources.length * Math.max(resourceNames.length, 1) + nonResourceURLs.length);

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/**
 * The largest of upstream's roles lists 426 rights. The limit is there because a hostile role could expand to billions.
 */
const MOST_RIGHTS = 3000;
