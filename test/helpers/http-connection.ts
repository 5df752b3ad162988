import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Connection, Impersonation } from '../../src/cluster/connection.ts';

/** The wire in its simplest form: keep-alive over http or https, a token, impersonation by user and groups. */
export function httpConnection(
  server: string,
  { token, ca, namespace = 'default' }: { token?: string; ca?: string; namespace?: string } = {},
): Connection {
  const isTls = server.startsWith('https:');
  const agent = isTls ? new HttpsAgent({ keepAlive: true, ...(ca && { ca }) }) : new HttpAgent({ keepAlive: true });
  return {
    ...{ context: 'test', namespace, server },
    async send({ method, path, headers, body, impersonate, signal, sink }) {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)(server + path, {
          ...{ agent, method, ...(signal && { signal }) },
          headers: {
            ...headers,
            ...(token && { authorization: `Bearer ${token}` }),
            ...(body !== undefined && JSON_BODY),
            ...impersonation(impersonate),
          },
        });
        request.once('response', resolve).on('error', reject);
        request.end(body === undefined ? undefined : JSON.stringify(body));
      });
      const status = response.statusCode ?? 0;
      if (sink && status === 200) for await (const piece of response) sink(piece);
      return { status, headers: response.headers, body: await buffer(response) };
    },
    close: () => agent.destroy(),
  };
}

const JSON_BODY = { 'content-type': 'application/json' };

const impersonation = (impersonate?: Impersonation) =>
  impersonate && { 'impersonate-user': impersonate.user, 'impersonate-group': impersonate.groups ?? [] };
