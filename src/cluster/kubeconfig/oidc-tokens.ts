import { readFileSync, writeFileSync } from 'node:fs';

type Tokens = Record<string, string>;

/**
 * Puts renewed tokens in the place of the old ones in the kubeconfig `file`, and leaves every other byte of it alone. Throws an Error
 * where a refresh token that works only once cannot be kept, since the next login would fail without it.
 */
export function saveTokens(file: string | undefined, old: Tokens, renewed: Tokens): void {
  try {
    if (!file) return;
    const before = readFileSync(file, 'utf8');
    const after = Object.entries(renewed).reduce(
      (text, [field, token]) => (old[field] ? text.replaceAll(old[field], () => token) : text),
      before,
    );
    if (after !== before) writeFileSync(file, after);
  } catch (error) {
    if (old['refresh-token'] !== renewed['refresh-token']) throw new Error(`could not persist new tokens: ${(error as Error).message}`);
  }
}
