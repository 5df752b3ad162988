import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';

export type Reply = { status: number; headers: IncomingHttpHeaders; body: unknown };

/** JSON in, JSON out (text where it isn't JSON). `token: null` is nobody. Rejects only where there is no answer. */
export type Request = (
  method: string,
  path: string,
  body?: unknown,
  options?: { token?: string | null; headers?: Record<string, string | string[]> },
) => Promise<Reply>;

/**
 * Requests to an API server over 32 kept connections, with this token where the request names none, and with a client
 * certificate where there is one.
 */
export function apiClient(
  url: string,
  ca: string,
  defaultToken: string | null,
  certificate: { cert?: string; key?: string } = {},
): { request: Request; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca, ...certificate });
  return {
    close: () => agent.destroy(),
    request(method, path, body, { token = defaultToken, headers = {} } = {}) {
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
      const content = body === undefined ? {} : { 'content-type': 'application/json' };
      const all = { accept: 'application/json', ...authorization, ...content, ...headers };
      return send(agent, method, url + path, all, body === undefined ? undefined : JSON.stringify(body));
    },
  };
}

function send(
  agent: Agent,
  method: string,
  url: string,
  headers: Record<string, string | string[]>,
  content: string | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response
        .once('error', reject)
        .once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) }),
        );
    });
    request.once('error', reject).end(content);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
