import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, createSecureContext, getCACertificates } from 'node:tls';
import { UserError } from '../../answer/user-error.ts';

export interface TlsSettings {
  /** The only trusted roots, as PEM; the machine's own where absent. */
  ca?: Buffer | undefined;
  insecure?: boolean | undefined;
  /** The name to send and to verify, where it is not the server's own. */
  serverName?: string | undefined;
}

export interface KeyPair {
  cert: string | Buffer;
  key: string | Buffer;
}

/**
 * The options of TLS connections to a server as client-go opens them: any certificate of the CA file is an anchor, not
 * only self-signed ones, and without a file the machine's roots are trusted instead of Node's. Throws a UserError in
 * Go's words for invalid certificates and keys.
 */
export function tlsOptions({ ca, insecure = false, serverName }: TlsSettings, pair?: KeyPair): ConnectionOptions {
  if (ca && insecure)
    throw new UserError('error: specifying a root certificates file with the insecure flag is not allowed');
  const problem = (ca && checkRoots(ca)) || (pair && checkKeyPair(pair.cert, pair.key));
  if (problem) throw new UserError(`error: ${problem}`);
  const roots = insecure ? {} : { ca: ca ?? machineRoots(), allowPartialTrustChain: true };
  return {
    secureContext: createSecureContext({ ...roots, ...pair, minVersion: 'TLSv1.2' }),
    rejectUnauthorized: !insecure,
    ...(serverName && {
      ...(isIP(serverName) === 0 && { servername: serverName }),
      checkServerIdentity: (_host: string, certificate) => checkServerIdentity(serverName, certificate),
    }),
  };
}

/** The problem of a certificate and its key, in Go's words (crypto/tls X509KeyPair); undefined where they match. */
export function checkKeyPair(cert: string | Buffer, key: string | Buffer): string | undefined {
  try {
    if (!/-----BEGIN CERTIFICATE-----/.test(String(cert))) {
      return /-----BEGIN [\w ]*PRIVATE KEY-----/.test(String(cert))
        ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
        : 'tls: failed to find any PEM data in certificate input';
    }
    if (!/-----BEGIN [\w ]*PRIVATE KEY-----/.test(String(key))) return 'tls: failed to find any PEM data in key input';
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
      ? undefined
      : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse the client certificate or its private key';
  }
}

function checkRoots(ca: Buffer): string | undefined {
  const blocks = ca.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!blocks) return 'unable to load root certificates: unable to parse bytes as PEM block';
  const isReadable = blocks.some((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      return false;
    }
  });
  return isReadable ? undefined : 'unable to load root certificates: failed to parse certificate';
}

function machineRoots(): string[] {
  // Each root is there twice where a folder of links and one file contain the same.
  const roots = new Set(getCACertificates('system'));
  return roots.size > 0 ? [...roots] : getCACertificates('bundled');
}
