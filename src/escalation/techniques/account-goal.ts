import { parseAccountUser } from '../../rbac/subjects.ts';
import { createCommand } from '../../spawn/commands/commands.ts';
import type { Attacker } from '../attacker.ts';
import type { Step } from '../derivation.ts';
import type { Position } from '../position.ts';
import { type Account, accountsOf } from '../targets.ts';
import { right } from '../wanted.ts';

/** The account that is a goal; null where the goal is none. */
export function accountOfGoal(goal: Position, { world }: Attacker): Account | null {
  if (goal.kind !== 'identity' || goal.identity.user === null) return null;
  const account = parseAccountUser(goal.identity.user);
  if (!account) return null;
  const known = accountsOf(world).within({ namespace: account.namespace, names: [account.name] })[0];
  return known ?? { ...account, exists: true, isNamespaceThere: true };
}

const ACCOUNTS = right('create', 'serviceaccounts');
const NAMESPACES = right('create', 'namespaces', '', true);

/** What has to be created before an account that only bindings name can be used. */
export function creationOf({ namespace, name, exists, isNamespaceThere }: Account): Step[] {
  if (exists !== false) return [];
  const create: Step = {
    words: `create ServiceAccount ${namespace}/${name}, which bindings name and which does not exist`,
    any: [[{ wanted: ACCOUNTS, namespace, name, creates: true }]],
    attack: () => createCommand({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }),
  };
  if (isNamespaceThere !== false) return [create];
  const createNamespace: Step = {
    words: `create namespace ${namespace}, which does not exist`,
    any: [[{ wanted: NAMESPACES, namespace: null, name: namespace, creates: true }]],
    attack: () => createCommand({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  };
  // The controller gives each namespace this account.
  return name === 'default' ? [createNamespace] : [createNamespace, create];
}
