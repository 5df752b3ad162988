import { child, children, type Raw, text, textMap } from '../../../world/raw.ts';
import { CONTAINER_LISTS } from '../../pod-security/pod.ts';

/**
 * Copies the AppArmor annotation of a container to the field where the field is not set and the pod's own profile
 * differs. Changes the pod. Windows pods are not changed. Mirrors kubernetes pkg/registry/core/pod/strategy.go
 * applyAppArmorVersionSkew.
 */
export function copyAppArmorAnnotations(pod: Raw): void {
  const annotations = textMap(child(pod, 'metadata'), 'annotations');
  const spec = child(pod, 'spec');
  if (text(child(spec, 'os'), 'name') === 'windows') return;
  const ofPod = profileKey(child(child(spec, 'securityContext'), 'appArmorProfile'));
  for (const container of CONTAINER_LISTS.flatMap((list) => children(spec, list))) {
    const key = PREFIX + (text(container, 'name') ?? '');
    const context = child(container, 'securityContext');
    const profile =
      Object.hasOwn(annotations, key) && !context.appArmorProfile ? profileOf(annotations[key] ?? '') : null;
    if (profile && profileKey(profile) !== ofPod) container.securityContext = { ...context, appArmorProfile: profile };
  }
}

/** Null for an annotation that is empty or invalid. */
function profileOf(annotation: string): Raw | null {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = annotation.startsWith(LOCALHOST) ? annotation.slice(LOCALHOST.length) : '';
  const isValid =
    localhostProfile !== '' && localhostProfile === localhostProfile.trim() && localhostProfile.length <= LONGEST;
  return isValid ? { type: 'Localhost', localhostProfile } : null;
}

const profileKey = (profile: Raw): string => JSON.stringify([profile.type ?? null, profile.localhostProfile ?? null]);

const PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
const LOCALHOST = 'localhost/';
const LONGEST = 4095;
