import { type Command, reads } from '../answer/command.ts';
import { isUrlRequest, type Request } from './request.ts';
import { ALL_ACCOUNTS, AUTHENTICATED, type Identity, parseAccountUser } from './subjects.ts';

/** `kubectl auth can-i create pods/web-0 --subresource=portforward -n shop --as=jane`. */
export function canI(identity: Identity, request: Request): Command<'reads'> {
  const { words, flags } = whatOf(request);
  const all = [...flags, ...impersonation(identity)];
  // A word that could be read as a flag comes after all flags.
  const isFlag = [request.verb, ...words].some((word) => word.startsWith('-'));
  return isFlag
    ? reads('auth', 'can-i', ...all, '--', request.verb, ...words)
    : reads('auth', 'can-i', request.verb, ...words, ...all);
}

function whatOf(request: Request): { words: string[]; flags: string[] } {
  if (isUrlRequest(request)) return { words: [request.url], flags: [] };
  const { group, resource, subresource, namespace, name } = request;
  const type = `${resource}${group === '' ? '' : `.${group}`}`;
  return {
    words: [name === '' ? type : `${type}/${name}`],
    flags: [
      ...(subresource === '' ? [] : [`--subresource=${subresource}`]),
      ...(namespace === '' ? ['-A'] : ['-n', namespace]),
    ],
  };
}

/**
 * The flags with which kubectl impersonates an identity. The server itself adds the groups of a service account where
 * no group is given, and `system:authenticated` for everybody. Groups cannot be impersonated without a user, so that
 * any name stands for a member. Mirrors apiserver endpoints/filters/impersonation.
 */
export function impersonation({ user, groups }: Identity): string[] {
  const own = groups.filter((group) => group !== AUTHENTICATED);
  const isImplied =
    user !== null && parseAccountUser(user) !== null && own.every((group) => group.startsWith(ALL_ACCOUNTS));
  const named = user === null && own.length === 0 ? groups : isImplied ? [] : own;
  return [`--as=${user ?? 'anyone'}`, ...named.map((group) => `--as-group=${group}`)];
}
