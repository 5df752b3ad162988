import { child, children, type Raw, text, texts } from '../../../world/raw.ts';
import { integer } from '../fields.ts';
import { validateAnnotationsMatch } from './annotations-match.ts';
import { validateContainers } from './container-rules.ts';
import { containersOf } from './containers.ts';
import { validateHost, validateHostProcess } from './host.ts';
import { validateMetadata } from './metadata.ts';
import { dnsLabel, dnsSubdomain } from './names.ts';
import { validateOs } from './os.ts';
import { forbidden, invalid, oneOf, type Problem, required } from './problem.ts';
import { validatePodSecurityContext } from './security-context.ts';
import { validateMounts, validateVolumes } from './volumes.ts';

export interface PodOptions {
  /** Whether the pod is created. */
  isNew: boolean;
  /** Whether it is not a pod, but the template from which a workload creates pods. */
  isTemplate?: boolean;
  allowPrivileged: boolean;
}

/**
 * The problems that the server would report for a pod (with the API's defaults filled in) before admission; empty where
 * there are none. Checked are all fields that Pod Security reads, and those that people often get wrong. Affinity,
 * resources, topology and the like are not checked. Throws Malformed for a pod that the server could not decode.
 * Mirrors kubernetes pkg/apis/core/validation/validation.go ValidatePodCreate.
 */
export function validatePod(pod: Raw, { isNew, isTemplate = false, allowPrivileged }: PodOptions): Problem[] {
  const spec = child(pod, 'spec');
  const containers = containersOf(spec);
  const broken = validateVolumes(spec, text(child(pod, 'metadata'), 'name') ?? '');
  return [
    ...validateMetadata(pod, spec, containers),
    ...broken,
    ...validateContainers(spec, containers, { allowPrivileged, isTemplate }),
    ...validateMounts(spec, containers, broken),
    ...specProblems(spec),
    ...validatePodSecurityContext(spec),
    ...validateHostProcess(spec, containers, allowPrivileged),
    ...validateHost(spec, containers, isTemplate),
    ...validateOs(spec, containers),
    ...(isNew ? [...newPodProblems(spec), ...validateAnnotationsMatch(pod, spec, containers)] : []),
  ];
}

/** The problems as the server joins several, `[a, b]`, after `Pod "x" is invalid: `. */
export const describeProblems = (problems: readonly Problem[]): string => {
  const said = problems.map(({ field, message }) => `${field}: ${message}`);
  return said.length === 1 ? (said[0] ?? '') : `[${said.join(', ')}]`;
};

function specProblems(spec: Raw): Problem[] {
  const named = (field: string, check: typeof dnsLabel): Problem[] => {
    const value = text(spec, field) ?? '';
    return value === '' ? [] : check(`spec.${field}`, value);
  };
  const deadline = integer(spec, 'activeDeadlineSeconds');
  return [
    ...oneOf('spec.restartPolicy', text(spec, 'restartPolicy'), ['Always', 'OnFailure', 'Never']),
    ...oneOf('spec.dnsPolicy', text(spec, 'dnsPolicy'), ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...dnsProblems(spec),
    ...named('serviceAccountName', dnsSubdomain),
    ...named('nodeName', dnsSubdomain),
    ...named('hostname', dnsLabel),
    ...named('subdomain', dnsLabel),
    ...named('priorityClassName', dnsSubdomain),
    ...named('runtimeClassName', dnsSubdomain),
    ...(deadline !== null && (deadline < 1 || deadline > 2 ** 31 - 1)
      ? [invalid('spec.activeDeadlineSeconds', deadline, `must be between 1 and ${2 ** 31 - 1}, inclusive`)]
      : []),
  ];
}

/** A pod with dnsPolicy None has to name a name server. */
function dnsProblems(spec: Raw): Problem[] {
  if (text(spec, 'dnsPolicy') !== 'None') return [];
  if (!spec.dnsConfig) return [required('spec.dnsConfig', 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (texts(child(spec, 'dnsConfig'), 'nameservers').length > 0) return [];
  return [required('spec.dnsConfig.nameservers', 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
}

function newPodProblems(spec: Raw): Problem[] {
  return [
    ...(children(spec, 'ephemeralContainers').length > 0
      ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : []),
    ...(spec.nodeName && children(spec, 'schedulingGates').length > 0
      ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
      : []),
  ];
}
