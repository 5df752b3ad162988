import { opening } from './bounds.ts';
import type { Escape } from './escape.ts';
import { mountedOf, mountsOf } from './mounted.ts';

/**
 * Secrets in the container, by name; values are never read. Those that only pull its image the kubelet keeps to itself.
 * Condition: volumes[].secret and projected, mounted; env[].valueFrom.secretKeyRef, envFrom[].secretRef.
 */
export const secrets: Escape = {
  id: 'secret-mounted',
  title: 'Secret',
  windows: true,
  find: (container) => {
    const mounted = mountedOf('secret', mountsOf(container)).map(({ volume: { detail } }) => detail);
    const names = [...new Set([...mounted, ...container.facts.secrets])].filter((name) => name !== '').sort();
    return names.length === 0
      ? []
      : [opening('help', `holds ${names.length === 1 ? 'Secret' : 'Secrets'} ${names.join(', ')}`)];
  },
};
