import type { Mount, Volume } from '../../world/objects.ts';
import type { Contained } from '../container.ts';
import type { Behind } from './claims.ts';
import { normalPath } from './node-paths.ts';

/** A volume that a container mounts. */
export interface Mounted {
  mount: Mount;
  volume: Volume;
}

/**
 * The volumes of a pod, and the ones that a container mounts. The kubelet does not set up a volume that no container
 * mounts.
 */
export interface Mounts {
  volumes: readonly Volume[];
  mounts: readonly Mount[];
}

export const mountsOf = ({ pod, facts }: Contained): Mounts => ({ volumes: pod.volumes, mounts: facts.mounts });

/** The volumes with a source that a container mounts. Pure. */
export const mountedOf = (source: string, { volumes, mounts }: Mounts): Mounted[] =>
  mounts.flatMap((mount) =>
    volumes.filter((each) => each.source === source && each.name === mount.volume).map((volume) => ({ mount, volume })),
  );

/** A path of the node that a container sees. */
export interface MountedPath {
  path: string;
  readOnly: boolean;
  /** The setting of the mount: `Enabled`, `IfPossible`, or null. */
  recursiveReadOnly: string | null;
  /** False where it is somewhere below `path`, because a subPathExpr contains variables. */
  exact: boolean;
  /** The type of the hostPath, as far as it tells what is at `path`; otherwise `''`. */
  type: string;
  /** `PersistentVolume data`, through which it is mounted; null where the pod itself names the path. */
  through: string | null;
}

/** The paths of the node that a container mounts, also through claims; a subPath narrows them. Pure. */
export const hostPathsOf = (mounts: Mounts, behind: Behind): MountedPath[] => [
  ...mountedOf('hostPath', mounts).map(({ mount, volume: { detail, type } }) =>
    pathOf(mount, { path: detail, type, through: null }, false),
  ),
  ...mountedOf('persistentVolumeClaim', mounts).flatMap(({ mount, volume }) => {
    const found = behind(volume.detail);
    return found.kind === 'path' && !mount.device ? [pathOf(mount, found, volume.readOnly)] : [];
  }),
];

function pathOf(
  mount: Mount,
  { path, type, through }: Pick<MountedPath, 'path' | 'type' | 'through'>,
  readOnly: boolean,
): MountedPath {
  const { subPath, recursiveReadOnly } = mount;
  const below = subPath ?? '';
  const variable = below.search(/\$[$(]/);
  const known = variable === -1 ? below : below.slice(0, below.slice(0, variable).lastIndexOf('/') + 1);
  return {
    path: normalPath(`${path}/${known}`),
    readOnly: mount.readOnly || readOnly,
    // A read-only claim does not protect what is mounted below it.
    recursiveReadOnly: mount.readOnly ? recursiveReadOnly : null,
    exact: variable === -1,
    type: subPath === null ? type : '',
    through,
  };
}
