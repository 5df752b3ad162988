import { oncePerObject } from '../../world/once.ts';
import type { Raw } from '../../world/raw.ts';
import { compareVersions, NEWEST, parseVersion, type Version } from '../../world/version.ts';
import type { Check, Objection, Run } from './check.ts';
import { CHECKS } from './checks/index.ts';
import type { Level, PolicyVersion } from './level.ts';
import { type PodView, viewPod } from './pod.ts';

export interface Evaluation {
  allowed: boolean;
  /** The violations in the order in which the server names them. */
  violations: readonly Violation[];
  /** The reasons in the server's words: `host namespaces, privileged`. */
  forbiddenReason: () => string;
  /**
   * The details that follow `violates PodSecurity "…": ` in a refusal: `host namespaces (hostPID=true), privileged
   * (container "app" must …)`.
   */
  forbiddenDetail: () => string;
}

export interface Violation extends Objection {
  /** The id of the check. */
  check: string;
  /** The fields that the check reads. */
  fields: readonly string[];
}

/**
 * Evaluates a pod (metadata and spec, with the API's defaults filled in) at a level of the Pod Security Standards in
 * one of its versions, on a server of `serverVersion`. A version that the server does not know counts as the server's
 * newest. Throws Malformed for an object that is no pod. Mirrors pod-security-admission policy/registry.go and
 * checks.go.
 */
export function evaluatePod(pod: Raw, level: Level, version: PolicyVersion, serverVersion: Version): Evaluation {
  return level === 'privileged' ? ADMITTED : evaluateView(viewPod(pod), level, version, serverVersion);
}

/** Like `evaluatePod`, for a pod that was already read, to evaluate it at several levels and in many namespaces. */
export function evaluateView(pod: PodView, level: Level, version: PolicyVersion, serverVersion: Version): Evaluation {
  const checks = checksOf(level, policyMinor(version, serverVersion));
  const known = evaluationsOf(pod);
  const evaluation = known.get(checks) ?? evaluate(pod, checks);
  known.set(checks, evaluation);
  return evaluation;
}

const evaluationsOf = oncePerObject((_pod: PodView) => new Map<readonly Runnable[], Evaluation>());

function evaluate(pod: PodView, checks: readonly Runnable[]): Evaluation {
  const violations: Violation[] = [];
  for (const { id, fields, run } of checks) {
    const objection = run(pod);
    if (objection) violations.push({ check: id, fields, ...objection });
  }
  return violations.length === 0 ? ADMITTED : refusal(violations);
}

/**
 * Every check of a level that a pod fails, each evaluated by itself: no check overrides another, and a check that is
 * newer than the policy runs in its first version. Kyverno evaluates pods in this way. Throws Malformed.
 */
export function violationsByCheck(pod: Raw, level: Level, version: PolicyVersion, serverVersion: Version): Violation[] {
  if (level === 'privileged') return [];
  const view = viewPod(pod);
  const minor = policyMinor(version, serverVersion);
  return CHECKS.filter((check) => level === 'restricted' || check.level === 'baseline').flatMap((check) => {
    const since = parseVersion(check.versions[0]?.since ?? '')?.minor ?? 0;
    const objection = since > serverVersion.minor ? null : runOf(check, Math.max(minor, since))?.(view);
    return objection ? [{ check: check.id, fields: check.fields, ...objection }] : [];
  });
}

/**
 * The minor version of the checks that run. `latest`, and a version newer than the server, are the server's own
 * version.
 */
export function policyMinor(version: PolicyVersion, serverVersion: Version): number {
  const newest = compareVersions(serverVersion, NEWEST) < 0 ? serverVersion : NEWEST;
  return version === 'latest' ? newest.minor : Math.min(version.minor, newest.minor);
}

/** The ids of the checks that run, in order. */
export const checkIds = (level: Level, minor: number): readonly string[] => checksOf(level, minor).map(({ id }) => id);

interface Runnable {
  id: string;
  fields: readonly string[];
  run: Run;
}

function checksOf(level: Level, minor: number): readonly Runnable[] {
  const key = `${level} ${minor}`;
  const known = COMPILED.get(key);
  if (known) return known;
  const compiled = level === 'privileged' ? [] : compile(level, minor);
  COMPILED.set(key, compiled);
  return compiled;
}

/**
 * Baseline checks come first, and each part is in the order of the ids. A restricted check that is in force replaces
 * those that it overrides.
 */
function compile(level: Level, minor: number): Runnable[] {
  const inForce = CHECKS.flatMap((check) => {
    const run = runOf(check, minor);
    return run && (level === 'restricted' || check.level === 'baseline') ? [{ check, run }] : [];
  });
  const overridden = new Set(inForce.flatMap(({ check }) => check.overrides ?? []));
  return inForce
    .filter(({ check }) => !overridden.has(check.id))
    .sort(({ check: a }, { check: b }) =>
      a.level === b.level ? (a.id < b.id ? -1 : 1) : a.level === 'baseline' ? -1 : 1,
    )
    .map(({ check: { id, fields }, run }) => ({ id, fields, run }));
}

const runOf = ({ versions }: Check, minor: number): Run | undefined =>
  versions.findLast(({ since }) => (parseVersion(since)?.minor ?? Number.POSITIVE_INFINITY) <= minor)?.run;

function refusal(violations: readonly Violation[]): Evaluation {
  return {
    allowed: false,
    violations,
    forbiddenReason: () => violations.map(({ reason }) => reason).join(', '),
    forbiddenDetail: () => violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', '),
  };
}

const COMPILED = new Map<string, readonly Runnable[]>();
const ADMITTED: Evaluation = { allowed: true, violations: [], forbiddenReason: () => '', forbiddenDetail: () => '' };
