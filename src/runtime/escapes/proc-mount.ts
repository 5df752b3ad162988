import { unconfined } from './app-armor.ts';
import { isRoot, opening, overNode } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * /proc as the kernel has it, writable.
 * Condition: securityContext.procMount Unmasked; of a privileged container it is so anyhow.
 * Why:       core_pattern below /proc/sys starts a program as root of the node.
 * Bounds:    the user, AppArmor; the API wants it with hostUsers: false alone, and there it opens nothing of the node.
 */
export const procMount: Escape = {
  id: 'procmount-unmasked',
  title: 'procMount Unmasked',
  find: (container, place) =>
    container.facts.context.procMount === 'Unmasked' && !container.settings.privileged
      ? [
          opening(
            'node root',
            'procMount Unmasked: core_pattern, by which a crash starts a program as root of the node',
            isRoot(container),
            overNode(container, place),
            unconfined(container, place, 'writing to /proc/sys'),
          ),
        ]
      : [],
};
