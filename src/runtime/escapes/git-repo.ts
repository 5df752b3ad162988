import { depends, no } from '../../answer/verdict.ts';
import { compareVersions, type Version } from '../../world/version.ts';
import { type Bound, opening } from './bounds.ts';
import type { Escape } from './escape.ts';
import { mountedOf, mountsOf } from './mounted.ts';

/**
 * A volume that the kubelet fills by running git, as root on the node.
 * Condition: volumes[].gitRepo, mounted.
 * Why:       hooks of the repository ran there (CVE-2024-10220, closed in 1.28.12, 1.29.7, 1.30.3 and 1.31).
 * Bounds:    off by default since 1.33 (gate GitRepoVolumeDriver). The server's version is known, kubelets may be three minors older.
 */
export const gitRepo: Escape = {
  id: 'gitrepo-volume',
  title: 'gitRepo volume',
  find: (container, { version }) =>
    mountedOf('gitRepo', mountsOf(container)).map(({ volume: { detail } }) =>
      opening(
        'node root',
        `gitRepo ${detail}: whoever writes to it has had hooks run as root of the node`,
        runsHooks(version),
      ),
    ),
};

function runsHooks(version: Version | null): Bound {
  if (version === null) return depends([KUBELET], null, ['on kubelets before 1.31']);
  const oldest = { major: version.major, minor: version.minor - KUBELET_SKEW };
  if (compareVersions(oldest, CLOSED) >= 0) return no('closed since Kubernetes 1.31, and off since 1.33');
  return compareVersions(version, CLOSED) >= 0
    ? depends([KUBELET], 'no', ['closed since 1.31, if its kubelet is as new as the server'])
    : depends([KUBELET], null, ['unless its kubelet is patched']);
}

const CLOSED: Version = { major: 1, minor: 31 };
/** The version skew policy of Kubernetes. */
const KUBELET_SKEW = 3;

const KUBELET = {
  kind: 'invisible',
  what: "the patches of the node's kubelet",
  why: 'its version is not read',
  affects: 'gitRepo volumes (CVE-2024-10220)',
} as const;
