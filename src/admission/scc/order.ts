import type { Scc } from './scc.ts';

/**
 * Compares SCCs in the order in which the server tries them: by priority, then the most restrictive first, then by
 * name. The order decides which of several is used, not whether one fits. Mirrors openshift/apiserver-library-go
 * pkg/securitycontextconstraints/util/sort.
 */
export const byPriority = (left: Scc, right: Scc): number =>
  right.priority - left.priority ||
  points(left) - points(right) ||
  (left.name < right.name ? -1 : left.name > right.name ? 1 : 0);

/** How much an SCC allows. Each kind of permission outweighs all that follow it. */
function points(scc: Scc): number {
  return (
    (scc.privileged ? 1_000_000 : 0) +
    (scc.hostNetwork ? 200_000 : 0) +
    (scc.hostPorts ? 400_000 : 0) +
    volumePoints(scc.volumes) +
    (USER_POINTS.get(scc.seLinux.type) ?? 0) +
    (USER_POINTS.get(scc.runAsUser.type) ?? 0) +
    capabilityPoints(scc)
  );
}

function volumePoints(volumes: readonly string[]): number {
  if (volumes.includes('hostPath') || volumes.includes('*')) return 100_000;
  return volumes.some((volume) => !TRIVIAL.has(volume)) ? 50_000 : 0;
}

function capabilityPoints({ defaultAddCapabilities, allowedCapabilities, requiredDropCapabilities }: Scc): number {
  const added = defaultAddCapabilities.length * 300;
  const allowed = allowedCapabilities.reduce(
    (sum, each) => sum + (['*', 'all'].includes(each.toLowerCase()) ? 4000 : 10),
    0,
  );
  const dropped = requiredDropCapabilities.reduce((sum, each) => sum - (each.toLowerCase() === 'all' ? 3000 : 50), 0);
  return 5000 + added + allowed + dropped;
}

const USER_POINTS: ReadonlyMap<string, number> = new Map([
  ['RunAsAny', 40_000],
  ['MustRunAsNonRoot', 30_000],
  ['MustRunAsRange', 20_000],
  ['MustRunAs', 10_000],
]);

const TRIVIAL: ReadonlySet<string> = new Set(['configMap', 'secret', 'emptyDir', 'downwardAPI', 'projected', 'none']);
