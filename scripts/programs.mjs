/**
 * Finding programs, and where those that the tests build for themselves are kept. Plain JavaScript without
 * dependencies, for Node 20.
 */
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Resolves with what `find` does; where it throws, with its complaint as `missing`, or with CI=true throws too: there
 * the tests must run.
 */
export async function orMissing(find) {
  try {
    return await find();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return { missing: error.message };
  }
}

/** The directory in the user's cache for programs of one kind, of one version. It need not exist. */
export function cacheDirectory(kind, version) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kubectl-whocan-escalate', kind, version);
}

/** The path of a program on PATH, or in one of `folders` besides. */
export function onPath(name, folders = []) {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...folders]
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
