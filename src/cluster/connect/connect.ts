import type { Agent } from 'node:http';
import { agentFor } from '../wire/agent.ts';
import { exchange } from '../wire/exchange.ts';
import { type KeyPair, type TlsSettings, tlsOptions } from '../wire/tls.ts';
import type { ConnectFlags, Connection, WireRequest } from './connection.ts';
import type { Cluster } from './kubeconfig/config.ts';
import type { Credential } from './kubeconfig/credential.ts';
import { credentialsFor, withoutCredentials } from './kubeconfig/credentials.ts';
import type { ConnectEnvironment } from './kubeconfig/environment.ts';
import { readNamedFile } from './kubeconfig/files.ts';
import { headerValue, impersonationHeaders, impersonationOf } from './kubeconfig/impersonation.ts';
import { proxyFor } from './kubeconfig/proxy.ts';
import { parseServer } from './kubeconfig/server.ts';
import { findTarget } from './kubeconfig/target.ts';

export type { ConnectEnvironment } from './kubeconfig/environment.ts';

/**
 * Finds the cluster and the identity that kubectl would use with the same flags, and prepares the credentials: a
 * credential plugin has run, and has talked to the user if it had to, when this resolves. Nothing has been sent to the
 * API server by then. Rejects with a UserError in kubectl's words, which never contains a secret.
 */
export async function connect(flags: ConnectFlags, environment: ConnectEnvironment): Promise<Connection> {
  const target = findTarget(flags, environment);
  const { cluster, contextName, namespace, user } = target;
  const { url, authorization } = parseServer(cluster.server ?? '');
  const isTls = url.protocol === 'https:';
  // Like kubectl, we send no credentials over plain http, but we do send impersonation headers.
  const credentials = isTls ? credentialsFor(target, environment) : withoutCredentials;
  const impersonated = impersonationOf(user);
  const proxy = proxyFor(url, cluster['proxy-url'], environment.env);
  const agents = agentCache((credential) =>
    agentFor(url, proxy, isTls ? tlsOptions(tlsSettings(cluster), credential.certificate) : {}),
  );
  const prefix = url.pathname.replace(/\/$/, '');
  const always = {
    accept: 'application/json',
    'user-agent': userAgent(environment.version),
    ...(!cluster['disable-compression'] && { 'accept-encoding': 'gzip' }),
  };

  async function sendOnce(
    { method, path, headers, body, impersonate = impersonated, signal, sink }: WireRequest,
    credential: Credential,
  ) {
    const proof = authorization ?? credential.authorization;
    return exchange(url, {
      method,
      path: prefix + path,
      headers: {
        ...always,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...(proof && { authorization: headerValue('Authorization', proof) }),
        ...(impersonate && impersonationHeaders(impersonate)),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      agent: agents.get(credential),
      signal,
      sink,
    });
  }

  const first = await credentials.current();
  agents.get(first);
  return {
    context: contextName,
    namespace,
    server: url.href.replace(/\/$/, ''),
    claim: {
      impersonated: impersonated ?? null,
      hasCredentials: (authorization ?? first.authorization ?? first.certificate) !== undefined,
    },
    async send(request) {
      const credential = await credentials.current();
      const response = await sendOnce(request, credential);
      if (response.status !== 401 || !(await credentials.renew(credential))) return response;
      return sendOnce(request, await credentials.current());
    },
    close: () => agents.close(),
  };
}

function tlsSettings(cluster: Cluster): TlsSettings {
  const { 'certificate-authority': file, 'certificate-authority-data': data } = cluster;
  return {
    ca: data?.length ? data : file ? readNamedFile(file) : undefined,
    insecure: cluster['insecure-skip-tls-verify'],
    serverName: cluster['tls-server-name'],
  };
}

/** A connection carries a client certificate, so that each certificate needs its own connections. */
function agentCache(newAgent: (credential: Credential) => Agent): {
  get(credential: Credential): Agent;
  close(): void;
} {
  const agents = new Map<KeyPair | undefined, Agent>();
  return {
    get(credential) {
      const agent = agents.get(credential.certificate) ?? newAgent(credential);
      agents.set(credential.certificate, agent);
      return agent;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function userAgent(version: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return `kubectl-whocan_escalate/${version} (${platform}/${architecture})`;
}
