import { changes } from '../../answer/command.ts';
import { accountUser } from '../../rbac/subjects.ts';
import { byRights } from '../by-rights.ts';
import { accountPosition } from '../position.ts';
import { accountsOf } from '../targets.ts';
import { right } from '../wanted.ts';
import { accountOfGoal } from './accounts.ts';

const IMPERSONATE = right('impersonate', 'serviceaccounts');

/** Requests in the name of an account. The account need not exist. */
export const impersonateAccount = byRights({
  id: 'impersonate-sa',
  title: 'impersonate a service account',
  takes: 'impersonate serviceaccounts, for that account, held by an identity that is not impersonated itself.',
  gives:
    'What the account may do, with the groups of its namespace. It is no credential: nobody can be impersonated from there.',
  mitre: ['T1078'],
  microsoft: ['MS-TA9016'],
  references: ['apiserver pkg/endpoints/filters/impersonation'],
  targets: ({ world }) => accountsOf(world),
  entry: [{ wanted: IMPERSONATE, isNamed: true }],
  steps: ({ namespace, name }) => [
    {
      words: `impersonate ServiceAccount ${namespace}/${name}`,
      any: [[{ wanted: IMPERSONATE, namespace, name }]],
      attack: () => changes(['auth', 'whoami', `--as=${accountUser(namespace, name)}`]),
      needsCredential: true,
    },
  ],
  gains: ({ namespace, name }) => accountPosition(namespace, name, true),
  targetOf: accountOfGoal,
});
