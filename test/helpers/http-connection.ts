import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Connection, Impersonation } from '../../src/cluster/connect/connection.ts';
import { exchange } from '../../src/cluster/wire/exchange.ts';

/**
 * The program's own wire, without a kubeconfig: keep-alive over http or https, a token, impersonation by user and
 * groups; as many connections as it takes.
 */
export function httpConnection(
  server: string,
  {
    token,
    ca,
    namespace = 'default',
    maxSockets,
  }: { token?: string; ca?: string; namespace?: string; maxSockets?: number } = {},
): Connection {
  const isTls = server.startsWith('https:');
  const options = { keepAlive: true, ...(maxSockets && { maxSockets }) };
  const agent = isTls ? new HttpsAgent({ ...options, ...(ca && { ca }) }) : new HttpAgent(options);
  return {
    ...{ context: 'test', namespace, server },
    send: ({ method, path, headers, body, impersonate, signal, sink }) =>
      exchange(new URL(server), {
        ...{ agent, method, path, signal, sink },
        headers: {
          ...headers,
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && JSON_BODY),
          ...impersonation(impersonate),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    close: () => agent.destroy(),
  };
}

const JSON_BODY = { 'content-type': 'application/json' };

const impersonation = (impersonate?: Impersonation) =>
  impersonate && { 'impersonate-user': impersonate.user, 'impersonate-group': impersonate.groups ?? [] };
