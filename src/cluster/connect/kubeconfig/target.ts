import { UserError } from '../../../answer/user-error.ts';
import type { ConnectFlags } from '../connection.ts';
import type { Target } from './config.ts';
import type { ConnectEnvironment } from './environment.ts';
import { inClusterConfig, serviceAccountFolder } from './in-cluster.ts';
import { type LoadedKubeconfig, loadKubeconfig } from './load.ts';
import { resolveTarget } from './overrides.ts';
import { validate } from './validate.ts';

/**
 * The cluster and the user that kubectl would choose: from kubeconfig and flags, or else those of the pod in which we
 * run, or else the server of `KUBERNETES_MASTER`. Throws a UserError, also where kubectl would try localhost:8080.
 */
export function findTarget(flags: ConnectFlags, environment: ConnectEnvironment): Target {
  const { env } = environment;
  const loaded = loadKubeconfig(flags.kubeconfig, env);
  const target = resolveTarget(loaded.config, flags);
  validate(loaded.config, target);
  if (target.cluster.server) return target;
  const inCluster = targetOfPod(flags, environment);
  if (inCluster) return inCluster;
  if (env.KUBERNETES_MASTER) return { ...target, cluster: { ...target.cluster, server: env.KUBERNETES_MASTER } };
  throw new UserError(`error: ${whyNoServer(loaded, target)}`);
}

/** In a pod a token on the command line replaces the one in the file. */
function targetOfPod(
  flags: ConnectFlags,
  { env, serviceAccountFolder: folder = serviceAccountFolder }: ConnectEnvironment,
): Target | undefined {
  const config = inClusterConfig(env, folder);
  if (!config) return undefined;
  const { context, cluster, user, ...rest } = flags;
  const target = resolveTarget(config, rest);
  const { tokenFile, ...userWithoutFile } = target.user;
  const found = { ...target, contextName: null, user: flags.token ? userWithoutFile : target.user };
  validate(config, found);
  return found;
}

function whyNoServer({ config, paths }: LoadedKubeconfig, { contextName, clusterName }: Target): string {
  if (config.contexts.size === 0 && config.clusters.size === 0) {
    return `no configuration has been provided: nothing in ${paths.join(', ')}, and this is not a pod; use --kubeconfig, KUBECONFIG or --server`;
  }
  if (contextName === null && clusterName === '') return 'current-context is not set; choose a context with --context';
  if (clusterName === '') return `cluster was not specified for context "${contextName}"`;
  if (!config.clusters.has(clusterName)) return `cluster "${clusterName}" was not found for context "${contextName}"`;
  return `no server found for cluster "${clusterName}"`;
}
