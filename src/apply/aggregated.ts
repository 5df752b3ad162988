import { aggregateAll } from '../rbac/aggregation.ts';
import { list } from '../world/needs.ts';
import type { Role } from '../world/objects.ts';
import type { Draft } from './draft.ts';

/**
 * Lets the aggregation controller fill the ClusterRoles whose selected roles have changed, in the order of its own.
 * Where not all ClusterRoles were read, a role keeps the rules that it has, and gets those that are added. Returns the
 * names of the roles that it fills anew.
 */
export function aggregateChanged(draft: Draft): Set<string> {
  const { before } = draft;
  const roles = draft.list('clusterroles');
  const isComplete = before.isRead(list('clusterroles'));
  const former = new Map(aggregateAll(before.list('clusterroles'), () => false).map((role) => [role.name, role]));
  const filled = new Set<string>();
  for (const role of aggregateAll(roles, () => !isComplete)) {
    if (role.selectors === null) continue;
    const standing = before.find('clusterroles', null, role.name);
    const isReplaced = draft.find('clusterroles', null, role.name) !== standing;
    if (!isReplaced && sameRules(former.get(role.name), role, isComplete)) continue;
    draft.put('clusterroles', role);
    filled.add(role.name);
  }
  return filled;
}

/** Whether the change has left the sum of a role as it was: then what is stored stays, whatever it is. */
function sameRules(former: Role | undefined, now: Role, isComplete: boolean): boolean {
  if (former === undefined) return false;
  const known = new Set(former.rules.map((rule) => JSON.stringify(rule)));
  const rules = new Set(now.rules.map((rule) => JSON.stringify(rule)));
  return isComplete ? known.symmetricDifference(rules).size === 0 : rules.isSubsetOf(known);
}
