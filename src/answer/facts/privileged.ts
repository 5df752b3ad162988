import type { TargetRef } from '../refs.ts';

/** What `privileged` adds to a finding. */
export interface PrivilegedFacts {
  /** What pod the subject gets by this way. */
  spawn?: SpawnFacts;
}

/** What `privileged` adds to an answer. */
export interface PrivilegedAnswerFacts {
  /**
   * `-o json` with more than a thousand findings: what many of them have in common, once and by name,
   * the namespaces of an equivalence class among it. An object with `same` has, besides its own fields, those of each
   * entry that it names; an entry may have a `same` of its own. In a finding `id`, `verdict` and `subject` always stand
   * in place. A step without `identity`, or a grant without `subject`, is the finding's subject's; a step without
   * `uses` uses none. Commands are left out (null): an answer about one subject has them.
   */
  shared?: Readonly<Record<string, object>>;
}

/** The entries of `Answer.shared` whose fields an object has as well. */
export interface SharedParts {
  same: readonly string[];
}

export interface SpawnFacts {
  /**
   * `node root`, `host namespaces only`, `root in a container`, `restricted`: for sure; null where no pod at all is
   * sure.
   */
  strongest: string | null;
  /** Stronger still, where that depends. */
  maybe: string | null;
  /** The namespaces in which it is so; null if it does not depend on a namespace. */
  namespaces: readonly string[] | null;
  /** The privileges that pass, by technique. */
  escapes: string[];
  /** What refuses the privileges that don't. */
  refusals: { layer: string; by: TargetRef | null; check: string; reason: string; detail: string }[];
  /** Accounts that such a pod may run as: how many (null: not known), and those that may do everything. */
  accounts: { count: number | null; powerful: string[] };
}
