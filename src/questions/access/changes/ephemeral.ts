import type { Gate } from '../../../admission/gate.ts';
import type { Admission, Refusal } from '../../../admission/layer.ts';
import { admits } from '../../../admission/layers.ts';
import type { UserInfo } from '../../../admission/request/user.ts';
import { PROBE_NAME } from '../../../spawn/probes/probes.ts';
import { suggestionsFor } from '../../../spawn/probes/suggestions.ts';
import { podUpdate } from '../../../spawn/writes/pod-update.ts';
import { children, type Raw } from '../../../world/raw.ts';
import { formatVersion } from '../../../world/version.ts';
import type { World } from '../../../world/world.ts';
import { EPHEMERAL_CONTAINERS, hasSubresource } from '../pod-subresources.ts';
import type { PodTarget } from '../pods.ts';
import { bestOf, isStatic, neverWorks, onPod, withSpec } from './update.ts';

/**
 * Whether somebody may put a container of their choice into a pod that is there. Admission judges the whole pod with
 * it: what the pod's own containers violate refuses it as well. A pending pod takes one; a static pod never does.
 * Source: pod-security-admission admission/admission.go, kubernetes pkg/apis/core/validation
 * ValidatePodEphemeralContainersUpdate.
 */
export const ephemeralGate = (target: PodTarget): Gate => ({
  admits: (user, world) =>
    isStatic(target)
      ? neverWorks('static pods do not support ephemeral containers')
      : (absent(world) ?? onPod(target, world, (raw) => tried(raw, target, user, world))),
  // Its own list says whether there is one at all.
  isChosen: (path) => /^(object\.)?spec\.ephemeralContainers\[[^\]]*\]\./.test(path),
});

/** Older servers have no ephemeral containers, unless their feature gate is set. */
function absent({ facts: { version } }: World): Admission | null {
  if (version === null || hasSubresource(EPHEMERAL_CONTAINERS, version)) return null;
  return neverWorks(`Kubernetes ${formatVersion(version)} has no ephemeral containers by default`);
}

function tried(raw: Raw, target: PodTarget, user: UserInfo, world: World): Admission {
  const withContainer = (context: Raw, image: string): Admission => {
    const debug = {
      name: PROBE_NAME,
      image,
      imagePullPolicy: 'IfNotPresent',
      securityContext: context,
      terminationMessagePolicy: 'File',
    };
    const changed = withSpec(raw, (spec) => ({
      ...spec,
      ephemeralContainers: [...children(spec, 'ephemeralContainers'), debug],
    }));
    return withoutChoice(admits(podUpdate(changed, raw, target, 'ephemeralcontainers', user), world));
  };
  const images = function* (context: Raw): Iterable<() => Admission> {
    const plain = withContainer(context, IMAGE);
    yield () => plain;
    const wanted = plain.evidence.flatMap(({ by }) => (by ? suggestionsFor(by, world) : []));
    for (const image of new Set(wanted.flatMap(({ image: each }) => each ?? [])))
      yield () => withContainer(context, image);
    yield () => plain;
  };
  return bestOf(CONTEXTS.map((context) => () => bestOf(images(context))));
}

/**
 * What Pod Security says against a container without any privilege it says against the pod: no other container would
 * do.
 */
const withoutChoice = (admission: Admission): Admission => ({
  ...admission,
  evidence: admission.evidence.map(
    (refusal): Refusal => (refusal.layer === 'pod-security' ? { ...refusal, rests: [] } : refusal),
  ),
});

const RESTRICTED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
/** Ever less: some policies give a user, others demand one, and each has to pass with one of them alone. */
const CONTEXTS: readonly Raw[] = [{}, RESTRICTED, { ...RESTRICTED, readOnlyRootFilesystem: true, runAsUser: 1000 }];
const IMAGE = 'registry.k8s.io/pause:3.10';
