import { opening } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * Ports of the node that lead to the container. With hostNetwork all do.
 * Condition: containers[].ports[].hostPort.
 * Why:       whoever reaches the node reaches it, and NetworkPolicy mostly does not see from where; it takes the port from all others.
 */
export const hostPorts: Escape = {
  id: 'hostport',
  title: 'hostPort',
  windows: true,
  find: ({ facts, settings }) =>
    facts.hostPorts.length > 0 && !settings.hostNetwork
      ? [opening('help', `hostPort ${facts.hostPorts.join(', ')}: open wherever the node is reached`)]
      : [],
};
