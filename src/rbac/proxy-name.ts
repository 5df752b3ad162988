/**
 * Takes apart the name that the proxies of pods, services and nodes accept: `[scheme:]name[:port]`. Null where it is none.
 * RBAC compares the spelling as it stands in the path, so each spelling is a name of its own.
 * Mirrors apimachinery pkg/util/net/port_split.go SplitSchemeNamePort.
 */
export function splitProxyName(spelling: string): { scheme: string; name: string; port: string } | null {
  const parts = spelling.split(':');
  const [scheme = '', name = '', port = ''] =
    parts.length === 1 ? ['', ...parts] : parts.length === 2 ? ['', ...parts] : parts.length === 3 ? parts : [];
  return name !== '' && SCHEMES.has(scheme) ? { scheme, name, port } : null;
}

const SCHEMES: ReadonlySet<string> = new Set(['', 'http', 'https']);
