import { children, Malformed, type Raw, text, texts } from '../../world/reduce/raw.ts';
import { fail, NotUnderstood, type Outcome, PASS } from './outcome.ts';

/** A check of Pod Security that a pod does not pass. */
export interface PodSecurityViolation {
  /** Id of the check: `hostNamespaces`. */
  check: string;
  reason: string;
  detail: string;
  rests: readonly string[];
}

/** Evaluates a pod at a level (`baseline`, `restricted`, `privileged`) and a version (`latest`, `v1.30`). */
export type PodSecurity = (pod: Raw, level: string, version: string) => readonly PodSecurityViolation[];

/**
 * What `validate.podSecurity` comes to: Pod Security at its level, without the controls that it excludes as a whole. An exclusion of images, fields or
 * values is not understood where it could matter. Mirrors kyverno pkg/pss/evaluate.go.
 */
export function validatePodSecurity(rule: Raw, pod: Raw, evaluate: PodSecurity | undefined): Outcome {
  if (!evaluate) throw new NotUnderstood('validate.podSecurity');
  const level = text(rule, 'level') ?? '';
  if (!LEVELS.has(level)) throw new Malformed(`level ${level} is not known`);
  const excluded = children(rule, 'exclude').map(readExclusion);
  const found = evaluate(pod, level, text(rule, 'version') || 'latest').filter(
    ({ check }) => !excluded.some((each) => each.isWhole && each.checks.includes(check)),
  );
  const open = found.find(({ check }) => excluded.some((each) => !each.isWhole && each.checks.includes(check)));
  if (open) throw new NotUnderstood(`exclusion of ${open.check} for some images or fields`);
  return found.length === 0
    ? PASS
    : fail(
        `violates PodSecurity "${level}": ${found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`,
        found.flatMap(({ rests }) => rests),
      );
}

function readExclusion(exclusion: Raw): { checks: readonly string[]; isWhole: boolean } {
  const control = text(exclusion, 'controlName') ?? '';
  const isWhole =
    texts(exclusion, 'images').length === 0 && text(exclusion, 'restrictedField') === null && texts(exclusion, 'values').length === 0;
  return { checks: CONTROLS.get(control) ?? [], isWhole: isWhole && !OF_CONTAINERS.has(control) };
}

const LEVELS: ReadonlySet<string> = new Set(['privileged', 'baseline', 'restricted']);

/** Controls of the Pod Security Standards, by the checks that are theirs. */
const CONTROLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Capabilities', ['capabilities_baseline', 'capabilities_restricted']],
  ['Seccomp', ['seccompProfile_baseline', 'seccompProfile_restricted']],
  ['Volume Types', ['restrictedVolumes']],
  ['Privilege Escalation', ['allowPrivilegeEscalation']],
  ['Running as Non-root', ['runAsNonRoot']],
  ['Running as Non-root user', ['runAsUser']],
  ['Privileged Containers', ['privileged']],
  ['Host Ports', ['hostPorts']],
  ['/proc Mount Type', ['procMount']],
  ['HostProcess', ['windowsHostProcess']],
  ['SELinux', ['seLinuxOptions']],
  ['Host Namespaces', ['hostNamespaces']],
  ['HostPath Volumes', ['hostPathVolumes']],
  ['Sysctls', ['sysctls']],
  ['AppArmor', ['appArmorProfile']],
]);

/** Without images these exclude the pod's own fields alone, not those of its containers. */
const OF_CONTAINERS: ReadonlySet<string> = new Set([
  ...['Capabilities', 'Privileged Containers', 'Host Ports', '/proc Mount Type', 'Privilege Escalation', 'Seccomp', 'SELinux'],
  ...['Running as Non-root', 'Running as Non-root user', 'HostProcess', 'AppArmor'],
]);
