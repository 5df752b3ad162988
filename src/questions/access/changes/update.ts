import type { Admission, Refusal } from '../../../admission/layer.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import { depends, no } from '../../../answer/verdict.ts';
import { HARMLESS, PROBES } from '../../../spawn/probes/probes.ts';
import { get, type Need, whole } from '../../../world/needs.ts';
import { child, children, type Raw } from '../../../world/raw.ts';
import { unreadable, type World } from '../../../world/world.ts';
import { admissionNeeds } from '../../admission-needs.ts';
import type { PodTarget } from '../pods.ts';

/**
 * What has to be read to know whether admission lets a change of pods of these namespaces through: all of it, and what
 * they enforce.
 */
export const changeNeeds = (pods: readonly PodTarget[], world: World): Need[] => [
  ...(pods.length === 0 ? [] : admissionNeeds(world)),
  ...[...new Set(pods.map(({ namespace }) => namespace))].map((namespace) => get('namespaces', null, namespace)),
];

/**
 * What `tried` says of the pod as it stands. A pod that was not read may be anything: what admission says alike of one
 * without any privilege and of one that is privileged, it says of this one too.
 */
export function onPod(
  { namespace, name, pod, unknowns }: PodTarget,
  world: World,
  tried: (raw: Raw) => Admission,
): Admission {
  const raw = pod?.whole;
  if (raw) return tried(raw);
  const [mild, wild] = STAND_INS.map((spec) =>
    tried({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, spec }),
  );
  if (!mild || !wild || (mild.value === wild.value && mild.value !== 'depends')) return mild ?? no();
  const unread =
    unknowns[0] ?? unreadable(world, whole(get('pods', namespace, name)), 'whether admission lets it be changed');
  const open: Unknown[] = [unread, ...mild.unknowns, ...wild.unknowns];
  return depends(open, mild.value === 'yes' ? 'yes' : null, [...mild.evidence, ...wild.evidence]);
}

const STAND_INS: readonly Raw[] = [HARMLESS, ...PROBES.slice(0, 1)].flatMap(({ specs }) => specs.slice(0, 1));

/** The first that is admitted; else one that may be; else the last, which asks for least. */
export function bestOf(attempts: Iterable<() => Admission>): Admission {
  let best: Admission = no();
  for (const attempt of attempts) {
    const admission = attempt();
    if (admission.value === 'yes') return admission;
    if (admission.value === 'depends' || best.value === 'no') best = admission;
  }
  return best;
}

/** A refusal that nothing ends: the API server itself, or the kubelet, does not do it. */
export const neverWorks = (detail: string): Admission =>
  no<Refusal>({ layer: 'api-server', by: null, check: 'static-pod', reason: 'static pod', detail, rests: [] });

/** A pod that the kubelet runs from a file. */
export const isStatic = ({ pod }: PodTarget): boolean => pod !== null && pod.serviceAccount === null;

/** The same pod with another spec. */
export const withSpec = (raw: Raw, change: (spec: Raw) => Raw): Raw => ({ ...raw, spec: change(child(raw, 'spec')) });

/** The first container with another image. */
export function withImage(spec: Raw, image: string): Raw {
  const [first = {}, ...others] = children(spec, 'containers');
  return { ...spec, containers: [{ ...first, image }, ...others] };
}
