/**
 * Splits the name that the proxies of pods, services and nodes accept, `[scheme:]name[:port]`; null where it is not
 * valid. RBAC compares the text in the path, so that each spelling is a name of its own. Mirrors apimachinery
 * pkg/util/net/port_split.go SplitSchemeNamePort.
 */
export function splitProxyName(spelling: string): { scheme: string; name: string; port: string } | null {
  const parts = spelling.split(':');
  const [scheme = '', name = '', port = ''] =
    parts.length === 1 ? ['', ...parts] : parts.length === 2 ? ['', ...parts] : parts.length === 3 ? parts : [];
  return name !== '' && SCHEMES.has(scheme) ? { scheme, name, port } : null;
}

/** The object's own name. */
export const plainName = (spelling: string): string => splitProxyName(spelling)?.name ?? spelling;

const SCHEMES: ReadonlySet<string> = new Set(['', 'http', 'https']);

/**
 * Whether a listed name allows the proxy request for the wanted object: a plain name is matched by each of its
 * spellings, and a spelling with a scheme or a port only by itself.
 */
export const spelledAs =
  (asked: string) =>
  (listed: string): boolean =>
    asked.includes(':') ? listed === asked : splitProxyName(listed)?.name === asked;
