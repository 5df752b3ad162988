import { UserError } from '../../../answer/user-error.ts';
import type { ConnectFlags } from '../connection.ts';
import type { Cluster, Context, Kubeconfig, Target, User } from './config.ts';

/**
 * The context in use with the flags applied, by clientcmd's rules of precedence (client-go
 * tools/clientcmd/client_config.go). A flag that is absent, empty or false changes nothing. Throws a UserError where a
 * flag names something that does not exist; names in a context are checked by `validate`. Pure.
 */
export function resolveTarget(config: Kubeconfig, flags: ConnectFlags): Target {
  const contextName = flags.context || config.currentContext;
  const stored = config.contexts.get(contextName);
  const context = {
    ...stored,
    ...given<Context>({ cluster: flags.cluster, user: flags.user, namespace: flags.namespace }),
  };
  const { cluster: clusterName = '', user: userName = '', namespace } = context;
  if (flags.user && !config.users.has(flags.user))
    throw new UserError(`error: auth info "${flags.user}" does not exist`);
  if (flags.context && !stored) throw new UserError(`error: context "${flags.context}" does not exist`);
  if (flags.cluster && !config.clusters.has(flags.cluster))
    throw new UserError(`error: cluster "${flags.cluster}" does not exist`);
  return {
    contextName: contextName || null,
    namespace: namespace || 'default',
    clusterName,
    cluster: overrideCluster(config.clusters.get(clusterName) ?? {}, flags),
    userName,
    isUserKnown: config.users.has(userName),
    user: overrideUser(config.users.get(userName) ?? {}, flags),
  };
}

function overrideCluster(cluster: Cluster, flags: ConnectFlags): Cluster {
  const overrides = given<Cluster>({
    server: flags.server,
    'tls-server-name': flags.tlsServerName,
    'proxy-url': flags.proxyUrl,
    'certificate-authority': flags.certificateAuthority,
    'insecure-skip-tls-verify': flags.insecureSkipTlsVerify,
    'disable-compression': flags.disableCompression,
  });
  return {
    // A flag for how to trust a server replaces all such settings of the kubeconfig, and a flag for another server
    // drops the server's name.
    ...without(cluster, overrides['certificate-authority'] || overrides['insecure-skip-tls-verify'] ? trust : []),
    ...(overrides.server && !overrides['tls-server-name'] ? { 'tls-server-name': '' } : {}),
    ...overrides,
  };
}

const trust = ['certificate-authority', 'certificate-authority-data', 'insecure-skip-tls-verify'] as const;

function overrideUser(user: User, flags: ConnectFlags): User {
  const extra = parseExtra(flags.asUserExtra ?? []);
  const overrides = given<User>({
    token: flags.token,
    username: flags.username,
    password: flags.password,
    'client-certificate': flags.clientCertificate,
    'client-key': flags.clientKey,
    as: flags.as,
    'as-uid': flags.asUid,
    'as-groups': flags.asGroup,
    'as-user-extra': extra && { ...user['as-user-extra'], ...extra },
  });
  return {
    ...without(user, [
      ...(flags.clientCertificate ? (['client-certificate-data'] as const) : []),
      ...(flags.clientKey ? (['client-key-data'] as const) : []),
    ]),
    ...overrides,
  };
}

/** Parses `key=value`, where a key may be repeated. kubectl ignores values without `=`. */
function parseExtra(values: string[]): Record<string, string[]> | undefined {
  const pairs = values
    .filter((value) => value.includes('='))
    .map((value) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]);
  const groups = Map.groupBy(pairs, ([key]) => key);
  return pairs.length === 0
    ? undefined
    : Object.fromEntries([...groups].map(([key, found]) => [key, found.map(([, value]) => value)]));
}

const without = <T extends object>(entry: T, fields: readonly (keyof T)[]): T =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !fields.includes(key as keyof T))) as T;

/** The fields whose value is set. */
const given = <T extends object>(fields: { [Field in keyof T]?: T[Field] | undefined }): T =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  ) as T;
