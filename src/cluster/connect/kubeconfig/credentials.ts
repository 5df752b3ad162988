import { readFileSync } from 'node:fs';
import { UserError } from '../../../answer/user-error.ts';
import type { KeyPair } from '../../wire/tls.ts';
import type { Target, User } from './config.ts';
import type { Credential, Credentials } from './credential.ts';
import type { ConnectEnvironment } from './environment.ts';
import { execCredentials } from './exec-plugin.ts';
import { readNamedFile } from './files.ts';
import { oidcCredentials } from './oidc.ts';

/**
 * The credentials of a kubeconfig's user, in client-go's order: a token or basic auth, together with a client
 * certificate; an exec plugin only without any of these; and OIDC where no header is set yet. Throws a UserError for
 * what kubectl refuses, and where there are no credentials.
 */
export function credentialsFor(target: Target, environment: ConnectEnvironment): Credentials {
  const { user } = target;
  const { exec, 'auth-provider': authProvider } = user;
  const certificate = clientCertificate(user);
  const hasToken = Boolean(user.token || user.tokenFile);
  if (hasToken && user.username)
    throw new UserError('error: username/password or bearer token may be set, but not both');
  const header = hasToken ? bearer(user) : user.username ? () => basic(user) : undefined;
  const fixed = { ...(certificate && { certificate }) };

  if (exec && !header && !certificate) return execCredentials(exec, target, environment);
  if (authProvider) {
    const oidc = oidcCredentials(target, authProvider, environment);
    if (!header) return { current: async () => ({ ...(await oidc.current()), ...fixed }), renew: async () => false };
  }
  if (!header && !certificate) throw new UserError(`error: ${whyNone(target)}`);
  return { current: async () => (header ? { ...fixed, authorization: header() } : fixed), renew: async () => false };
}

/** No credentials, for servers to which none are sent. */
export const withoutCredentials: Credentials = { current: async () => nothing, renew: async () => false };
const nothing: Credential = {};

function whyNone({ userName, isUserKnown, contextName }: Target): string {
  if (userName === '') return 'no credentials: give --token, or name a user of the kubeconfig with --user';
  if (!isUserKnown) return `user "${userName}" was not found for context "${contextName}"`;
  return `user "${userName}" has no credentials: no token, client certificate, exec plugin or auth provider`;
}

/** A key without a certificate is ignored. */
function clientCertificate(user: User): KeyPair | undefined {
  const {
    'client-certificate': certFile,
    'client-key': keyFile,
    'client-certificate-data': cert,
    'client-key-data': key,
  } = user;
  if (!certFile && !cert?.length) return undefined;
  return {
    cert: cert?.length ? cert : readNamedFile(certFile ?? ''),
    key: key?.length ? key : readNamedFile(keyFile ?? ''),
  };
}

const basic = ({ username = '', password = '' }: User) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * A token file is read for each request, since it is renewed while we run. It takes precedence over `token`, and its
 * last valid content is kept.
 */
function bearer({ token, tokenFile }: User): () => string {
  let last = token || readNamedFile(tokenFile ?? '').toString();
  const current = () => {
    if (tokenFile) last = readToken(tokenFile) || last;
    return last;
  };
  // kubectl sends white space as a token, and is silently anonymous to the server.
  if (current().trim() === '')
    throw new UserError(`error: ${tokenFile ? `read empty token from file "${tokenFile}"` : 'the token is empty'}`);
  return () => `Bearer ${current()}`;
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
