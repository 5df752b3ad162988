import { UserError } from '../../../answer/user-error.ts';
import { basicAuth, userInfoOf, withoutSecrets, withoutUserInfo } from '../../wire/user-info.ts';

export interface Server {
  /** The URL without user, query and fragment; its path is a prefix of every request's path. */
  url: URL;
  /** Basic auth from the URL itself, to which Go gives precedence over everything else. */
  authorization?: string;
}

/**
 * Parses the `server` of a cluster, which may be a bare `host:port` and then means plain http. Throws a UserError.
 * Mirrors client-go rest/url_utils.go.
 */
export function parseServer(text: string): Server {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\/./i.test(text);
  const url = URL.parse(hasScheme ? text : `http://${text}`);
  if (!url || (!hasScheme && url.pathname !== '/')) {
    throw new UserError(`error: host must be a URL or a host:port pair: "${withoutSecrets(text)}"`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UserError(`Unable to connect to the server: unsupported protocol scheme "${url.protocol.slice(0, -1)}"`);
  }
  const userInfo = userInfoOf(url);
  if (userInfo === null)
    throw new UserError(`error: parse "${withoutSecrets(text)}": invalid URL escape in the user name or the password`);
  url.search = url.hash = '';
  return { url: withoutUserInfo(url), ...(userInfo && { authorization: basicAuth(userInfo) }) };
}
