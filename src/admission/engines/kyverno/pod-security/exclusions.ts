import { child, children, type Raw, text, texts } from '../../../../world/raw.ts';
import { matchesWildcard } from '../wildcard.ts';
import { type FieldError, fieldErrors } from './fields.ts';
import type { PodSecurityViolation } from './violation.ts';

/** Evaluates a pod: the checks that it does not pass, each by itself. */
export type Evaluate = (pod: Raw) => readonly PodSecurityViolation[];

/**
 * The violations that remain after exclusions have removed the fields that they name: fields of containers by image,
 * and fields of the pod where an exclusion names no images. A check stays violated as long as one of its fields
 * remains. Throws Malformed. Mirrors kyverno pkg/pss/evaluate.go ApplyPodSecurityExclusion: an exclusion without images
 * is tried on the pod with one container without settings, and removes one field of any container for each field that
 * it finds there.
 */
export function withoutExcluded(
  found: readonly PodSecurityViolation[],
  exclusions: readonly Raw[],
  pod: Raw,
  evaluate: Evaluate,
): readonly PodSecurityViolation[] {
  const fails = (check: string) => (part: Raw) => evaluate(part).some((each) => each.check === check);
  const errors = new Map(found.map(({ check }) => [check, fieldErrors(check, pod, fails(check))]));
  const open = new Map(found.map(({ check }) => [check, true]));
  for (const exclusion of exclusions) {
    const excluded = readExclusion(exclusion);
    const part = partOf(pod, excluded.images);
    for (const check of excluded.checks) {
      const left = errors.get(check);
      if (!left || !open.get(check)) continue;
      for (const error of fieldErrors(check, part, fails(check)).filter((each) => isNamed(each, excluded))) {
        const index = left.findIndex(
          ({ field, container }) =>
            field === error.field && (excluded.images.length === 0 || container === error.container),
        );
        if (index >= 0) left.splice(index, 1);
        open.set(check, left.length > 0);
      }
    }
  }
  return found.filter(({ check }) => open.get(check));
}

interface Exclusion {
  checks: readonly string[];
  images: readonly string[];
  field: string;
  values: readonly string[];
}

const readExclusion = (raw: Raw): Exclusion => ({
  checks: CONTROLS.get(text(raw, 'controlName') ?? '') ?? [],
  images: texts(raw, 'images'),
  field: text(raw, 'restrictedField') ?? '',
  values: texts(raw, 'values'),
});

/** Where an exclusion names values, each value that is wrong has to be one of them. */
const isNamed = (error: FieldError, { field, values }: Exclusion): boolean =>
  (field === '' || field === error.field) &&
  (values.length === 0 || error.values.every((value) => values.some((glob) => matchesWildcard(glob, value))));

/**
 * The containers of these images without the settings of the pod; without images, the pod with one container that has
 * no settings.
 */
function partOf(pod: Raw, images: readonly string[]): Raw {
  const spec = child(pod, 'spec');
  if (images.length === 0) {
    const { initContainers: _, ephemeralContainers: __, ...rest } = spec;
    return { ...pod, spec: { ...rest, containers: [{ name: 'fake' }] } };
  }
  const isOf = (container: Raw): boolean =>
    images.some((glob) => matchesWildcard(glob, text(container, 'image') ?? ''));
  const lists = ['containers', 'initContainers', 'ephemeralContainers'];
  return { metadata: {}, spec: Object.fromEntries(lists.map((list) => [list, children(spec, list).filter(isOf)])) };
}

/** The controls of the Pod Security Standards, each with the ids of its checks. */
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
