/**
 * Whether Gatekeeper's glob matches a text. Globs may only have a `*` at their ends: `kube-*`, `*-system`, `*sys*`.
 * Mirrors gatekeeper pkg/wildcard/wildcard.go.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const [startsOpen, endsOpen] = [glob.startsWith('*'), glob.endsWith('*')];
  const inner = glob.slice(startsOpen ? 1 : 0, endsOpen && glob.length > (startsOpen ? 1 : 0) ? -1 : undefined);
  if (startsOpen && endsOpen) return text.includes(inner);
  if (startsOpen) return text.endsWith(inner);
  return endsOpen ? text.startsWith(inner) : text === glob;
}

/** Like `matchesGlob`, but for a name that the server has yet to complete: only a glob with an open end can match. */
export const matchesGenerateName = (glob: string, prefix: string): boolean =>
  glob.endsWith('*') && matchesGlob(glob, prefix);
