import { pushAll } from '../../answer/many.ts';
import { child, isRaw, type Raw, textMap } from '../../world/raw.ts';
import { type ContainerList, containersOf } from '../request/pod-containers.ts';
import { CONTAINER_CHECKS } from './container-checks.ts';
import { POD_CHECKS } from './pod-checks.ts';
import type { Scc } from './scc.ts';
import type { ContainerState, PodState } from './state.ts';
import type { Violation } from './violation.ts';

export interface Fit {
  /** The pod with the values that the SCC fills in where none are set. */
  pod: Raw;
  /** Whether the SCC filled in anything. */
  isChanged: () => boolean;
  violations: readonly Violation[];
}

/**
 * Fits a pod to an SCC whose open values are filled in: fields that are not set get the SCC's values, and fields that
 * are set are checked. Mirrors openshift/apiserver-library-go pkg/securitycontextconstraints/sccmatching/provider.go
 * ApplyToPod. Throws Malformed for shapes that the API does not give a pod.
 */
export function fit(original: Raw, scc: Scc): Fit {
  const spec = child(original, 'spec');
  const security: Raw = { ...child(spec, 'securityContext') };
  const metadata = child(original, 'metadata');
  const pod: PodState = { original, spec, security, annotations: { ...textMap(metadata, 'annotations') } };
  const violations = POD_CHECKS.flatMap((check) => check(pod, scc));
  const changed: Partial<Record<ContainerList, Raw[]>> = {};
  for (const { list, name, raw } of containersOf(original)) {
    const container: ContainerState = { list, name, raw, pod, security: { ...child(raw, 'securityContext') } };
    pushAll(
      violations,
      CONTAINER_CHECKS.flatMap((check) => check(container, scc)),
    );
    const made = Object.keys(container.security).length > 0 ? { ...raw, securityContext: container.security } : raw;
    changed[list] = [...(changed[list] ?? []), made];
  }
  const made = {
    ...original,
    metadata: { ...metadata, ...(Object.keys(pod.annotations).length > 0 && { annotations: pod.annotations }) },
    spec: { ...spec, ...changed, ...(Object.keys(security).length > 0 && { securityContext: security }) },
  };
  return { pod: made, isChanged: () => canonical(made) !== canonical(original), violations };
}

/** The value as JSON with sorted keys. Empty objects and lists count as absent. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each) => {
    if (!isRaw(each)) return each;
    const entries = Object.entries(each).filter(
      ([, inner]) =>
        inner !== null && inner !== undefined && JSON.stringify(inner) !== '{}' && JSON.stringify(inner) !== '[]',
    );
    return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
