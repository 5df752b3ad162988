import { children, Malformed, type Raw, text } from '../../../../world/raw.ts';
import { fail, NotUnderstood, type Outcome, PASS } from '../outcome.ts';
import { type Evaluate, withoutExcluded } from './exclusions.ts';
import type { PodSecurityViolation } from './violation.ts';

/**
 * Evaluates a pod at a level (`baseline`, `restricted`, `privileged`) and a version (`latest`, `v1.30`). Every check is
 * evaluated by itself, including those that a stricter one overrides.
 */
export type PodSecurity = (pod: Raw, level: string, version: string) => readonly PodSecurityViolation[];

/**
 * The outcome of `validate.podSecurity`: Pod Security at its level, except for what the rule excludes and for `more`,
 * which exceptions exclude in addition. Throws Malformed. Mirrors kyverno
 * pkg/engine/handlers/validation/validate_pss.go.
 */
export function validatePodSecurity(
  rule: Raw,
  pod: Raw,
  evaluateAt: PodSecurity | undefined,
  more: readonly Raw[] = [],
): Outcome {
  if (!evaluateAt) throw new NotUnderstood('validate.podSecurity');
  const level = text(rule, 'level') ?? '';
  if (!LEVELS.has(level)) throw new Malformed(`level ${level} is not known`);
  const version = text(rule, 'version') || 'latest';
  const evaluate: Evaluate = (each) => evaluateAt(each, level, version);
  const found = withoutExcluded(evaluate(pod), [...children(rule, 'exclude'), ...more], pod, evaluate);
  if (found.length === 0) return PASS;
  const told = found.filter(
    ({ check }) => !SUPERFLUOUS.some(([weak, strong]) => check === weak && found.some((each) => each.check === strong)),
  );
  return fail(
    `violates PodSecurity "${level}": ${told.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`,
    found.flatMap(({ rests }) => rests),
  );
}

const LEVELS: ReadonlySet<string> = new Set(['privileged', 'baseline', 'restricted']);

/** Checks whose result is dropped where a stricter one is reported. */
const SUPERFLUOUS = [
  ['capabilities_baseline', 'capabilities_restricted'],
  ['seccompProfile_baseline', 'seccompProfile_restricted'],
  ['hostPathVolumes', 'restrictedVolumes'],
] as const;
