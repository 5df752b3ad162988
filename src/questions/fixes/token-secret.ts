import { fixes, fixTexts } from '../../answer/command.ts';
import type { Secret } from '../../world/objects.ts';
import type { Change } from './change.ts';

/** The token of an account that a Secret holds ends when the Secret is deleted, and not before. */
export function tokenSecretChange(secret: Secret): Change {
  const { namespace, name, account } = secret;
  const place = namespace === null ? [] : ['-n', namespace];
  const words = `Secret ${namespace ?? ''}/${name}`;
  return {
    key: `Secret ${namespace} ${name}`,
    object: { kind: 'Secret', namespace, name },
    words,
    madeIn: (world) => world.fork('secrets', { drop: [secret] }),
    texts: (kubectl) => fixTexts(fixes('delete', `secret/${name}`, ...place), kubectl),
    who: 'whoever else uses it',
    loses: () => 'loses it',
    also: () => `whoever else uses the token of ${account ?? 'an account'} in ${words} loses it`,
  };
}
