import { readCommand } from '../../spawn/commands/read-command.ts';
import type { Step } from '../derivation.ts';
import { right } from '../wanted.ts';

/** Verbs by which one Secret is read: the answers to patch and delete hold it too. */
export const READ_SECRET = right(['get', 'list', 'watch', 'patch', 'delete'], 'secrets');

/** It reads all Secrets of a namespace, and takes no name. */
export const READ_COLLECTION = right('deletecollection', 'secrets');

/** A Secret that holds a token, as it is named to be read. */
export const TOKEN_SECRET = { kind: 'Secret', type: 'kubernetes.io/service-account-token' };

/** One Secret that holds a token is read, by whatever right. */
export const readSecretStep = (namespace: string, name: string): Step => ({
  words: `read Secret ${name}`,
  any: [[{ wanted: READ_SECRET, namespace, name }], [{ wanted: READ_COLLECTION, namespace, name: null }]],
  attack: ([by]) => (by ? readCommand(TOKEN_SECRET, by, namespace, name) : null),
});
