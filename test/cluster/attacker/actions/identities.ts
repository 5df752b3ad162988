import { type Action, accountPath, STRONG_USER, TOKEN_REQUEST, type TokenReply } from '../attack.ts';
import { accountIdentity, type Credential, impersonation, userIdentity } from '../credentials.ts';
import { ANYTHING_REVIEW } from '../reviews.ts';
import { accountKey } from '../world.ts';

/** Requests a token of each account. */
export const requestTokens: Action = {
  name: 'request a token',
  resources: ['serviceaccounts/token'],
  async run(attack, { send }) {
    const wanted = attack.accounts.filter((account) => !attack.holdsToken(accountKey(account)));
    await Promise.all(
      wanted.map(async (account) => {
        const { status, body } = await send('POST', `${accountPath(account)}/token`, TOKEN_REQUEST);
        if (status === 201) attack.holdToken(this.name, account, (body as TokenReply).status.token);
      }),
    );
  },
};

/**
 * Impersonates each account and user, alone and together with all groups that can be impersonated. Whether that is
 * allowed shows in a request that everybody may make.
 */
export const impersonate: Action = {
  name: 'impersonate',
  resources: ['users', 'groups', 'serviceaccounts'],
  async run(attack, credential) {
    if (credential.impersonated) return;
    const works = async (who: Credential) =>
      (await who.send('POST', ANYTHING_REVIEW.path, ANYTHING_REVIEW.body)).status === 201;
    const { names, accounts } = attack;
    const identities = [
      ...accounts.map(accountIdentity),
      // Whether an account exists is not asked.
      ...[...names.namespaces, ...names.missingNamespaces].flatMap((namespace) =>
        [...names.listed('serviceaccounts'), `${attack.world.prefix}-nobody`].map((name) =>
          accountIdentity({ namespace, name }),
        ),
      ),
      ...[...names.users, ...names.listed('users'), STRONG_USER, `${attack.world.prefix}-nobody`].map(userIdentity),
    ];
    const possible = await keep(identities, (identity) => works(impersonation(credential, identity, [])));
    const [first] = possible;
    if (!first) return;
    const known = [
      ...names.namespaces.map((namespace) => `system:serviceaccounts:${namespace}`),
      ...['system:masters', 'system:serviceaccounts'],
    ];
    const groups = await keep([...new Set([...names.groups, ...names.listed('groups'), ...known])], (name) =>
      works(impersonation(credential, first, [name])),
    );
    for (const identity of possible) {
      attack.hold(this.name, impersonation(credential, identity, []));
      if (groups.length > 0) attack.hold(this.name, impersonation(credential, identity, groups));
    }
  },
};

async function keep<T>(items: readonly T[], predicate: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(predicate));
  return items.filter((_, index) => kept[index]);
}
