/**
 * Text that is not what it should be, at a line of its file (from 1). Becomes a UserError where the file's name is
 * known.
 */
export class ParseError extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/**
 * What may be hidden behind something that could not be read: anything, an object of a kind of this name, or nothing
 * that a cluster would take.
 */
export type Hidden = 'anything' | 'nothing' | { kind: string };

/** A value that is no object of Kubernetes. */
export class NoObject extends ParseError {
  readonly hidden: Hidden;

  constructor(line: number, reason: string, hidden: Hidden) {
    super(line, reason);
    this.hidden = hidden;
  }
}

/** No object of a cluster comes near (etcd takes 1.5 MB): a larger one is not read into memory. */
export const MAX_OBJECT = 32 * 1024 * 1024;

/** In a document of that size they would have sixteen letters each. */
export const MAX_LINES = 2_000_000;

/** Deeper than any schema of a CustomResourceDefinition. */
export const MAX_DEPTH = 1000;
