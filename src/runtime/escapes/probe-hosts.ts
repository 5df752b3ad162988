import { opening } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * Requests that the kubelet makes for the pod, to somewhere else.
 * Condition: host of httpGet or tcpSocket, in probes and hooks.
 * Why:       they come from the node, past NetworkPolicy. Pod Security's baseline refuses it since 1.34.
 */
export const probeHosts: Escape = {
  id: 'host-probe-hooks',
  title: 'probe host',
  windows: true,
  find: ({ facts }) =>
    [...new Set(facts.probeHosts)].map((host) =>
      opening('help', `probe of ${host}: the kubelet asks it, from the node`),
    ),
};
