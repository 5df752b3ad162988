import { goQuote } from '../../../answer/go-quote.ts';
import { child, type Raw, text, textMap } from '../../../world/raw.ts';
import type { Placed } from './containers.ts';
import { descendingPath, dnsSubdomain } from './names.ts';
import { invalid, type Problem, required } from './problem.ts';

/**
 * Validates the name and the annotations of a pod. A pod without a name needs a generateName. Mirrors kubernetes
 * pkg/apis/core/validation/validation.go.
 */
export function validateMetadata(pod: Raw, spec: Raw, containers: readonly Placed[]): Problem[] {
  const metadata = child(pod, 'metadata');
  const annotations = textMap(metadata, 'annotations');
  return [
    ...nameProblems(metadata),
    ...Object.entries(annotations).flatMap((entry) => annotationProblems(entry, spec, containers)),
  ];
}

function nameProblems(metadata: Raw): Problem[] {
  const name = text(metadata, 'name') ?? '';
  const prefix = text(metadata, 'generateName') ?? '';
  if (name !== '') return dnsSubdomain('metadata.name', name);
  if (prefix === '') return [required('metadata.name', 'name or generateName is required')];
  // The server appends to the prefix, so that it may end with a dash.
  return dnsSubdomain('metadata.generateName', prefix.replace(/-$/, 'a')).map(({ message }) => ({
    field: 'metadata.generateName',
    message,
  }));
}

function annotationProblems([key, value]: [string, string], spec: Raw, containers: readonly Placed[]): Problem[] {
  const field = `metadata.annotations[${key}]`;
  if (key === MIRROR)
    return spec.nodeName ? [] : [invalid(field, value, 'must set spec.nodeName if mirror pod annotation is set')];
  if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER))
    return seccompProblems(`metadata.annotations.${key}`, value);
  if (!key.startsWith(APP_ARMOR)) return [];
  const name = key.slice(APP_ARMOR.length);
  return [
    ...(containers.some((each) => each.name === name) ? [] : [invalid(field, name, 'container not found')]),
    ...(isAppArmorProfile(value) ? [] : [invalid(field, value, `invalid AppArmor profile name: ${goQuote(value)}`)]),
  ];
}

function seccompProblems(field: string, value: string): Problem[] {
  if (value === 'runtime/default' || value === 'docker/default' || value === 'unconfined') return [];
  if (value.startsWith('localhost/')) return descendingPath(field, value.slice('localhost/'.length));
  return [invalid(field, value, 'must be a valid seccomp profile')];
}

const isAppArmorProfile = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value === 'unconfined' || value.startsWith('localhost/');

const MIRROR = 'kubernetes.io/config.mirror';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
export const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
