import type { Readable, Writable } from 'node:stream';
import type { Reads } from '../parse/invocation.ts';

/** What a run has of the process. */
export interface Host {
  env: NodeJS.ProcessEnv;
  stdin: Readable & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  /** Told once what was asked for has been said in full, be it that there is nothing to list. */
  answered?: () => void;
}

/** The same host, and whether it has been told of an answer. */
export function noteAnswers(host: Host): { answering: Host; hasAnswered: () => boolean } {
  let isAnswered = false;
  // The host's own properties are not copied: standard input is opened when it is first looked at.
  const answering: Host = Object.create(host, { answered: { value: () => (isAnswered = true) } });
  return { answering, hasAnswered: () => isAnswered };
}

/** A terminal has `isTTY`, `columns` and `rows`. */
export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/**
 * Columns and rows of a terminal, as far as it knows them: one in a container, or that expect opened, says 0 of both.
 * Null: it does not say.
 */
export const sizeOf = ({ columns, rows }: Output): { columns: number | null; rows: number | null } => ({
  columns: isSize(columns) ? columns : null,
  rows: isSize(rows) ? rows : null,
});

const isSize = (value: number | undefined): value is number => Number.isInteger(value) && Number(value) > 0;

/** kubectl's rule, which the environment may have settled before: colour on a terminal. */
export const usesColor = (color: Reads['color'], output: Output): boolean =>
  color === 'auto' ? output.isTTY === true : color === 'always';
