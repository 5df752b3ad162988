import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { UserError } from '../../answer/user-error.ts';

/** The files that a path stands for. */
export interface Files {
  files: string[];
  /** Whether it is a directory: what cannot be read in it is left out and reported. */
  isDirectory: boolean;
  /** The directories below it that may not be listed. */
  closed: { path: string; error: unknown }[];
}

/**
 * The files that a path stands for: the file itself, or, sorted, the files in the directory and below it whose names
 * end like JSON or YAML. Links to files are followed and links to directories are not, as in kubectl. Throws a
 * UserError in kubectl's words.
 */
export async function filesOf(path: string): Promise<Files> {
  const info = await attempt(path, (each) => stat(each));
  if (!info.isDirectory()) return { files: [path], isDirectory: false, closed: [] };
  const closed: Files['closed'] = [];
  const files = (await below(path, (each, error) => closed.push({ path: each, error }))).sort();
  if (files.length > 0) return { files, isDirectory: true, closed };
  if (closed[0]) throw fileError(closed[0].path, closed[0].error);
  throw new UserError(
    `error: error reading [${path}]: recognized file extensions are [.json .jsonl .yaml .yml], or these with .gz`,
  );
}

async function below(directory: string, onClosed: (path: string, error: unknown) => void): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    onClosed(directory, error);
    return [];
  }
  const found = entries.map(async (entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return below(path, onClosed);
    return EXTENSION.test(entry.name) && (await isReadable(path)) ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Whether a file can be read without waiting, unlike a pipe. A dangling link is reported when it is read. */
async function isReadable(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return true;
  }
}

async function attempt<T>(path: string, action: (path: string) => Promise<T>): Promise<T> {
  try {
    return await action(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

const EXTENSION = /\.(json|jsonl|yaml|yml)(\.gz)?$/;

/** The error for a user where a system call on a file failed; any other error unchanged. */
export function fileError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number' || !('syscall' in error))
    return error;
  const missing = 'code' in error && error.code === 'ENOENT';
  return new UserError(
    missing ? `error: the path "${path}" does not exist` : `error: open ${path}: ${getSystemErrorMessage(error.errno)}`,
  );
}
