import type { IncomingHttpHeaders } from 'node:http';

/**
 * kubectl's ConfigFlags as they stand on the command line (cli-runtime pkg/genericclioptions/config_flags.go); absent
 * means not given.
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

/** Who one request is made as, where that is not the identity of the kubeconfig. */
export interface Impersonation {
  user: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** Whom requests claim to come from, unless one says otherwise. */
export interface Claim {
  /** null where the server is to act as whom the credentials belong to. */
  impersonated: Impersonation | null;
  /** Whether a token, a password or a client certificate goes along. */
  hasCredentials: boolean;
}

export interface WireRequest {
  method: 'GET' | 'POST';
  /** Path and query, from the root of the API server: `/api/v1/pods?limit=500`. */
  path: string;
  /** Extra headers, such as `accept`. */
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Replaces the impersonation of the kubeconfig for this one request. */
  impersonate?: Impersonation;
  signal?: AbortSignal;
  /** Takes a 200's body piece by piece, as it arrives; the response then has an empty one. */
  sink?: (piece: Buffer) => void;
}

export interface WireResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** The whole body, decompressed. */
  body: Buffer;
}

/**
 * An authenticated way to one API server over keep-alive connections. `send` answers with whatever HTTP status came
 * back and rejects only where no answer came: a Node network or TLS error, or the abort of its signal.
 */
export interface Connection {
  /** The context in use; null in a pod and where only flags name the server. */
  readonly context: string | null;
  /** The namespace of `-n`, else of the context, else of the pod, else `default`. */
  readonly namespace: string;
  /** The server's URL. */
  readonly server: string;
  /** Absent where nobody has to be told apart. */
  readonly claim?: Claim;
  send(request: WireRequest): Promise<WireResponse>;
  /** Closes idle connections, so that the process can end. */
  close(): void;
}
