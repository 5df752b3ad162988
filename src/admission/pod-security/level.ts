import { usageError } from '../../answer/user-error.ts';
import { compareVersions, formatVersion, NEWEST, type Version } from '../../world/version.ts';

/** The levels of the Pod Security Standards, in ascending order of strictness. */
export const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

/** The version of a policy: a minor version, or `latest` for that of the server. */
export type PolicyVersion = Version | 'latest';

export interface LevelVersion {
  level: Level;
  version: PolicyVersion;
}

/** The level that a text names; null for any other text. */
export const parseLevel = (text: string): Level | null => LEVELS.find((level) => level === text) ?? null;

/**
 * Parses `latest` or `v1.34`. Null for anything else: `1.34`, `v1.034`, `v2.0`. Mirrors pod-security-admission
 * api/helpers.go.
 */
export function parsePolicyVersion(text: string): PolicyVersion | null {
  if (text === 'latest') return 'latest';
  const match = /^v1\.(0|[1-9][0-9]*)$/.exec(text);
  const minor = Number(match?.[1]);
  return match && minor <= MAX_INT ? { major: 1, minor } : null;
}

/** The text of a level and version: `baseline:latest`, `restricted:v1.34`. */
export const formatLevelVersion = ({ level, version }: LevelVersion): string =>
  `${level}:${version === 'latest' ? version : `v${formatVersion(version)}`}`;

/** Compares two levels by strictness: negative, zero or positive. */
export const compareLevels = (a: Level, b: Level): number => LEVELS.indexOf(a) - LEVELS.indexOf(b);

/** The level in the value of `--level`. Throws a usage error for any other text. */
export function levelFlag(text: string): Level {
  const level = parseLevel(text);
  if (!level)
    throw usageError(
      `error: no Pod Security level is called ${JSON.stringify(text)}: must be one of ${LEVELS.join(', ')}`,
    );
  return level;
}

/**
 * The version in the value of `--level-version`. Throws a usage error for text that is no version, and for a version
 * whose checks are not known here.
 */
export function levelVersionFlag(text: string): PolicyVersion {
  const version = parsePolicyVersion(text);
  if (!version)
    throw usageError(`error: no Pod Security version is called ${JSON.stringify(text)}: must be "latest" or "v1.x"`);
  if (version === 'latest' || compareVersions(version, NEWEST) <= 0) return version;
  throw usageError(`error: Pod Security version ${text} is not known: the newest is v${formatVersion(NEWEST)}`);
}

const MAX_INT = 2 ** 63 - 1;
