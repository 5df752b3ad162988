import type { Readable, Writable } from 'node:stream';
import type { Reads } from './invocation.ts';

/** What a run has of the process. */
export interface Host {
  env: NodeJS.ProcessEnv;
  stdin: Readable & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
}

/** A terminal has `isTTY`, `columns` and `rows`. */
export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** kubectl's rule, which the environment may have settled before: colour on a terminal. */
export const usesColor = (color: Reads['color'], output: Output): boolean =>
  color === 'auto' ? output.isTTY === true : color === 'always';
