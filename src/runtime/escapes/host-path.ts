import { and, depends, no, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import { type Bound, handlerUnknown, isRoot, opening, overNode, sameKernel, unlabelled } from './bounds.ts';
import type { Escape, Opening, Place } from './escape.ts';
import { hostPathsOf, type MountedPath, mountedOf, mountsOf } from './mounted.ts';
import { NODE_PATHS, type NodePath } from './node-paths.ts';
import { certain, gainsOf } from './path-gains.ts';

/**
 * A path of the node that the container mounts, by what is there (`node-paths.ts`). Condition: volumes[].hostPath that
 * the container mounts, or a claim whose PersistentVolume is a path of the node; subPath counted.
 * Bounds:    the user, SELinux by an explicit type, kernels of its own; readOnly, but for sockets and what is mounted below (`path-gains.ts`).
 */
export const HOST_PATHS: readonly Escape[] = [
  'hostpath-root',
  ...new Set(NODE_PATHS.map(({ id }) => id)),
  'hostpath-other',
].map(
  (id): Escape => ({
    id,
    title: 'hostPath',
    windows: true,
    find: (container, place) =>
      hostPathsOf(mountsOf(container), place.behind).flatMap((mounted) =>
        openingsOf(mounted, container, place).flatMap((each) => (each.id === id ? each.opening : [])),
      ),
  }),
);

/** What is behind claims that could not be looked up. */
export const claimedVolume: Escape = {
  id: 'claimed-volume',
  title: 'claim',
  find: (container, { behind }) =>
    mountedOf('persistentVolumeClaim', mountsOf(container)).flatMap(({ mount, volume: { detail } }) => {
      const found = behind(detail);
      if (found.kind !== 'unknown' || mount.device) return [];
      return opening(
        'node data',
        `claim ${detail}`,
        depends([found.unknown], 'no', ['if its volume is a path of the node']),
      );
    }),
};

function openingsOf(mounted: MountedPath, container: Contained, place: Place): { id: string; opening: Opening }[] {
  const bounds = (kind: NodePath['kind']): Bound[] => [
    isRoot(container),
    unlabelled(container),
    BOUNDS[kind](container, place),
  ];
  const found = gainsOf(mounted, { ...place, isRunning: container.state === 'running' }).map(
    ({ there, effect, bound }) => ({
      id: there.id,
      opening: opening(effect.gain, `${wordsOf(mounted)}: ${effect.words}`, ...bounds(there.kind), bound),
    }),
  );
  if (found.length > 0) return found;
  return [
    {
      id: 'hostpath-other',
      opening: opening('help', `${wordsOf(mounted)}: files of the node`, ...bounds('files'), certain(mounted)),
    },
  ];
}

function wordsOf({ path, readOnly, exact, through }: MountedPath): string {
  const notes = [...(through === null ? [] : [through]), ...(readOnly ? ['read-only'] : [])];
  return `hostPath ${exact ? path : `${path.replace(/\/$/, '')}/…`}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

/**
 * Whether root in a user namespace is root for the mounted files. The kubelet asks for ID-mapped mounts there, through
 * which root of the pod is root for files and sockets; the kernel's own file systems do not support them. Source:
 * kubernetes pkg/kubelet/kuberuntime/kuberuntime_container_linux.go (UidMappings of mounts); mount_setattr(2); tried on
 * Linux 6.18.
 */
function mappedFiles({ settings }: Contained, { environments: [{ handler }] }: Place): Bound {
  if (!settings.hostUsers)
    return depends([MAPPED], 'yes', ['hostUsers: false, but ID-mapped mounts make its root that of the files']);
  return handler.kind === 'sysbox'
    ? depends([handlerUnknown(handler.words)], 'yes', [`if ${handler.words} maps them for its users`])
    : yes();
}

/** An unknown handler probably shares files with the container, as all known ones do. */
function sharedFiles(place: Place): Bound {
  const bound = sameKernel(place);
  return place.environments[0].handler.kind === 'unknown' ? { ...bound, leaning: 'yes' } : yes();
}

const BOUNDS: Readonly<Record<NodePath['kind'], (container: Contained, place: Place) => Bound>> = {
  files: (container, place) => and(mappedFiles(container, place), sharedFiles(place)),
  // A socket has no listener on the other side of a separate kernel.
  socket: (container, place) => and(mappedFiles(container, place), sameKernel(place)),
  kernel: overNode,
  devices: (container, place) =>
    container.settings.privileged
      ? overNode(container, place)
      : no('the device cgroup opens no device to a container that is not privileged'),
};

const MAPPED = {
  kind: 'invisible',
  what: "whether the runtime maps IDs of the pod's mounts",
  why: 'it and the file system have to support it, on the node',
  affects: 'files of the node in a user namespace',
} as const;
