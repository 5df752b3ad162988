import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { UserError } from '../../answer/user-error.ts';

/**
 * The files that a path stands for: itself, or, sorted, those in the directory and below it whose names say JSON or YAML. Links to files
 * are followed, links to directories are not, as in kubectl. Throws a UserError in kubectl's words.
 */
export async function filesOf(path: string): Promise<string[]> {
  const info = await attempt(path, (each) => stat(each));
  if (!info.isDirectory()) return [path];
  const files = (await below(path)).sort();
  if (files.length > 0) return files;
  throw new UserError(`error: error reading [${path}]: recognized file extensions are [.json .jsonl .yaml .yml], or these with .gz`);
}

async function below(directory: string): Promise<string[]> {
  const entries = await attempt(directory, (path) => readdir(path, { withFileTypes: true }));
  const found = entries.map(async (entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return below(path);
    // A pipe would be waited for.
    return EXTENSION.test(entry.name) && (await attempt(path, (each) => stat(each))).isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

async function attempt<T>(path: string, action: (path: string) => Promise<T>): Promise<T> {
  try {
    return await action(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

const EXTENSION = /\.(json|jsonl|yaml|yml)(\.gz)?$/;

/** What a failed system call on a file means to the reader; anything else as it is. */
export function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number' || !('syscall' in error)) return error;
  const missing = 'code' in error && error.code === 'ENOENT';
  return new UserError(missing ? `error: the path "${path}" does not exist` : `error: open ${path}: ${getSystemErrorMessage(error.errno)}`);
}
