import { changes } from '../../answer/command.ts';
import { byRights } from '../by-rights.ts';
import { accountPosition } from '../position.ts';
import { accountsOf, accountUnknowns } from '../targets.ts';
import { right } from '../wanted.ts';
import { accountOfGoal, CREATORS, creationOf } from './accounts.ts';

const TOKEN = right('create', 'serviceaccounts/token');

/** A token of an account, by the TokenRequest API. */
export const tokenRequest = byRights({
  id: 'sa-token-request',
  title: 'request a token of a service account',
  takes: 'create serviceaccounts/token, for that account.',
  gives: 'The account, for as long as the token lives: by default an hour, at most what the API server allows.',
  since: { major: 1, minor: 22 },
  mitre: ['T1528'],
  microsoft: ['MS-TA9016'],
  references: ['kubernetes pkg/registry/core/serviceaccount/storage/token.go'],
  targets: ({ world }) => accountsOf(world),
  entry: [{ wanted: TOKEN, isNamed: true }, ...CREATORS],
  steps: (account) => [
    ...creationOf(account),
    {
      words: `request a token of ServiceAccount ${account.namespace}/${account.name}`,
      any: [[{ wanted: TOKEN, namespace: account.namespace, name: account.name }]],
      attack: () => changes(['create', 'token', account.name, '-n', account.namespace]),
    },
  ],
  gains: ({ namespace, name }) => accountPosition(namespace, name),
  condition: (account, { world }) => ({ unknowns: accountUnknowns(account, world), leaning: 'yes' }),
  targetOf: accountOfGoal,
});
