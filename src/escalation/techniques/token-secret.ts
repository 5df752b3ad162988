import type { Secret } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import { byRights } from '../by-rights.ts';
import type { Step } from '../derivation.ts';
import { accountPosition, type Position } from '../position.ts';
import { accountsOf, accountUnknowns, Targets } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { accountOfGoal, CREATORS, creationOf } from './accounts.ts';
import { without } from './pod-contents.ts';
import { READ_COLLECTION, READ_SECRET, readSecretStep } from './secret-step.ts';
import { tokenSecret, writes } from './written.ts';

/** The Secrets that hold tokens of accounts. */
const tokenSecrets = oncePerState(
  (world: World): Targets<Secret> => new Targets(world.list('secrets').filter(({ account }) => account !== null)),
);

/** A token that lies in a Secret: since 1.24 none is made by itself, so that only those that are there count. */
export const tokenSecretRead: Technique = {
  id: 'sa-token-secret-read',
  title: 'use a token that a Secret holds',
  takes: 'the content of a Secret of type kubernetes.io/service-account-token.',
  gives: 'The account, until somebody deletes the Secret.',
  mitre: ['T1528'],
  microsoft: ['MS-TA9025'],
  references: ['kubernetes pkg/controller/serviceaccount/tokens_controller.go'],
  *ofPosition(position, { world }) {
    if (position.kind !== 'secret') return;
    const { namespace, name } = position;
    const key = `secret ${namespace ?? ''}/${name ?? ''}`;
    for (const secret of tokenSecrets(world).within({ namespace, names: name === null ? null : [name] }))
      yield without(
        tokenSecretRead.id,
        accountPosition(secret.namespace ?? '', secret.account ?? ''),
        `use the token of ServiceAccount ${secret.namespace}/${secret.account} in Secret ${secret.namespace}/${secret.name}`,
        [key],
        name === null ? { secret: { namespace: secret.namespace ?? '', name: secret.name } } : undefined,
      );
  },
};

const CHANGE = right(['patch', 'update'], 'secrets');

/** A token Secret that exists, whose annotation is changed to another account: the controller fills in its token. */
export const tokenSecretRetarget = byRights({
  id: 'sa-token-secret-retarget',
  title: 'make an existing token Secret one of another account',
  takes: 'update or patch of a token Secret that exists, and any right that reads it.',
  gives: 'Any account of the namespace.',
  mitre: ['T1528'],
  microsoft: ['MS-TA9016'],
  references: ['kubernetes pkg/controller/serviceaccount/tokens_controller.go'],
  targets: ({ world }) => accountsWithSecrets(world),
  entry: [...[CHANGE, READ_SECRET, READ_COLLECTION].map((wanted) => ({ wanted, isNamed: false })), ...CREATORS],
  steps: (account, attacker) => {
    const { namespace } = account;
    const stepsFor = (name: string): Step[] => [
      {
        words: `make Secret ${name} a token of ServiceAccount ${namespace}/${account.name}`,
        any: [[{ wanted: CHANGE, namespace, name }]],
        attack: writes(tokenSecret(namespace, name, account.name)),
      },
      readSecretStep(namespace, name),
    ];
    const names = tokenSecrets(attacker.world)
      .in(namespace)
      .map(({ name }) => name);
    const possible = names.map(stepsFor).find((steps) => attacker.meet({ steps }) !== null);
    return [...creationOf(account), ...(possible ?? stepsFor(names[0] ?? ''))];
  },
  gains: ({ namespace, name }): Position => accountPosition(namespace, name),
  condition: (account, { world }) => ({ unknowns: accountUnknowns(account, world), leaning: 'yes' }),
  targetOf: (goal, attacker) => {
    const account = accountOfGoal(goal, attacker);
    return account && tokenSecrets(attacker.world).in(account.namespace).length > 0 ? account : null;
  },
});

const accountsWithSecrets = oncePerState((world: World) => {
  const homes = new Set(tokenSecrets(world).all.map(({ namespace }) => namespace));
  return new Targets(accountsOf(world).all.filter(({ namespace }) => homes.has(namespace)));
});
