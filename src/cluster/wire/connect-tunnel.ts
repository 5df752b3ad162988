import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { http } from './http.ts';
import { basicAuth, userInfoOf, withoutUserInfo } from './user-info.ts';

/**
 * Connects to `authority` (`host:port`) through an http or https proxy, which is trusted like the server behind it.
 * Rejects with an Error that gives the proxy's answer.
 */
export async function connectTunnel(
  proxy: URL,
  authority: string,
  tls: ConnectionOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const userInfo = userInfoOf(proxy);
  const address = urlToHttpOptions(withoutUserInfo(proxy));
  const { servername, checkServerIdentity, ...trust } = tls;
  const isTls = proxy.protocol === 'https:';
  const headers = { host: authority, ...(userInfo && { 'proxy-authorization': basicAuth(userInfo) }) };
  const options = {
    ...address,
    method: 'CONNECT',
    path: authority,
    headers,
    agent: isTls ? new HttpsAgent(trust) : false,
    signal,
  };
  const request = isTls ? httpsRequest(options) : http().request(options);
  // Errors after the result, such as the end of all tunnels, are ignored.
  request.on('error', () => {});
  request.end();
  const [response, socket, head] = (await once(request, 'connect', { signal })) as [IncomingMessage, Socket, Buffer];
  if (response.statusCode !== 200) {
    socket.destroy();
    throw new Error(`the proxy answered ${response.statusCode} ${response.statusMessage}`.trim());
  }
  if (head.length > 0) socket.unshift(head);
  return socket;
}
