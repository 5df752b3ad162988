import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { certificateAuthority } from './certificates.ts';
import { startServer } from './http-server.ts';

export interface Issuer {
  url: string;
  /** What signed its certificate. */
  ca: string;
  /** For the API server that is to trust its tokens: the user is `oidc:` and the subject. */
  flags: string[];
  /** An ID token that is valid for as many seconds, or has not been for as many. */
  token(subject: string, seconds: number): string;
}

const CLIENT = 'whocan';

/**
 * An issuer of ID tokens for client `whocan` on loopback, gone after the tests. A refresh token is what it is for:
 * `olga` brings a new ID token of olga, `empty` one without a byte, `none` none at all; any other is refused.
 */
export async function startIssuer(): Promise<Issuer> {
  const authority = certificateAuthority('issuer-ca');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  writeFileSync(join(folder, 'ca.crt'), authority.cert);
  const tokens: Record<string, () => object> = {
    olga: () => ({ id_token: token('olga', 3600), refresh_token: 'olga' }),
    empty: () => ({ id_token: '' }),
    none: () => ({}),
  };
  const server = await startServer(
    ({ url, body }, response) => {
      const reply = (status: number, content: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
      if (url === '/keys')
        return reply(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] });
      if (url !== '/token')
        return reply(200, {
          issuer: server.url,
          jwks_uri: `${server.url}/keys`,
          token_endpoint: `${server.url}/token`,
        });
      const answer = tokens[new URLSearchParams(body).get('refresh_token') ?? ''];
      return answer
        ? reply(200, { access_token: 'a', token_type: 'Bearer', ...answer() })
        : reply(400, { error: 'invalid_grant' });
    },
    authority.issue({ user: 'issuer', ips: ['127.0.0.1'] }),
  );
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function token(subject: string, seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: server.url, aud: CLIENT, sub: subject, groups: ['idp'], iat: now, exp: now + seconds };
    const text = [{ alg: 'RS256', kid: 'k' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  }

  return {
    url: server.url,
    ca: authority.cert,
    flags: [
      ...[`--oidc-issuer-url=${server.url}`, `--oidc-client-id=${CLIENT}`, `--oidc-ca-file=${join(folder, 'ca.crt')}`],
      ...['--oidc-username-claim=sub', '--oidc-username-prefix=oidc:', '--oidc-groups-claim=groups'],
    ],
    token,
  };
}
