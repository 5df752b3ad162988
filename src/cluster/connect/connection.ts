import type { IncomingHttpHeaders } from 'node:http';

/**
 * kubectl's ConfigFlags, as given on the command line (cli-runtime pkg/genericclioptions/config_flags.go). An absent
 * flag was not given.
 */
export interface ConnectFlags {
  kubeconfig?: string;
  context?: string;
  cluster?: string;
  user?: string;
  namespace?: string;
  server?: string;
  token?: string;
  username?: string;
  password?: string;
  as?: string;
  asUid?: string;
  asGroup?: string[];
  asUserExtra?: string[];
  clientCertificate?: string;
  clientKey?: string;
  certificateAuthority?: string;
  insecureSkipTlsVerify?: boolean;
  tlsServerName?: string;
  proxyUrl?: string;
  disableCompression?: boolean;
}

/** The identity that one request impersonates, where that is not the identity of the kubeconfig. */
export interface Impersonation {
  user: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** The identity that requests claim, unless a request sets its own. */
export interface Claim {
  /** The impersonated identity; null where the server is to use the identity of the credentials. */
  impersonated: Impersonation | null;
  /** Whether a token, a password or a client certificate is sent. */
  hasCredentials: boolean;
}

export interface WireRequest {
  method: 'GET' | 'POST';
  /** The path and query, from the root of the API server: `/api/v1/pods?limit=500`. */
  path: string;
  /** Extra headers, such as `accept`. */
  headers?: Record<string, string>;
  /** The body, which is sent as JSON. */
  body?: unknown;
  /** Replaces the impersonation of the kubeconfig for this one request. */
  impersonate?: Impersonation;
  signal?: AbortSignal;
  /** Receives the body of a 200 piece by piece, as it arrives; the body of the response is then empty. */
  sink?: (piece: Buffer) => void;
}

export interface WireResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** The whole body, decompressed. */
  body: Buffer;
}

/**
 * An authenticated connection to one API server over keep-alive connections. `send` resolves with any HTTP status, and
 * rejects only where no answer arrived: with a Node network or TLS error, or with the abort of its signal.
 */
export interface Connection {
  /** The context in use; null in a pod, and where only flags name the server. */
  readonly context: string | null;
  /** The namespace of `-n`, or else of the context, or else of the pod, or else `default`. */
  readonly namespace: string;
  /** The server's URL. */
  readonly server: string;
  /** The identity that requests claim; absent where the server's view of it need not be checked. */
  readonly claim?: Claim;
  send(request: WireRequest): Promise<WireResponse>;
  /** Closes idle connections, so that the process can end. */
  close(): void;
}
