import { writeCommand } from '../../spawn/commands/commands.ts';
import type { Raw } from '../../world/raw.ts';
import type { Step } from '../derivation.ts';

/** What writes an object by the first right of a step. */
export const writes =
  (object: Raw): NonNullable<Step['attack']> =>
  ([by]) =>
    by ? writeCommand(object, by) : null;

/** A Secret that the token controller fills with a token of an account. */
export const tokenSecret = (namespace: string, name: string, account: string) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
  metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': account } },
});
