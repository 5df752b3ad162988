import type { ConnectFlags } from '../../cluster/connect/connection.ts';
import { formatVersion } from '../../world/version.ts';
import type { Ask } from '../parse/invocation.ts';

/**
 * The words that lead to the same objects again: `--context prod`, `--demo`. Without secrets, and without whom the
 * caller acts as.
 */
export function sourceWords({ source, connect }: Pick<Ask, 'source' | 'connect'>): string[] {
  if (source.kind !== 'live') {
    const version = source.version ? ['--server-version', formatVersion(source.version)] : [];
    if (source.kind === 'none') return version;
    if (source.kind === 'demo') return ['--demo', ...version];
    return ['--input', source.path, ...(source.complete ? ['--complete'] : []), ...version];
  }
  const files = PLACES.flatMap(([key, flag]) => (connect[key] ? [flag, String(connect[key])] : []));
  return [...files, ...(connect.insecureSkipTlsVerify ? ['--insecure-skip-tls-verify'] : [])];
}

const PLACES: readonly (readonly [keyof ConnectFlags, string])[] = [
  ['kubeconfig', '--kubeconfig'],
  ['context', '--context'],
  ['cluster', '--cluster'],
  ['user', '--user'],
  ['server', '--server'],
  ['clientCertificate', '--client-certificate'],
  ['clientKey', '--client-key'],
  ['certificateAuthority', '--certificate-authority'],
  ['tlsServerName', '--tls-server-name'],
  ['proxyUrl', '--proxy-url'],
];
