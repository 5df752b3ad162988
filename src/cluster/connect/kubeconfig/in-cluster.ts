import { readFileSync, statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Kubeconfig } from './config.ts';

/**
 * The configuration for a program in a pod: the service account's token, which is read again as the kubelet renews it,
 * and the cluster's CA. undefined outside a pod. `folder` is where the kubelet mounts the account. Mirrors client-go
 * rest.InClusterConfig.
 */
export function inClusterConfig(env: NodeJS.ProcessEnv, folder: string): Kubeconfig | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  const tokenFile = join(folder, 'token');
  if (!host || !port || !statSync(tokenFile, { throwIfNoEntry: false })?.isFile()) return undefined;
  const ca = join(folder, 'ca.crt');
  const cluster = {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    ...(statSync(ca, { throwIfNoEntry: false }) ? { 'certificate-authority': ca } : {}),
  };
  const context = { cluster: 'in-cluster', user: 'in-cluster', namespace: env.POD_NAMESPACE || readNamespace(folder) };
  return {
    currentContext: 'in-cluster',
    clusters: new Map([['in-cluster', cluster]]),
    users: new Map([['in-cluster', { tokenFile }]]),
    contexts: new Map([['in-cluster', context]]),
  };
}

export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

function readNamespace(folder: string): string {
  try {
    return readFileSync(join(folder, 'namespace'), 'utf8').trim();
  } catch {
    return '';
  }
}
