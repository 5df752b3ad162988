import { isUtf8 } from 'node:buffer';
import type { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { UserError } from '../../answer/user-error.ts';
import { connectTunnel } from './connect-tunnel.ts';
import { http } from './http.ts';
import { socks5Connect } from './socks5.ts';
import { userInfoOf } from './user-info.ts';

/** An agent for keep-alive connections to `server`, through `proxy` where there is one. */
export function agentFor(server: URL, proxy: URL | null, tls: ConnectionOptions): Agent {
  const isSocks = proxy?.protocol.startsWith('socks') ?? false;
  if (server.protocol === 'http:') {
    // An http proxy gets a plain request with its whole URL, without a tunnel.
    if (!proxy || !isSocks)
      return new (http().Agent)({ ...keepAlive, ...(proxy && { proxyEnv: { HTTP_PROXY: forNode(proxy) } }) });
    return tunnelled(new (http().Agent)(keepAlive), (signal) =>
      socks5Connect(proxy, hostOf(server), portOf(server), signal),
    );
  }
  const agent = new HttpsAgent({ ...keepAlive, ...tls });
  if (!proxy) return agent;
  const dial = (signal: AbortSignal) =>
    isSocks
      ? socks5Connect(proxy, hostOf(server), portOf(server), signal)
      : connectTunnel(proxy, `${server.hostname}:${portOf(server)}`, tls, signal);
  return tunnelled(agent, dial, (socket, options) => tlsConnect({ ...options, socket }));
}

/** Node decodes the user name and the password as UTF-8, and throws its own error where they are not. */
function forNode(proxy: URL): string {
  const { user, password } = userInfoOf(proxy) ?? {};
  if (user && password && ![user, password].every(isUtf8))
    throw new UserError('error: the user name or the password of the proxy is no UTF-8');
  return proxy.href;
}

/** Each connection costs a TLS handshake, which more connections do not make up for. */
const keepAlive = { keepAlive: true, maxSockets: 4 };
const DIAL_TIMEOUT = 30_000;

const hostOf = (server: URL): string => server.hostname.replace(/^\[|\]$/g, '');
const portOf = (server: URL): number => Number(server.port || (server.protocol === 'https:' ? 443 : 80));

/**
 * `agent`, with connections that `dial` opens and `wrap` completes. Connections that are still being opened end when
 * the agent is destroyed.
 */
function tunnelled(
  agent: Agent,
  dial: (signal: AbortSignal) => Promise<Socket>,
  wrap: (socket: Socket, options: ConnectionOptions) => Socket = (socket) => socket,
): Agent {
  const closing = new AbortController();
  const destroy = agent.destroy.bind(agent);
  agent.createConnection = (options, done) => {
    dial(AbortSignal.any([AbortSignal.timeout(DIAL_TIMEOUT), closing.signal]))
      .then((socket) => wrap(socket, options as ConnectionOptions))
      .then((socket) => done?.(null, socket), done as (error: Error) => void);
    return undefined;
  };
  agent.destroy = () => {
    closing.abort();
    destroy();
  };
  return agent;
}
