/**
 * Text that is not in the expected format, at a line of its file (from 1). Turned into a UserError where the file's
 * name is known.
 */
export class ParseError extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/**
 * What something that could not be read may contain: anything, an object of a kind with this name, or nothing that a
 * cluster would accept.
 */
export type Hidden = 'anything' | 'nothing' | { kind: string };

/** Thrown for a value that is no object of Kubernetes. */
export class NoObject extends ParseError {
  readonly hidden: Hidden;

  constructor(line: number, reason: string, hidden: Hidden) {
    super(line, reason);
    this.hidden = hidden;
  }
}

/** The largest value that is read into memory. No object of a cluster is nearly as large (etcd takes 1.5 MB). */
export const MAX_OBJECT = 32 * 1024 * 1024;

/** In a document of the largest size each of these lines would have sixteen characters. */
export const MAX_LINES = 2_000_000;

/** A depth that no schema of a CustomResourceDefinition reaches. */
export const MAX_DEPTH = 1000;
