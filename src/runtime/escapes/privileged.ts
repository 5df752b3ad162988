import { holds, opening, overNode } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * A privileged container.
 * Condition: securityContext.privileged.
 * Why:       all capabilities and devices of the node, and neither seccomp, AppArmor nor masked paths.
 * Bounds:    the user, who has the capabilities only as root, or on CRI-O; user namespaces; kernels of its own.
 */
export const privileged: Escape = {
  id: 'priv-container',
  title: 'privileged',
  find: (container, place) =>
    container.settings.privileged
      ? [opening('node root', 'privileged: all capabilities and devices of the node', ...powers(container, place))]
      : [],
};

/**
 * The same with the node's processes in sight: one command enters all of their namespaces.
 * Condition: privileged and spec.hostPID.
 */
export const privilegedHostPid: Escape = {
  id: 'priv-hostpid-nsenter',
  title: 'privileged with hostPID',
  find: (container, place) =>
    container.settings.privileged && container.pod.context.hostPID
      ? [
          opening(
            'node root',
            'privileged with hostPID: nsenter --target 1 is a shell on the node',
            ...powers(container, place),
          ),
        ]
      : [],
};

/** SYS_ADMIN stands for all capabilities, which a privileged container has or lacks together. */
const powers = (...[container, place]: Parameters<Escape['find']>) => [
  holds('SYS_ADMIN', container, place),
  overNode(container, place),
];
