/**
 * What an answer could not know, one of a closed set:
 * `unreadable` the API refused or failed, or the file does not hold it; `invisible` the API does not show it;
 * `opaque` code elsewhere decides (a webhook, another authorizer); `unmodelled` a kind that we do not understand.
 */
export interface Unknown {
  kind: 'unreadable' | 'invisible' | 'opaque' | 'unmodelled';
  /** What is not known: `rolebindings in namespace shop`. */
  what: string;
  /** Why: `403 Forbidden`. */
  why: string;
  /** What hangs on it, in words. */
  affects: string;
}

/** `unknowns` without repetitions, in order of first appearance. */
export function distinctUnknowns(unknowns: Iterable<Unknown>): Unknown[] {
  const seen = new Map<string, Unknown>();
  for (const unknown of unknowns) {
    const key = JSON.stringify([unknown.kind, unknown.what, unknown.why]);
    if (!seen.has(key)) seen.set(key, unknown);
  }
  return [...seen.values()];
}
