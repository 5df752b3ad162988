import { closeSync, openSync } from 'node:fs';
import { pushAll } from '../../../answer/many.ts';
import { UserError } from '../../../answer/user-error.ts';
import type { Cluster, Kubeconfig, Target, User } from './config.ts';
import { goFileError } from './files.ts';
import { parseProxyUrl } from './proxy.ts';

/**
 * Refuses what kubectl refuses before it sends anything, in its words. Throws a UserError with all problems on one
 * line. Opens the named files to check that they can be read. Mirrors client-go tools/clientcmd ConfirmUsable and
 * validation.go.
 */
export function validate(config: Kubeconfig, target: Target): void {
  const { contextName } = target;
  const isContextMissing = contextName !== null && !config.contexts.has(contextName);
  const problems = [
    ...(isContextMissing ? [`context was not found for specified context: ${contextName}`] : []),
    ...userProblems(target.userName, target.user),
    ...clusterProblems(target.clusterName, target.cluster),
  ];
  if (problems.length === 0) return;
  throw new UserError(
    `${isContextMissing || problems.length > 1 ? 'Error in configuration' : 'error'}: ${problems.join('; ')}`,
  );
}

function userProblems(name: string, user: User): string[] {
  const problems: string[] = [];
  const certificate = user['client-certificate'];
  const key = user['client-key'];
  if (certificate || user['client-certificate-data']?.length) {
    if (certificate && user['client-certificate-data']?.length)
      problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
    if (key && user['client-key-data']?.length)
      problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
    if (!key && !user['client-key-data']?.length)
      problems.push(
        `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
      );
    pushAll(problems, [...unreadable('client-cert', certificate, name), ...unreadable('client-key', key, name)]);
  }
  pushAll(problems, execProblems(name, user));
  if (user.token && (user.username || user.password))
    problems.push(
      `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`,
    );
  if (!user.as && (user['as-uid'] || user['as-groups']?.length || Object.keys(user['as-user-extra'] ?? {}).length > 0))
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  return problems;
}

function execProblems(name: string, { exec, 'auth-provider': authProvider }: User): string[] {
  if (!exec) return [];
  const needed = (what: string) => `${what} must be specified for ${name} to use exec authentication plugin`;
  const problems: string[] = [];
  if (authProvider) problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  if (!exec.command) problems.push(needed('command'));
  if (!exec.apiVersion) problems.push(needed('apiVersion'));
  if (exec.env?.some((variable) => !variable.name)) problems.push(needed('env variable name'));
  if (!exec.interactiveMode) problems.push(needed('interactiveMode'));
  else if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode))
    problems.push(`invalid interactiveMode for ${name}: "${exec.interactiveMode}"`);
  return problems;
}

function clusterProblems(name: string, cluster: Cluster): string[] {
  const problems: string[] = [];
  if (cluster['proxy-url']) {
    const proxy = parseProxyUrl(cluster['proxy-url']);
    if (!(proxy instanceof URL)) problems.push(`invalid 'proxy-url' for cluster "${name}": ${proxy.problem}`);
  }
  const file = cluster['certificate-authority'];
  if (file && cluster['certificate-authority-data']?.length)
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  return [...problems, ...unreadable('certificate-authority', file, name)];
}

function unreadable(field: string, path: string | undefined, name: string): string[] {
  if (!path) return [];
  try {
    closeSync(openSync(path, 'r'));
    return [];
  } catch (error) {
    return [`unable to read ${field} ${path} for ${name} due to ${goFileError(error, path)}`];
  }
}
