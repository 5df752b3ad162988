import { ALL_ACCOUNTS, AUTHENTICATED } from '../../rbac/subjects.ts';
import { list, type Need } from '../../world/needs.ts';
import type { ServiceAccount } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';

/**
 * The service accounts of a group that consists of service accounts; null for a group whose members no cluster lists,
 * or that were not read.
 */
export function accountsIn(group: string, world: World): readonly ServiceAccount[] | null {
  const scope = accountScope(group);
  if (scope === undefined || !world.isRead(list('serviceaccounts', scope))) return null;
  return world.list('serviceaccounts', scope);
}

export const membersOf = (group: string, world: World): number | null => accountsIn(group, world)?.length ?? null;

/** The lists that tell the members of groups among these. */
export function memberNeeds(groups: Iterable<string>): Need[] {
  const scopes = new Set([...groups].map(accountScope).filter((scope) => scope !== undefined));
  return scopes.has(null) ? [list('serviceaccounts')] : [...scopes].map((scope) => list('serviceaccounts', scope));
}

/** The namespace whose accounts are the group; null for all accounts; undefined for any other group. */
function accountScope(group: string): string | null | undefined {
  if (group === ALL_ACCOUNTS) return null;
  return group.startsWith(`${ALL_ACCOUNTS}:`) ? group.slice(ALL_ACCOUNTS.length + 1) : undefined;
}

/** Groups that everybody, or nearly everybody, belongs to: the loudest finding there is. */
export const isEverybody = (group: string): boolean =>
  [AUTHENTICATED, ALL_ACCOUNTS, 'system:unauthenticated'].includes(group);
