import type { Labels } from '../../world/objects.ts';
import {
  compareLevels,
  LEVELS,
  type Level,
  type LevelVersion,
  type PolicyVersion,
  parseLevel,
  parsePolicyVersion,
} from './level.ts';

/** What a namespace enforces, audits and warns about. */
export interface Policy {
  enforce: LevelVersion;
  audit: LevelVersion;
  warn: LevelVersion;
}

export interface LabelledPolicy extends Policy {
  /** Labels that the server does not understand, with its message. A namespace may still have them. */
  problems: readonly { label: string; value: string; message: string }[];
}

/**
 * The policy of a namespace with these labels where the cluster's default is `default`, which applies to whatever the
 * labels do not set. An invalid enforce level means restricted, an invalid audit or warn level privileged, and an
 * invalid version latest. Warn follows an enforce level that is set and stricter. Mirrors pod-security-admission
 * api/helpers.go PolicyToEvaluate.
 */
export function levelOf(labels: Labels, { default: fallback }: { default: Policy }): LabelledPolicy {
  const problems: LabelledPolicy['problems'][number][] = [];
  const said = (mode: string): string | undefined =>
    Object.hasOwn(labels, PREFIX + mode) ? labels[PREFIX + mode] : undefined;
  const note = <T>(mode: string, value: string, parsed: T | null, otherwise: T, message: string): T => {
    if (parsed === null) problems.push({ label: PREFIX + mode, value, message });
    return parsed ?? otherwise;
  };
  const read = (mode: keyof Policy, bad: Level): LevelVersion => {
    const level = said(mode);
    const version = said(`${mode}-version`);
    return {
      level: level === undefined ? fallback[mode].level : note(mode, level, parseLevel(level), bad, LEVEL_MESSAGE),
      version:
        version === undefined
          ? fallback[mode].version
          : note<PolicyVersion>(`${mode}-version`, version, parsePolicyVersion(version), 'latest', VERSION_MESSAGE),
    };
  };

  const enforce = read('enforce', 'restricted');
  const audit = read('audit', 'privileged');
  const warn = read('warn', 'privileged');
  const stated = parseLevel(said('enforce') ?? '');
  if (said('warn') === undefined && stated && compareLevels(stated, warn.level) > 0) {
    warn.level = stated;
    if (said('warn-version') === undefined) warn.version = enforce.version;
  }
  return { enforce, audit, warn, problems };
}

/**
 * Whether the labels set the enforced level, so that the cluster's default does not matter. A version alone does not.
 */
export const statesEnforce = (labels: Labels): boolean => Object.hasOwn(labels, ENFORCE);

/** A policy with one level and version for enforce, and the same or another for the other modes. */
export const uniform = (enforce: LevelVersion, others: LevelVersion = enforce): Policy => ({
  enforce,
  audit: others,
  warn: others,
});

export const PREFIX = 'pod-security.kubernetes.io/';
export const ENFORCE = `${PREFIX}enforce`;
const LEVEL_MESSAGE = `must be one of ${LEVELS.join(', ')}`;
const VERSION_MESSAGE = 'must be "latest" or "v1.x"';
