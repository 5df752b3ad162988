import { usageError } from '../../answer/user-error.ts';
import { compareVersions, formatVersion, NEWEST, type Version } from '../../world/version.ts';

/** The levels of the Pod Security Standards, each stricter than the one before. */
export const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

/** The version of a policy: a minor, or that of the server whatever it is. */
export type PolicyVersion = Version | 'latest';

export interface LevelVersion {
  level: Level;
  version: PolicyVersion;
}

/** Null for what is no level. */
export const parseLevel = (text: string): Level | null => LEVELS.find((level) => level === text) ?? null;

/**
 * `latest`, `v1.34`. Null for anything else: `1.34`, `v1.034`, `v2.0`. Mirrors pod-security-admission api/helpers.go.
 */
export function parsePolicyVersion(text: string): PolicyVersion | null {
  if (text === 'latest') return 'latest';
  const match = /^v1\.(0|[1-9][0-9]*)$/.exec(text);
  const minor = Number(match?.[1]);
  return match && minor <= MAX_INT ? { major: 1, minor } : null;
}

/** `baseline:latest`, `restricted:v1.34`. */
export const formatLevelVersion = ({ level, version }: LevelVersion): string =>
  `${level}:${version === 'latest' ? version : `v${formatVersion(version)}`}`;

/** Negative, zero or positive: how strict one is beside the other. */
export const compareLevels = (a: Level, b: Level): number => LEVELS.indexOf(a) - LEVELS.indexOf(b);

/** What `--level` says. Throws a usage error for what is no level. */
export function levelFlag(text: string): Level {
  const level = parseLevel(text);
  if (!level)
    throw usageError(
      `error: no Pod Security level is called ${JSON.stringify(text)}: must be one of ${LEVELS.join(', ')}`,
    );
  return level;
}

/**
 * What `--level-version` says. Throws a usage error for what is no version, and for one whose checks are not known
 * here.
 */
export function levelVersionFlag(text: string): PolicyVersion {
  const version = parsePolicyVersion(text);
  if (!version)
    throw usageError(`error: no Pod Security version is called ${JSON.stringify(text)}: must be "latest" or "v1.x"`);
  if (version === 'latest' || compareVersions(version, NEWEST) <= 0) return version;
  throw usageError(`error: Pod Security version ${text} is not known: the newest is v${formatVersion(NEWEST)}`);
}

const MAX_INT = 2 ** 63 - 1;
