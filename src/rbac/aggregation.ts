import type { Labels, Role, Rule } from '../world/objects.ts';
import { matchesSelector } from '../world/selectors.ts';

/**
 * The rules that the aggregation controller would fill in: the union over the ClusterRoles that a selector matches,
 * without the role itself. This is for manifests that no controller has seen; on a cluster only `.rules` counts.
 * Mirrors kubernetes pkg/controller/clusterroleaggregation.
 */
export function aggregateRules(
  role: Role,
  clusterRoles: readonly Role[],
  visited: ReadonlySet<string> = new Set(),
): readonly Rule[] {
  if (role.selectors === null || role.rules.length > 0 || visited.has(role.name)) return role.rules;
  const path = new Set([...visited, role.name]);
  return sourcesOf(role, clusterRoles).flatMap((source) => aggregateRules(source, clusterRoles, path));
}

/**
 * The ClusterRoles as the aggregation controller leaves them: those with selectors have the rules of the roles that
 * they select, each rule once, in place of their own. Where `keeps` says so they also keep their own rules: such a role
 * was filled by the controller of a cluster of which not all roles are here. Pure.
 */
export function aggregateAll(roles: readonly Role[], keeps: (role: Role) => boolean): Role[] {
  const rulesOf = (role: Role, path: ReadonlySet<string>): readonly Rule[] => {
    if (role.selectors === null) return role.rules;
    if (path.has(role.name)) return [];
    const inner = new Set([...path, role.name]);
    const selected = sourcesOf(role, roles).flatMap((source) => rulesOf(source, inner));
    return [
      ...new Map(
        [...(keeps(role) ? role.rules : []), ...selected].map((rule) => [JSON.stringify(rule), rule]),
      ).values(),
    ];
  };
  return roles.map((role) => (role.selectors === null ? role : { ...role, rules: rulesOf(role, new Set()) }));
}

/**
 * Whether a role may have more rules, from ClusterRoles without the API's shape: `odd` has the labels of each of these,
 * or null where the labels are not known either. `isSum` tells whether the rules of a role are those of the roles that
 * it selects.
 */
export function mayHaveMore(
  role: Role,
  clusterRoles: readonly Role[],
  odd: readonly (Labels | null)[],
  isSum: (role: Role) => boolean,
  visited: ReadonlySet<string> = new Set(),
): boolean {
  const { selectors } = role;
  if (selectors === null || odd.length === 0 || !isSum(role) || visited.has(role.name)) return false;
  const path = new Set([...visited, role.name]);
  return (
    selectors.some((selector) => odd.some((labels) => labels === null || matchesSelector(selector, labels))) ||
    sourcesOf(role, clusterRoles).some((source) => mayHaveMore(source, clusterRoles, odd, isSum, path))
  );
}

/**
 * The names of the ClusterRoles from which an aggregated role has this rule; null for a role that is not aggregated.
 */
export function aggregatedFrom(role: Role, rule: Rule, clusterRoles: readonly Role[]): string[] | null {
  if (role.selectors === null) return null;
  const wanted = JSON.stringify(rule);
  return sourcesOf(role, clusterRoles)
    .filter(({ rules }) => rules.some((each) => JSON.stringify(each) === wanted))
    .map(({ name }) => name);
}

/**
 * The roles that a role selects, in the order in which the controller adds their rules: selector by selector, and by
 * name.
 */
function sourcesOf({ name: own, selectors }: Role, clusterRoles: readonly Role[]): Role[] {
  const selected = (selectors ?? []).flatMap((selector) =>
    clusterRoles
      .filter(({ name, labels }) => name !== own && matchesSelector(selector, labels))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  return [...new Set(selected)];
}
