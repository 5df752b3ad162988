import { allow } from '../../helpers/cluster.ts';
import { everywhere, type RealRequest, SHOP } from '../../helpers/real-requests.ts';

export const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
};
const SPDY = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v5.channel.k8s.io' };

/** What somebody may be granted on a streaming subresource. */
export const GRANTS = ['get', 'create', 'get create', 'update', '*'];
export const has = (granted: string, verb: string): boolean => granted === '*' || granted.split(' ').includes(verb);

/**
 * Streams to a pod that is not there: who passes is told that. From 1.35 a WebSocket needs what SPDY needs, beside its
 * own verb.
 */
export function streams(minor: number, subresource: string, granted: string): RealRequest[] {
  const stream = (
    transport: string,
    method: string,
    headers: Record<string, string>,
    verbs: string[],
  ): RealRequest => ({
    why: `${transport} with ${granted}`,
    rights: everywhere(allow(granted, `pods/${subresource}`)),
    line: `${method} ${SHOP}/pods/web/${subresource}?command=id&stdout=1&ports=80`,
    needs: verbs.map((verb) => `${verb} pods/${subresource} web in shop`),
    allowed: verbs.every((verb) => has(granted, verb)),
    headers,
  });
  return [
    stream('WebSocket', 'GET', WEBSOCKET, minor < 35 ? ['get'] : ['get', 'create']),
    stream('SPDY', 'POST', SPDY, ['create']),
  ];
}
