import { before } from '../../answer/ends.ts';

/** The user name and the password of a URL, as the bytes that are sent. */
export interface UserInfo {
  user: Buffer;
  password: Buffer;
}

/**
 * The part before the `@` of a URL, percent-decoded to bytes as Go does (net/url.Userinfo); undefined where there is
 * none, and null where an escape is invalid, for which Go refuses the URL. JavaScript's own decoder throws for that,
 * and for bytes that are not UTF-8.
 */
export function userInfoOf({ username, password }: URL): UserInfo | undefined | null {
  if (username === '' && password === '') return undefined;
  const [user, secret] = [decode(username), decode(password)];
  return user && secret && { user, password: secret };
}

/** The same URL without user name and password. */
export function withoutUserInfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = bare.password = '';
  return bare;
}

/** The value of a header for basic auth. */
export const basicAuth = ({ user, password }: UserInfo): string =>
  `Basic ${Buffer.concat([user, Buffer.from(':'), password]).toString('base64')}`;

function decode(text: string): Buffer | null {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;
  const bytes = text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1');
}

/**
 * A text that may be a URL, for messages: without user, password, query and fragment, however malformed it is, and
 * without a port that is invalid.
 */
export function withoutSecrets(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(text) ?? [];
  const place = before(rest.slice(rest.lastIndexOf('@') + 1), /[?#]/);
  return `${scheme}${place.replace(/^([^:/[]*):(?!\d+(?:\/|$)).*$/s, '$1:…')}`;
}
