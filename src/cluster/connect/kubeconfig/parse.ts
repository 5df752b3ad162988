import { readYaml, YamlError } from '../../yaml/read.ts';
import type { Cluster, Context, Kubeconfig, User } from './config.ts';
import { decode, type StructShape } from './decode.ts';

/**
 * Parses one kubeconfig file as kubectl reads it: YAML 1.1 (`yes` is true), the last of two equal keys, the first of
 * several documents, no type conversion, and each name only once per list. Empty text is an empty configuration. Throws
 * an Error whose message gives the reason without quoting the text, which contains secrets.
 */
export function parseKubeconfig(text: string): Kubeconfig {
  const document = parseYaml(text);
  const file = decode<ConfigFile>(checkVersion(document ?? {}), configShape);
  return {
    currentContext: file['current-context'] ?? '',
    clusters: byName('NamedCluster', 'Cluster', file.clusters, ({ cluster }) => cluster),
    users: byName('NamedAuthInfo', 'AuthInfo', file.users, ({ user }) => withDefaults(user ?? {})),
    contexts: byName('NamedContext', 'Context', file.contexts, ({ context }) => context),
  };
}

/**
 * The first YAML document in `text`; undefined where there is none. Throws an Error with the line and the reason, but
 * never with the text.
 */
export function parseYaml(text: string): unknown {
  try {
    return readYaml(text, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`yaml: line ${error.line}: ${error.discreet}`);
  }
}

/** A depth that no kubeconfig reaches. */
const MAX_DEPTH = 100;

function checkVersion(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    const kind = Array.isArray(document) ? 'array' : typeof document;
    throw new Error(`couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into an object`);
  }
  const { kind, apiVersion } = typeOf(document);
  if (kind !== 'Config' || apiVersion !== 'v1')
    throw new Error(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return document;
}

/** The type of a document. Missing and empty values are the ones that kubectl writes. */
function typeOf(document: object): { kind: string; apiVersion: string } {
  try {
    const { kind, apiVersion } = decode<{ kind?: string; apiVersion?: string }>(document, typeShape);
    return { kind: kind || 'Config', apiVersion: apiVersion || 'v1' };
  } catch (error) {
    throw new Error(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

function byName<Item extends { name?: string }, Value extends object>(
  slice: string,
  type: string,
  items: Item[] | undefined,
  value: (item: Item) => Value | undefined,
): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const item of items ?? []) {
    const name = item.name ?? '';
    if (map.has(name))
      throw new Error(`error converting *[]${slice} into *map[string]*api.${type}: duplicate name "${name}" in list`);
    map.set(name, value(item) ?? ({} as Value));
  }
  return map;
}

/** Mirrors client-go tools/clientcmd/api/v1/defaults.go: only v1 asks for an interactiveMode. */
function withDefaults(user: User): User {
  const old = ['client.authentication.k8s.io/v1beta1', 'client.authentication.k8s.io/v1alpha1'].includes(
    user.exec?.apiVersion ?? '',
  );
  return old && user.exec && !user.exec.interactiveMode
    ? { ...user, exec: { ...user.exec, interactiveMode: 'IfAvailable' } }
    : user;
}

interface ConfigFile {
  'current-context'?: string;
  clusters?: { name?: string; cluster?: Cluster }[];
  users?: { name?: string; user?: User }[];
  contexts?: { name?: string; context?: Context }[];
}

const struct = (name: string, fields: StructShape['fields']): StructShape => ({
  struct: name,
  type: `v1.${name}`,
  fields,
});
const listOf = (item: StructShape) => ({ list: item, type: `[]${item.type}` });
const strings = { list: 'string', type: '[]string' } as const;

const typeShape = struct('', { kind: 'string', apiVersion: 'string' });
const configShape = struct('Config', {
  'current-context': 'string',
  clusters: listOf(
    struct('NamedCluster', {
      name: 'string',
      cluster: struct('Cluster', {
        server: 'string',
        'tls-server-name': 'string',
        'insecure-skip-tls-verify': 'bool',
        'certificate-authority': 'string',
        'certificate-authority-data': 'bytes',
        'proxy-url': 'string',
        'disable-compression': 'bool',
        extensions: listOf(struct('NamedExtension', { name: 'string', extension: 'any' })),
      }),
    }),
  ),
  users: listOf(
    struct('NamedAuthInfo', {
      name: 'string',
      user: struct('AuthInfo', {
        'client-certificate': 'string',
        'client-certificate-data': 'bytes',
        'client-key': 'string',
        'client-key-data': 'bytes',
        token: 'string',
        tokenFile: 'string',
        as: 'string',
        'as-uid': 'string',
        'as-groups': strings,
        'as-user-extra': { map: strings, type: 'map[string][]string' },
        username: 'string',
        password: 'string',
        'auth-provider': struct('AuthProviderConfig', {
          name: 'string',
          config: { map: 'string', type: 'map[string]string' },
        }),
        exec: struct('ExecConfig', {
          apiVersion: 'string',
          command: 'string',
          args: strings,
          env: listOf(struct('ExecEnvVar', { name: 'string', value: 'string' })),
          installHint: 'string',
          provideClusterInfo: 'bool',
          interactiveMode: 'string',
        }),
      }),
    }),
  ),
  contexts: listOf(
    struct('NamedContext', {
      name: 'string',
      context: struct('Context', { cluster: 'string', user: 'string', namespace: 'string' }),
    }),
  ),
});
