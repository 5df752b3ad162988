import { usageError } from '../../answer/user-error.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import { isPathSegment } from '../../world/path-segment.ts';

/**
 * Reads `user/jane`, `group/ops`, `sa/builder` (of the given namespace), `system:serviceaccount:ci:builder`, and what
 * tables print, `ServiceAccount/ci/builder`. Users and groups may hold any character. Throws a usage error for anything
 * else, a bare name above all: nothing tells what it is.
 */
export function parseSubject(text: string, namespace: string): Subject {
  const account = parseAccountUser(text);
  if (account) return accountOf(text, account);
  const [, word = '', rest = ''] = /^([^/]+)\/(.+)$/s.exec(text) ?? [];
  const kind = KINDS.get(word.toLowerCase());
  if (kind === 'User' || kind === 'Group') return { kind, namespace: null, name: rest };
  const [name = '', home = namespace, ...others] = rest.split('/').reverse();
  if (!kind || name === '' || home === '' || others.length > 0 || rest.includes(':'))
    throw usageError(`error: invalid subject "${text}": say ${advice(text)}`);
  return accountOf(text, { namespace: home, name });
}

function accountOf(text: string, { namespace, name }: { namespace: string; name: string }): Subject {
  if (!isPathSegment(namespace))
    throw usageError(`error: invalid subject "${text}": no namespace can be called ${JSON.stringify(namespace)}`);
  if (!isPathSegment(name))
    throw usageError(`error: invalid subject "${text}": no service account can be called ${JSON.stringify(name)}`);
  return { kind: 'ServiceAccount', namespace, name };
}

/** Whether a word means a subject, and not an object: it begins with a subject's type, or is an account's user name. */
export const isSubject = (word: string): boolean =>
  parseAccountUser(word) !== null || KINDS.has(/^([^/]+)\//.exec(word)?.[1]?.toLowerCase() ?? '');

function advice(text: string): string {
  if (GROUPS.test(text)) return `group/${text}`;
  if (text.startsWith('system:')) return `user/${text} or group/${text}`;
  if (/^[^/:]+$/.test(text)) return `sa/${text}, user/${text} or group/${text}`;
  return 'sa/NAME, system:serviceaccount:NAMESPACE:NAME, user/NAME or group/NAME';
}

const KINDS: ReadonlyMap<string, 'ServiceAccount' | 'User' | 'Group'> = new Map([
  ['sa', 'ServiceAccount'],
  ['serviceaccount', 'ServiceAccount'],
  ['serviceaccounts', 'ServiceAccount'],
  ['user', 'User'],
  ['group', 'Group'],
]);

/** Groups that Kubernetes itself names. */
const GROUPS = /^system:(masters|authenticated|unauthenticated|nodes|monitoring|bootstrappers|serviceaccounts)(:|$)/;
