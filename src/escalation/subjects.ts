import { AUTHENTICATED, parseAccountUser, UNAUTHENTICATED } from '../rbac/subjects.ts';
import { oncePerState } from '../world/once.ts';
import type { World } from '../world/world.ts';
import type { Attacker } from './attacker.ts';

/** Users and groups by name. */
interface Names {
  users: readonly string[];
  groups: readonly string[];
}

/**
 * The users and groups that bindings name, and those that are asked about: no cluster knows any others. Accounts are
 * none of these users, and the groups of everybody none of these groups.
 */
export function namedSubjects({ world, goals }: Attacker): Names {
  const { users, groups } = boundSubjects(world);
  const asked = goals.flatMap((goal) => (goal.kind === 'identity' ? [goal.subject] : []));
  const namesOf = (kind: string): string[] => asked.flatMap((each) => (each.kind === kind ? [each.name] : []));
  return {
    users: [...new Set([...users, ...namesOf('User').filter(isPerson)])],
    groups: [...new Set([...groups, ...namesOf('Group').filter(isChosen)])],
  };
}

/** A user name that spells no account: the server takes such a name for the account. */
export const isPerson = (name: string): boolean => parseAccountUser(name) === null;

/** Everybody is in these groups without being given them. */
export const isChosen = (group: string): boolean => group !== AUTHENTICATED && group !== UNAUTHENTICATED;

const boundSubjects = oncePerState((world: World): Names => {
  const users = new Set<string>();
  const groups = new Set<string>();
  for (const { subjects } of [...world.list('clusterrolebindings'), ...world.list('rolebindings')])
    for (const { kind, name } of subjects) {
      if (kind === 'User' && isPerson(name)) users.add(name);
      else if (kind === 'Group' && isChosen(name)) groups.add(name);
    }
  return { users: [...users], groups: [...groups] };
});
