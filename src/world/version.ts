/** A Kubernetes minor version. */
export interface Version {
  major: number;
  minor: number;
}

/** The newest version whose rules this program knows. */
export const NEWEST: Version = { major: 1, minor: 37 };
/** The oldest version for which answers are given. */
export const OLDEST: Version = { major: 1, minor: 29 };

/**
 * Reads `1.34`, `v1.33.4-eks-ab12`, `1.31+`; null for any other text, and for another major version (`4.16` is
 * OpenShift's own number), whose rules are not known.
 */
export function parseVersion(text: string): Version | null {
  const match = /^v?1\.(0|[1-9]\d{0,3})(?:\.\d+)?(?:[-+].*)?$/s.exec(text.trim());
  return match ? { major: 1, minor: Number(match[1]) } : null;
}

/**
 * Why an answer for a version rests on the rules of another version; null where its own rules are known, or the version
 * is not.
 */
export function borrowedRules(version: Version | null): string | null {
  if (version === null) return null;
  const [order, known] = compareVersions(version, NEWEST) > 0 ? ['newest', NEWEST] : ['oldest', OLDEST];
  if (order === 'oldest' && compareVersions(version, OLDEST) >= 0) return null;
  return `the rules of Kubernetes ${formatVersion(known)}, the ${order} known here, hold for ${formatVersion(version)}`;
}

/**
 * The version whose behaviour the server shows, from the body of `/version`: the emulated one where present, else
 * `major.minor` (`31+` counts as 31), else the one in gitVersion. Null where none can be read.
 */
export function effectiveVersion(info: Record<string, unknown>): Version | null {
  const pair = (major: unknown, minor: unknown): Version | null =>
    typeof major === 'string' && typeof minor === 'string' && major !== '' && minor !== ''
      ? parseVersion(`${major}.${minor}`)
      : null;
  return (
    pair(info.emulationMajor, info.emulationMinor) ??
    pair(info.major, info.minor) ??
    (typeof info.gitVersion === 'string' ? parseVersion(info.gitVersion) : null)
  );
}

/** Compares two versions for sorting: negative, zero or positive. */
export const compareVersions = (a: Version, b: Version): number => a.major - b.major || a.minor - b.minor;

export const formatVersion = ({ major, minor }: Version): string => `${major}.${minor}`;
