import type { Gate } from '../../../admission/gate.ts';
import type { Admission } from '../../../admission/layer.ts';
import { admits } from '../../../admission/layers.ts';
import type { UserInfo } from '../../../admission/request/user.ts';
import { allOf, no } from '../../../answer/verdict.ts';
import { ProbeTrials } from '../../../spawn/probes/probe-trials.ts';
import { HARMLESS } from '../../../spawn/probes/probes.ts';
import { manifestOf, type PodMaker, writesOf } from '../../../spawn/writes/makers.ts';
import { child, children, isRaw, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import type { PodTarget } from '../pods.ts';
import { bestOf, withImage, withSpec } from './update.ts';

/**
 * Whether somebody may change the template of a workload so that its pods run another image with the account of this
 * one: with all that the pod has, or at least as a pod without any privilege. Admission judges the workload, and the
 * pods that its controller then makes.
 */
export const workloadGate = (target: PodTarget, maker: PodMaker): Gate => ({
  admits: (user, world) =>
    bestOf([() => asItIs(target, maker, user, world), () => harmless(target, maker, user, world)]),
  // What of it may be chosen has been tried.
  isChosen: () => false,
});

function asItIs({ namespace, pod }: PodTarget, maker: PodMaker, user: UserInfo, world: World): Admission {
  const raw = pod?.whole;
  if (!raw) return no();
  const before = templateOf(raw, namespace);
  const after = withSpec(before, (spec) => withImage(spec, IMAGE));
  const [first, ...made] = writesOf(maker, after, namespace, user);
  if (!first) return no();
  return allOf(
    [{ ...first, operation: 'UPDATE' as const, oldObject: manifestOf(maker, before) }, ...made].map((each) =>
      admits(each, world),
    ),
  );
}

function harmless({ namespace, pod }: PodTarget, maker: PodMaker, user: UserInfo, world: World): Admission {
  const account = pod?.serviceAccount ? { serviceAccountName: pod.serviceAccount } : {};
  const probe = { ...HARMLESS, specs: HARMLESS.specs.map((spec) => ({ ...spec, ...account })) };
  const [trial] = new ProbeTrials(world).of({ maker, operation: 'UPDATE' }, namespace, user, [probe]);
  return trial?.admission ?? no();
}

/** What a template has of a pod: nothing that the scheduler, a plug-in or a debugger has added. */
function templateOf(raw: Raw, namespace: string): Raw {
  const { 'pod-template-hash': _, ...labels } = child(child(raw, 'metadata'), 'labels');
  const { nodeName: __, ephemeralContainers: ___, ...spec } = child(raw, 'spec');
  const tokens = new Set(children(spec, 'volumes').flatMap(({ name }) => (isTokenVolume(name) ? [name] : [])));
  const without = (list: unknown): unknown =>
    Array.isArray(list) ? list.filter((each) => !(isRaw(each) && tokens.has(each.name))) : list;
  const containers = children(spec, 'containers').map((each) => ({
    ...each,
    volumeMounts: without(each.volumeMounts ?? []),
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, labels },
    spec: { ...spec, volumes: without(spec.volumes ?? []), containers },
  };
}

const isTokenVolume = (name: unknown): boolean => typeof name === 'string' && name.startsWith('kube-api-access-');

const IMAGE = 'registry.example/tool:1';
