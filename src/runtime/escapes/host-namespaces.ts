import { opening, sameKernel, sameUsers } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * The namespaces of the node. None of them is root there by itself, whatever scanners say.
 * Condition: spec.hostPID, hostNetwork, hostIPC.
 * Why:       of processes in sight, those of the same user with no more capabilities can be looked into (ptrace(2), access mode checks), and others killed by
 *            root; on the node's network no NetworkPolicy holds, and what listens on its localhost is near.
 * Bounds:    kernels of its own. A user namespace comes with the network alone (KEP-5607), and does not bound what can be reached by it.
 */
export const HOST_NAMESPACES: readonly Escape[] = [
  {
    id: 'hostpid',
    title: 'hostPID',
    find: (container, place) =>
      container.pod.context.hostPID
        ? [
            opening(
              'other pods',
              'hostPID: processes of the node; files and environment of those of its user',
              sameUsers(container, place),
              sameKernel(place),
            ),
          ]
        : [],
  },
  {
    id: 'hostnetwork',
    title: 'hostNetwork',
    find: (container, place) =>
      container.settings.hostNetwork
        ? [
            opening(
              'node network',
              "hostNetwork: what listens on the node's localhost, past every NetworkPolicy",
              sameKernel(place),
            ),
          ]
        : [],
  },
  {
    id: 'hostipc',
    title: 'hostIPC',
    find: (container, place) =>
      container.pod.context.hostIPC
        ? [
            opening(
              'node data',
              'hostIPC: what processes of the node share in memory, and no more',
              sameUsers(container, place),
              sameKernel(place),
            ),
          ]
        : [],
  },
];
