import { readFileSync, statSync } from 'node:fs';
import { type ProviderConfig, withProviderConfig } from './edit-user.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Saves renewed tokens in the kubeconfig `file`, as values of the user's auth provider; a user that no longer exists
 * gets none. Throws an Error that quotes no token where a refresh token that works only once cannot be saved, since the
 * next login would fail without it. Mirrors client-go tools/clientcmd/config.go persister.
 */
export function saveTokens(file: string | undefined, user: string, old: ProviderConfig, renewed: ProviderConfig): void {
  try {
    // A pipe or device cannot be read twice, and must not be changed.
    if (!file || !statSync(file).isFile()) return;
    const changed = Object.fromEntries(Object.entries(renewed).filter(([field, token]) => old[field] !== token));
    const after = withProviderConfig(readFileSync(file, 'utf8'), user, changed);
    if (after !== null) replaceFile(file, after);
  } catch (error) {
    if (old['refresh-token'] !== renewed['refresh-token'])
      throw new Error(`could not persist new tokens: ${(error as Error).message}`);
  }
}
