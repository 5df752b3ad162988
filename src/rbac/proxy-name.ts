/**
 * Takes apart the name that the proxies of pods, services and nodes accept: `[scheme:]name[:port]`. Null where it is
 * none. RBAC compares the spelling as it stands in the path, so each spelling is a name of its own. Mirrors
 * apimachinery pkg/util/net/port_split.go SplitSchemeNamePort.
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
 * Which listed names lead a proxy to what was asked for: every spelling of a plain name, and a spelling with a scheme
 * or a port itself alone.
 */
export const spelledAs =
  (asked: string) =>
  (listed: string): boolean =>
    asked.includes(':') ? listed === asked : splitProxyName(listed)?.name === asked;
