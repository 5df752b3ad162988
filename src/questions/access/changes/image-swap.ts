import type { Gate } from '../../../admission/gate.ts';
import type { Admission } from '../../../admission/layer.ts';
import { admits } from '../../../admission/layers.ts';
import type { UserInfo } from '../../../admission/request/user.ts';
import { and } from '../../../answer/verdict.ts';
import { podUpdate } from '../../../spawn/writes/pod-update.ts';
import { child, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import type { PodTarget } from '../pods.ts';
import { bestOf, isStatic, neverWorks, onPod, withImage, withSpec } from './update.ts';

/**
 * Whether somebody may give a container of the pod another image; the kubelet then restarts it with what the pod has.
 * Admission judges the whole pod again. Labels may be changed as well, before or at once, so that a policy that selects
 * by them need not look. The copy of a static pod in the API is not what the kubelet runs. Source: kubernetes
 * pkg/apis/core/validation ValidatePodUpdate, pkg/kubelet/kuberuntime computePodActions.
 */
export const imageGate = (target: PodTarget): Gate => ({
  admits: (user, world) =>
    isStatic(target)
      ? neverWorks('the kubelet runs a static pod from its own file, whatever image the API shows')
      : onPod(target, world, (raw) => swapped(raw, target, user, world)),
  isChosen: (path) =>
    /^(object\.)?(metadata\.(labels|annotations)\b|spec\.(containers|initContainers)\[[^\]]*\]\.image$)/.test(path),
});

function swapped(raw: Raw, target: PodTarget, user: UserInfo, world: World): Admission {
  const update = (object: Raw, before: Raw): Admission => admits(podUpdate(object, before, target, '', user), world);
  const bare: Raw = { ...raw, metadata: { ...child(raw, 'metadata'), labels: {} } };
  const attempts = IMAGES.flatMap((image) => {
    const change = (pod: Raw): Raw => withSpec(pod, (spec) => withImage(spec, image));
    return [() => and(update(bare, raw), update(change(bare), bare)), () => update(change(raw), raw)];
  });
  return bestOf(attempts.reverse());
}

/** What an outsider has: of no registry that a policy knows, with a digest and without. */
const IMAGES = ['registry.example/tool:1', `registry.example/tool:1@sha256:${'0'.repeat(64)}`];
