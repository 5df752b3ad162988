import { takesNodeBy } from '../runtime/escapes/node-capabilities.ts';
import { takesNode } from '../runtime/escapes/node-paths.ts';
import type { Pod } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import { child, children, isRaw, Malformed, type Raw, texts } from '../world/reduce/raw.ts';
import type { Strength } from './probes.ts';

/**
 * How far the code in a pod gets that is there already, by its strongest container. From the spec alone: what a runtime or a profile on the node takes
 * away again is not counted. Throws Malformed for a spec of another shape. Pure.
 */
export function strengthOf(spec: Raw): Strength {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) => children(spec, field));
  const contexts = containers.map((each) => child(each, 'securityContext'));
  const added = contexts.flatMap((each) => texts(child(each, 'capabilities'), 'add'));
  const pod = child(spec, 'securityContext');
  const windows = [pod, ...contexts].some((each) => child(each, 'windowsOptions').hostProcess === true);
  if (contexts.some(({ privileged }) => privileged === true) || windows) return 'node root';
  if (children(spec, 'volumes').some(({ hostPath }) => isRaw(hostPath) && takesNode(String(hostPath.path)))) return 'node root';
  if (added.some((name) => takesNodeBy(name, spec.hostPID === true))) return 'node root';
  if (spec.hostPID === true || spec.hostNetwork === true || spec.hostIPC === true) return 'host namespaces only';
  return contexts.every((each) => isBound(each, pod)) ? 'restricted' : 'root in a container';
}

/** What the pod's own privileges are worth; null where its spec was not read, or has another shape. */
export const strengthOfPod = oncePerObject(({ whole }: Pod): Strength | null => {
  try {
    return whole && strengthOf(child(whole, 'spec'));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
});

/** Nothing but a user that cannot become root. */
const isBound = (container: Raw, pod: Raw): boolean =>
  (container.runAsNonRoot ?? pod.runAsNonRoot) === true && container.allowPrivilegeEscalation === false;
