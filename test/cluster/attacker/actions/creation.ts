import { waitForServiceAccount } from '../../../helpers/real.ts';
import type { Action } from '../attack.ts';
import { accountObject, namespaceObject } from '../grants.ts';
import { create } from '../outcome.ts';
import { objectPath } from '../stage.ts';

/** Creates the accounts that the world's bindings speak of and that do not exist. */
export const createAccounts: Action = {
  name: 'create an account',
  resources: ['serviceaccounts'],
  async run(attack, credential) {
    for (const { namespace, name } of attack.accounts) {
      const object = accountObject(namespace, name);
      const exists = attack.world.objects.some(
        ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === namespace && metadata.name === name,
      );
      if (exists || attack.done.has(objectPath(object)) || (await create(credential, object, true)) !== 'done')
        continue;
      attack.done.add(objectPath(object));
      attack.version += 1;
    }
  },
};

/** Creates the namespaces that the world's bindings speak of and that do not exist. */
export const createNamespaces: Action = {
  name: 'create a namespace',
  resources: ['namespaces'],
  async run(attack, credential) {
    for (const name of attack.names.missingNamespaces) {
      if (attack.namespaces.includes(name)) continue;
      if ((await create(credential, namespaceObject(name), true)) !== 'done') continue;
      attack.stage.discard(`/api/v1/namespaces/${name}`);
      await waitForServiceAccount(attack.plane, name);
      attack.namespaces.push(name);
      attack.accounts.push({ namespace: name, name: 'default' });
      attack.version += 1;
    }
  },
};
