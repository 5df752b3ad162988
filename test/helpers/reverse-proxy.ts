import { once } from 'node:events';
import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { certificateAuthority } from './certificates.ts';
import type { ControlPlane } from './control-plane.ts';

export interface ReverseProxy {
  url: string;
  /** What signed its certificate. */
  ca: string;
  close(): void;
}

/** Names and values in turn, as they came. */
export type Change = (headers: [name: string, value: string][]) => [name: string, value: string][];

/**
 * A proxy in front of an API server that ends TLS, so that client certificates do not come through, and does something
 * to the headers of requests.
 */
export async function startReverseProxy(
  plane: ControlPlane,
  change: Change = (headers) => headers,
): Promise<ReverseProxy> {
  const authority = certificateAuthority('proxy-ca');
  const agent = new Agent({ keepAlive: true, ca: plane.caData });
  const server = createServer(authority.issue({ user: 'proxy', ips: ['127.0.0.1'] }), (request, response) => {
    const { rawHeaders, method, url = '' } = request;
    const pairs = rawHeaders.flatMap((name, i): [string, string][] =>
      i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? '']] : [],
    );
    const upstream = httpsRequest(plane.url + url, { agent, method, headers: change(pairs).flat() }, (answer) => {
      // Who asked may have heard enough.
      if (response.destroyed) return void answer.resume();
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      pipeline(answer, response, () => {});
    });
    upstream.on('error', () => response.destroy());
    pipeline(request, upstream, () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: authority.cert,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Drops headers whose name, in lower case, begins so. */
export const without =
  (...beginnings: string[]): Change =>
  (headers) =>
    headers.filter(([name]) => !beginnings.some((each) => name.toLowerCase().startsWith(each)));

/** Makes one header of several of this name, as proxies may that take every header for a list. */
export const joining =
  (name: string): Change =>
  (headers) => {
    const values = headers.flatMap(([each, value]) => (each.toLowerCase() === name ? [value] : []));
    return values.length < 2 ? headers : [...without(name)(headers), [name, values.join(', ')]];
  };
