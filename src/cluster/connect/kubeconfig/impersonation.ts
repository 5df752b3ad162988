import { UserError } from '../../../answer/user-error.ts';
import type { Impersonation } from '../connection.ts';
import type { User } from './config.ts';

/** Header values by lower-case name. Several values are sent as several lines. */
export type Headers = Record<string, string | string[]>;

/** The identity that the kubeconfig and the flags impersonate; undefined where there is none. */
export function impersonationOf(user: User): Impersonation | undefined {
  if (!user.as) return undefined;
  return {
    user: user.as,
    groups: user['as-groups'] ?? [],
    uid: user['as-uid'] ?? '',
    extra: user['as-user-extra'] ?? {},
  };
}

/**
 * The headers that make the server act as somebody else, as client-go writes them (transport/round_trippers.go). The
 * server lower-cases the keys of extras and percent-decodes them. Throws a UserError where a value cannot be sent.
 */
export function impersonationHeaders({ user, groups = [], uid, extra = {} }: Impersonation): Headers {
  const lines = Object.entries(extra).flatMap(([key, values]) =>
    values.map((value): [string, string] => [
      `impersonate-extra-${escapeKey(key).toLowerCase()}`,
      headerValue('Impersonate-Extra', value),
    ]),
  );
  return {
    'impersonate-user': headerValue('Impersonate-User', user),
    ...(uid ? { 'impersonate-uid': headerValue('Impersonate-Uid', uid) } : {}),
    ...(groups.length > 0
      ? { 'impersonate-group': groups.map((group) => headerValue('Impersonate-Group', group)) }
      : {}),
    ...Object.fromEntries(
      Object.entries(Object.groupBy(lines, ([name]) => name)).map(([name, found = []]) => [
        name,
        found.map(([, value]) => value),
      ]),
    ),
  };
}

/**
 * `value` as node:http expects it: its UTF-8 bytes, one per character. Throws a UserError, which does not quote the
 * value, for control characters.
 */
export function headerValue(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what may not be sent
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new UserError(`Unable to connect to the server: net/http: invalid header field value for "${name}"`);
  }
  return Buffer.from(value, 'utf8').toString('latin1');
}

/** Percent-encodes every byte that the name of a header may not contain, and the percent sign itself. */
const escapeKey = (key: string): string =>
  Buffer.from(key, 'utf8')
    .toString('latin1')
    .replaceAll(
      /[^!#$&'*+\-.0-9A-Z^_`a-z|~]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
