import { readFileSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import { UserError } from '../../../answer/user-error.ts';

/** The bytes of a file that a kubeconfig or a flag names. Throws a UserError in Go's wording. */
export function readNamedFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UserError(`error: ${goFileError(error, path)}`);
  }
}

/** Go's text for a failed open or read: `open F: no such file or directory`, `read F: is a directory`. */
export function goFileError(error: unknown, path: string): string {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return `read ${path}: is a directory`;
  return `open ${path}: ${errno === undefined ? message : getSystemErrorMessage(errno)}`;
}

/**
 * Whether the error says that there is no such file. A path through something that is no directory is a different
 * error.
 */
export const isNotFound = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
