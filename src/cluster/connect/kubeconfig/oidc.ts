import { UserError } from '../../../answer/user-error.ts';
import { agentFor } from '../../wire/agent.ts';
import { type Exchange, exchange } from '../../wire/exchange.ts';
import { tlsOptions } from '../../wire/tls.ts';
import { basicAuth, userInfoOf, withoutUserInfo } from '../../wire/user-info.ts';
import type { AuthProvider, Target } from './config.ts';
import type { Credential } from './credential.ts';
import type { ConnectEnvironment } from './environment.ts';
import { readNamedFile } from './files.ts';
import { claimsOf } from './jwt.ts';
import { saveTokens } from './oidc-tokens.ts';
import { proxyFor } from './proxy.ts';
import { singleFlight } from './single-flight.ts';

/**
 * The `oidc` auth provider: its ID token while that is valid, or else a new one that is requested with the refresh
 * token. Renewed tokens are saved in the kubeconfig as kubectl does, since an issuer may accept a refresh token only
 * once. Throws a UserError for a provider that kubectl does not have either. Mirrors client-go
 * plugin/pkg/client/auth/oidc/oidc.go.
 */
export function oidcCredentials(
  target: Target,
  provider: AuthProvider,
  environment: ConnectEnvironment,
): { current(): Promise<Credential> } {
  const tokens = { ...provider.config };
  checkProvider(provider.name ?? '', tokens);
  const roots = issuerRoots(tokens);
  const refresh = singleFlight(async () => {
    try {
      const renewed = await requestTokens(tokens, roots, environment);
      saveTokens(target.user.origin, target.userName, tokens, renewed);
      Object.assign(tokens, renewed);
    } catch (error) {
      throw new UserError(`Unable to connect to the server: ${(error as Error).message}`);
    }
  });
  return {
    current: async () => {
      if (!isValid(tokens['id-token'])) await refresh();
      return { authorization: `Bearer ${tokens['id-token']}` };
    },
  };
}

type Tokens = Record<string, string>;

function checkProvider(name: string, config: Tokens): void {
  if (name === 'gcp' || name === 'azure') {
    const plugin = { gcp: 'gke-gcloud-auth-plugin', azure: 'kubelogin' }[name];
    throw new UserError(
      `error: The ${name} auth plugin has been removed. Please use the "${plugin}" kubectl/client-go credential plugin instead.`,
    );
  }
  if (name !== 'oidc') throw new UserError(`error: no Auth Provider found for name "${name}"`);
  for (const field of ['idp-issuer-url', 'client-id']) {
    if (!config[field]) throw new UserError(`error: Must provide ${field}`);
  }
}

/** Whether the token's `exp` is more than ten seconds away. */
function isValid(token: string | undefined): boolean {
  if (!token) return false;
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1)
    throw new UserError('Unable to connect to the server: ID Token is not a valid JWT');
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp?: unknown };
    return Number(exp ?? 0) * 1000 > Date.now() + 10_000;
  } catch {
    throw new UserError('Unable to connect to the server: parsing claims: the ID token is not a valid JWT');
  }
}

async function requestTokens(config: Tokens, ca: Buffer | undefined, { env }: ConnectEnvironment): Promise<Tokens> {
  const refreshToken = config['refresh-token'];
  if (!refreshToken) throw new Error('No valid id-token, and cannot refresh without refresh-token');
  const issuer = config['idp-issuer-url']?.replace(/\/$/, '');
  const tls = tlsOptions({ ca });
  const send = (url: URL, { headers, ...options }: Omit<Exchange, 'path' | 'agent'>) => {
    const userInfo = userInfoOf(url);
    if (userInfo === null) throw new Error('oidc: invalid URL escape in the user name or the password of the issuer');
    const agent = agentFor(url, proxyFor(url, undefined, env), tls);
    return exchange(withoutUserInfo(url), {
      ...options,
      headers: { ...(userInfo && { authorization: basicAuth(userInfo) }), ...headers },
      path: url.pathname + url.search,
      agent,
      signal: AbortSignal.timeout(30_000),
    });
  };

  const metadata = URL.parse(`${issuer}/.well-known/openid-configuration`);
  if (!metadata) throw new Error('oidc: the URL of the issuer cannot be parsed');
  const discovery = await send(metadata, { method: 'GET', headers: {} });
  if (discovery.status !== 200) throw new Error(`oidc: failed to query metadata endpoint ${discovery.status}`);
  const endpoint = URL.parse(String(parseJson(discovery.body).token_endpoint));
  if (!endpoint) throw new Error("oidc: discovery object doesn't contain a token_endpoint");

  // Issuers expect the client's name and secret in different places; the header is tried first.
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const { 'client-id': id = '', 'client-secret': secret = '' } = config;
  const authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  const post = (fields: Record<string, string>, headers: Record<string, string>) =>
    send(endpoint, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  let response = await post(grant, { authorization });
  if (response.status >= 400)
    response = await post({ ...grant, client_id: id, ...(secret && { client_secret: secret }) }, {});
  if (response.status >= 300) throw new Error(`failed to refresh token: the issuer answered ${response.status}`);

  const { id_token: idToken, refresh_token: nextRefreshToken } = parseJson(response.body);
  if (typeof idToken !== 'string' || idToken.trim() === '')
    throw new Error('token response did not contain an id_token');
  // The issuer's answer is written to a file and into headers, so anything other than an ID token is refused.
  if (!claimsOf(idToken)) throw new Error('the id_token of the token response is not a valid JWT');
  return {
    'id-token': idToken,
    'refresh-token': typeof nextRefreshToken === 'string' && nextRefreshToken ? nextRefreshToken : refreshToken,
  };
}

function issuerRoots(config: Tokens): Buffer | undefined {
  const { 'idp-certificate-authority-data': data, 'idp-certificate-authority': file } = config;
  if (data) return Buffer.from(data, 'base64');
  return file ? readNamedFile(file) : undefined;
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw new Error('oidc: the issuer did not answer with JSON');
  }
}
