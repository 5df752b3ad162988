/** A container runtime as a node reports it. */
export interface Runtime {
  family: Family;
  /** Null where the node does not report a version, or reports something else. */
  version: RuntimeVersion | null;
}

export type Family = 'containerd' | 'cri-o' | 'docker';

export interface RuntimeVersion {
  major: number;
  minor: number;
}

/** `containerd 1.7`, `CRI-O 1.30`, `docker`. */
export function runtimeWords({ family, version }: Runtime): string {
  const name = family === 'cri-o' ? 'CRI-O' : family;
  return version === null ? name : `${name} ${version.major}.${version.minor}`;
}

export const isOlder = (version: RuntimeVersion, major: number, minor: number): boolean =>
  version.major < major || (version.major === major && version.minor < minor);
