import { dirname, isAbsolute, resolve, sep } from 'node:path';
import type { Kubeconfig } from './config.ts';

/**
 * Merges several kubeconfigs: the first file that defines a name provides the whole entry, and the first
 * current-context that is not empty is used. Mirrors client-go tools/clientcmd/loader.go Load.
 */
export function mergeKubeconfigs(configs: Kubeconfig[]): Kubeconfig {
  const backwards = configs.toReversed();
  return {
    currentContext: configs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    clusters: new Map(backwards.flatMap(({ clusters }) => [...clusters])),
    users: new Map(backwards.flatMap(({ users }) => [...users])),
    contexts: new Map(backwards.flatMap(({ contexts }) => [...contexts])),
  };
}

/**
 * The same kubeconfig with every relative path resolved against the folder of its file. A plugin's command is only
 * resolved where it is a path.
 */
export function resolvePaths(config: Kubeconfig, file: string): Kubeconfig {
  const folder = dirname(resolve(file));
  return {
    ...config,
    clusters: mapValues(config.clusters, (cluster) => absolute(cluster, ['certificate-authority'], folder)),
    users: mapValues(config.users, (user) => {
      const resolved = { ...absolute(user, ['client-certificate', 'client-key', 'tokenFile'], folder), origin: file };
      const isPath = user.exec?.command?.includes(sep);
      return isPath && user.exec ? { ...resolved, exec: absolute(user.exec, ['command'], folder) } : resolved;
    }),
  };
}

function absolute<T extends object>(entry: T, fields: (keyof T)[], folder: string): T {
  const paths = fields.flatMap((field) => {
    const path = entry[field];
    return typeof path === 'string' && path !== '' && !isAbsolute(path) ? [[field, resolve(folder, path)]] : [];
  });
  return { ...entry, ...Object.fromEntries(paths) };
}

const mapValues = <T>(map: Map<string, T>, change: (value: T) => T): Map<string, T> =>
  new Map([...map].map(([name, value]) => [name, change(value)]));
