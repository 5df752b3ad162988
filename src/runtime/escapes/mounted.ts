import type { Mount, Volume } from '../../world/objects.ts';
import type { Contained } from '../container.ts';
import { normalPath } from './node-paths.ts';

/** A volume that a container mounts. */
export interface Mounted {
  mount: Mount;
  volume: Volume;
}

/** The volumes of a source that a container mounts. What nothing mounts, the kubelet does not even set up. Pure. */
export const mountedOf = (source: string, { pod, facts }: Contained): Mounted[] =>
  facts.mounts.flatMap((mount) =>
    pod.volumes.filter((each) => each.source === source && each.name === mount.volume).map((volume) => ({ mount, volume })),
  );

/** A path of the node that a container sees. */
export interface MountedPath {
  path: string;
  readOnly: boolean;
  /** False: somewhere below `path`, as variables of a subPathExpr say. */
  exact: boolean;
}

/** The paths of the node that a container mounts; a subPath narrows them. Pure. */
export const hostPathsOf = (container: Contained): MountedPath[] =>
  mountedOf('hostPath', container).map(({ mount: { subPath, readOnly }, volume: { detail } }) => {
    const below = subPath ?? '';
    const variable = below.search(/\$[$(]/);
    const known = variable === -1 ? below : below.slice(0, below.slice(0, variable).lastIndexOf('/') + 1);
    return { path: normalPath(`${detail}/${known}`), readOnly, exact: variable === -1 };
  });
