import type { Rbac } from '../rbac/rbac.ts';
import { accountOf, MASTERS } from '../rbac/subjects.ts';
import type { Rule } from '../world/objects.ts';
import type { World } from '../world/world.ts';
import { accountPosition, type IdentityPosition, identityPosition } from './position.ts';

/** Whether a rule allows every verb on every resource. */
export const isEverything = ({ verbs, apiGroups, resources, resourceNames }: Rule): boolean =>
  verbs.includes('*') && apiGroups.includes('*') && resources.includes('*') && resourceNames.length === 0;

/** Whether an identity may do everything in the whole cluster, by what the cluster itself grants. */
export function isSuperuser({ identity }: IdentityPosition, { rbac }: { rbac: Rbac }): boolean {
  if (identity.groups.includes(MASTERS)) return true;
  return rbac.entriesOf(identity).some(({ binding }) => {
    const role = binding.namespace === null ? rbac.roleOf(binding) : 'missing';
    return typeof role !== 'string' && rbac.rulesOf(role).some(isEverything);
  });
}

/** The subjects that a binding makes superusers: whoever becomes one of them is cluster-admin. */
export function superusersOf({ world, rbac }: { world: World; rbac: Rbac }): IdentityPosition[] {
  const subjects = world.list('clusterrolebindings').flatMap((binding) => {
    const role = rbac.roleOf(binding);
    return typeof role !== 'string' && rbac.rulesOf(role).some(isEverything) ? binding.subjects : [];
  });
  return subjects.flatMap((subject) => {
    const account = accountOf(subject);
    if (account) return [accountPosition(account.namespace, account.name)];
    const { kind, name } = subject;
    return (kind === 'User' || kind === 'Group') && name !== MASTERS
      ? [identityPosition({ kind, namespace: null, name })]
      : [];
  });
}
