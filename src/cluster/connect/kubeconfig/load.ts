import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../../../answer/user-error.ts';
import type { Kubeconfig } from './config.ts';
import { goFileError, isNotFound } from './files.ts';
import { mergeKubeconfigs, resolvePaths } from './merge.ts';
import { parseKubeconfig } from './parse.ts';

export interface LoadedKubeconfig {
  config: Kubeconfig;
  /** The paths that were tried, whether or not a file was there. */
  paths: string[];
}

/**
 * Reads the kubeconfig that kubectl would read: the one file of `--kubeconfig`, which has to exist, or else the files
 * of `KUBECONFIG`, or else `~/.kube/config`. Missing files among the latter two are skipped. Throws a UserError that
 * names every file that cannot be read or parsed. Mirrors client-go tools/clientcmd/loader.go.
 */
export function loadKubeconfig(explicitPath: string | undefined, env: NodeJS.ProcessEnv): LoadedKubeconfig {
  const paths = explicitPath ? [explicitPath] : defaultPaths(env);
  if (explicitPath) checkExists(explicitPath);
  const problems: string[] = [];
  const configs = paths.flatMap((path) => {
    try {
      return [resolvePaths(parseKubeconfig(readFileSync(path, 'utf8')), path)];
    } catch (error) {
      if (isNotFound(error)) return [];
      const isFileError = (error as NodeJS.ErrnoException).code !== undefined;
      problems.push(
        `error loading config file "${path}": ${isFileError ? goFileError(error, path) : (error as Error).message}`,
      );
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(`error: ${problems.join('; ')}`);
  return { config: mergeKubeconfigs(configs), paths };
}

function checkExists(path: string): void {
  try {
    statSync(path);
  } catch (error) {
    if (isNotFound(error)) throw new UserError(`error: stat ${path}: no such file or directory`);
  }
}

function defaultPaths(env: NodeJS.ProcessEnv): string[] {
  if (env.KUBECONFIG) return [...new Set(env.KUBECONFIG.split(delimiter))].filter((path) => path !== '');
  const home = process.platform === 'win32' ? env.HOME || homedir() : (env.HOME ?? '');
  return [join(home, '.kube', 'config')];
}
