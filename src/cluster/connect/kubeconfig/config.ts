/**
 * A kubeconfig as kubectl spells it on disk (client-go tools/clientcmd/api/v1/types.go); absent and empty fields mean
 * the same.
 */
export interface Cluster {
  server?: string;
  'tls-server-name'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'certificate-authority'?: string;
  'certificate-authority-data'?: Buffer;
  'proxy-url'?: string;
  'disable-compression'?: boolean;
  extensions?: { name?: string; extension?: unknown }[];
}

export interface User {
  'client-certificate'?: string;
  'client-certificate-data'?: Buffer;
  'client-key'?: string;
  'client-key-data'?: Buffer;
  token?: string;
  tokenFile?: string;
  as?: string;
  'as-uid'?: string;
  'as-groups'?: string[];
  'as-user-extra'?: Record<string, string[]>;
  username?: string;
  password?: string;
  'auth-provider'?: AuthProvider;
  exec?: ExecConfig;
  /** The file from which it was read. */
  origin?: string;
}

export interface AuthProvider {
  name?: string;
  config?: Record<string, string>;
}

export interface ExecConfig {
  apiVersion?: string;
  command?: string;
  args?: string[];
  env?: { name?: string; value?: string }[];
  installHint?: string;
  provideClusterInfo?: boolean;
  interactiveMode?: string;
}

export interface Context {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** The contents of one file or of several merged files, by name. */
export interface Kubeconfig {
  currentContext: string;
  clusters: Map<string, Cluster>;
  users: Map<string, User>;
  contexts: Map<string, Context>;
}

/** The cluster and user for one command: a context, overridden by the flags. */
export interface Target {
  /** The name of the context; null where none is used. */
  contextName: string | null;
  namespace: string;
  clusterName: string;
  cluster: Cluster;
  userName: string;
  isUserKnown: boolean;
  user: User;
}
