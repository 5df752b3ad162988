import type { KindName } from '../world/kinds.ts';
import type { Raw } from '../world/raw.ts';

/** What somebody would change: objects that they would delete, and then objects that they would apply. */
export interface Change {
  removals: readonly Removal[];
  additions: readonly Addition[];
}

/** An object that would be deleted. */
export interface Removal {
  kind: KindName;
  /** Null for a cluster-scoped object. */
  namespace: string | null;
  name: string;
}

/** An object that would be applied: created, or put in the place of the one that there is. */
export interface Addition {
  kind: KindName;
  raw: Raw;
  /** Null for a cluster-scoped object. */
  namespace: string | null;
  name: string;
  /** The file and line: `FILE:12`. */
  at: string;
}
