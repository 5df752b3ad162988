import { child, children, type Raw, text } from '../../world/raw.ts';

/**
 * Whether Pod Security evaluates an update of a pod: one that adds or removes a container, changes an image or adds an
 * ephemeral container. The whole pod is evaluated then. Mirrors pod-security-admission admission/admission.go
 * isSignificantPodUpdate.
 */
export function isSignificantUpdate(pod: Raw, oldPod: Raw): boolean {
  const spec = child(pod, 'spec');
  const oldSpec = child(oldPod, 'spec');
  return (
    ['containers', 'initContainers'].some((list) => differ(children(spec, list), children(oldSpec, list))) ||
    hasNewEphemeral(children(spec, 'ephemeralContainers'), children(oldSpec, 'ephemeralContainers'))
  );
}

const differ = (containers: readonly Raw[], old: readonly Raw[]): boolean =>
  containers.length !== old.length || containers.some((each, index) => imageOf(each) !== imageOf(old[index] ?? {}));

/** A removed ephemeral container does not count. Of several with one name the first is compared. */
function hasNewEphemeral(containers: readonly Raw[], old: readonly Raw[]): boolean {
  const images = new Map(old.toReversed().map((each) => [text(each, 'name') ?? '', imageOf(each)]));
  return containers.some((each) => images.get(text(each, 'name') ?? '') !== imageOf(each));
}

const imageOf = (container: Raw): string => text(container, 'image') ?? '';
