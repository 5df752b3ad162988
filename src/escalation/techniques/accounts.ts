import { parseAccountUser } from '../../rbac/subjects.ts';
import type { Attacker } from '../attacker.ts';
import type { Entry } from '../by-rights.ts';
import type { Step } from '../derivation.ts';
import type { Position } from '../position.ts';
import { type Account, accountsOf, missingAccounts } from '../targets.ts';
import { right } from '../wanted.ts';
import { writes } from './written.ts';

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

/** The rights that create accounts which only bindings name. */
export const CREATORS: readonly Entry<Account>[] = [
  { wanted: ACCOUNTS, creates: true, isNamed: true, targets: ({ world }) => missingAccounts(world) },
  { wanted: NAMESPACES, creates: true, isNamed: false, targets: ({ world }) => missingAccounts(world) },
];

/** What has to be created before an account that only bindings name can be used. */
export const creationOf = (account: Account): Step[] =>
  account.exists === false && account.isNamespaceThere === false
    ? [
        {
          words: `create namespace ${account.namespace}, which does not exist`,
          any: [[{ wanted: NAMESPACES, namespace: null, name: account.namespace, creates: true }]],
          attack: writes({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: account.namespace } }),
        },
        ...creationInNamespace(account),
      ]
    : creationInNamespace(account);

/** What has to be created once its namespace is there. */
export function creationInNamespace({ namespace, name, exists, isNamespaceThere }: Account): Step[] {
  // The controller gives each new namespace this account.
  if (exists !== false || (isNamespaceThere === false && name === 'default')) return [];
  return [
    {
      words: `create ServiceAccount ${namespace}/${name}, which bindings name and which does not exist`,
      any: [[{ wanted: ACCOUNTS, namespace, name, creates: true }]],
      attack: writes({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }),
    },
  ];
}
