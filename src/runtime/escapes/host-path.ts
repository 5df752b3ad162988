import { and, depends, no, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import { type Bound, handlerUnknown, isRoot, opening, overNode, sameKernel, unlabelled } from './bounds.ts';
import type { Escape, Opening, Place } from './escape.ts';
import { hostPathsOf, type MountedPath } from './mounted.ts';
import { type Effect, NODE_PATHS, type NodePath, nodePathsAt } from './node-paths.ts';

/**
 * A path of the node that the container mounts, by what is there (`node-paths.ts`).
 * Condition: volumes[].hostPath that the container mounts, subPath counted.
 * Bounds:    the user, SELinux by an explicit type, kernels of its own; readOnly, but for sockets.
 */
export const HOST_PATHS: readonly Escape[] = ['hostpath-root', ...new Set(NODE_PATHS.map(({ id }) => id)), 'hostpath-other'].map(
  (id): Escape => ({
    id,
    title: 'hostPath',
    windows: true,
    find: (container, place) =>
      hostPathsOf(container).flatMap((mounted) =>
        openingsOf(mounted, container, place).flatMap((each) => (each.id === id ? each.opening : [])),
      ),
  }),
);

function openingsOf(mounted: MountedPath, container: Contained, place: Place): { id: string; opening: Opening }[] {
  const found = nodePathsAt(mounted.path).flatMap((there) =>
    effectsOf(there, mounted).map((effect) => ({ id: there.id, opening: effectOpening(there, effect, mounted, container, place) })),
  );
  if (found.length > 0) return found;
  const files = { kind: 'files' } as const;
  return [{ id: 'hostpath-other', opening: effectOpening(files, OTHER, mounted, container, place) }];
}

/** What cannot be written can be read at least; and so can what is of doubtful use to whoever writes there. */
function effectsOf({ read, write }: NodePath, { readOnly }: MountedPath): Effect[] {
  if (readOnly || write === null) return read ? [read] : [];
  return write.doubt && read && read !== write ? [write, read] : [write];
}

function effectOpening(
  there: Pick<NodePath, 'kind'>,
  { gain, words, doubt }: Effect,
  mounted: MountedPath,
  container: Contained,
  place: Place,
): Opening {
  const { path, readOnly, exact } = mounted;
  const where = `hostPath ${path}${exact ? '' : '/…'}${readOnly ? ' (read-only)' : ''}`;
  return opening(
    gain,
    `${where}: ${words}`,
    isRoot(container),
    unlabelled(container),
    BOUNDS[there.kind](container, place),
    exact ? yes() : depends([SUB_PATH], null, ['if its subPathExpr leads there']),
    doubt ? depends([doubt.unknown], doubt.leaning, [doubt.words]) : yes(),
  );
}

/**
 * In a user namespace the kubelet asks for every mount to be ID-mapped, by which root of the pod is root for its files, sockets included; the kernel's own file
 * systems know no such mounts. Source: kubernetes pkg/kubelet/kuberuntime/kuberuntime_container_linux.go (UidMappings of mounts); mount_setattr(2); tried on
 * Linux 6.18.
 */
function mappedFiles({ settings }: Contained, { environments: [{ handler }] }: Place): Bound {
  if (!settings.hostUsers) return depends([MAPPED], 'yes', ['hostUsers: false, but ID-mapped mounts make its root that of the files']);
  return handler.kind === 'sysbox'
    ? depends([handlerUnknown(handler.words)], 'yes', [`if ${handler.words} maps them for its users`])
    : yes();
}

/** A handler that is not known shares files in all likelihood, as all do that are. */
function sharedFiles(place: Place): Bound {
  const bound = sameKernel(place);
  return place.environments[0].handler.kind === 'unknown' ? { ...bound, leaning: 'yes' } : yes();
}

const BOUNDS: Readonly<Record<NodePath['kind'], (container: Contained, place: Place) => Bound>> = {
  files: (container, place) => and(mappedFiles(container, place), sharedFiles(place)),
  // Across kernels nobody answers at the other end.
  socket: (container, place) => and(mappedFiles(container, place), sameKernel(place)),
  kernel: overNode,
  devices: (container, place) =>
    container.settings.privileged
      ? overNode(container, place)
      : no('the device cgroup opens no device to a container that is not privileged'),
};

const OTHER: Effect = { gain: 'help', words: 'files of the node' };

const MAPPED = {
  kind: 'invisible',
  what: "whether the runtime maps IDs of the pod's mounts",
  why: 'it and the file system have to support it, on the node',
  affects: 'files of the node in a user namespace',
} as const;

const SUB_PATH = {
  kind: 'invisible',
  what: 'where its subPathExpr leads',
  why: 'values of its variables are not read',
  affects: 'which files of the node it mounts',
} as const;
