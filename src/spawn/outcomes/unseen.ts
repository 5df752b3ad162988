import { type Reader, readBy } from '../../admission/request/reading/reader.ts';
import { Recall } from '../../admission/request/reading/recall.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { fitted } from '../../admission/scc/candidates.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { and, depends } from '../../answer/verdict.ts';
import { list } from '../../world/needs.ts';
import { oncePerObject } from '../../world/once.ts';
import { child, children, type Raw } from '../../world/raw.ts';
import { unseen, type World } from '../../world/world.ts';
import { podOf } from '../probes/attempt.ts';
import type { ProbeTrials } from '../probes/probe-trials.ts';
import { HARMLESS, PROBE_NAME, type Probe, VOLUME_CLAIM_PROBE } from '../probes/probes.ts';
import { type Trial, tryProbes } from '../probes/strongest.ts';
import type { PodWay } from '../rights/ways.ts';
import { manifestOf, POD_MAKERS, writesOf } from '../writes/makers.ts';

/**
 * The trials of changing pods that could not be read. There may be a pod with any privilege, but admission decides
 * about a change of it as about any other. Each trial depends on `unknowns` at least.
 */
export function unseenTrials(
  way: PodWay,
  namespace: string,
  user: UserInfo,
  { world, probeTrials }: { world: World; probeTrials: ProbeTrials },
  probes: readonly Probe[],
  unknowns: readonly Unknown[],
): Trial[] {
  const evaluate = (reader: Reader): readonly Trial[] => tried(way, reader, world, probes);
  const { value } = recallOf(probeTrials).find(`${way.id} ${probes[0]?.id}`, { namespace, user }, world, evaluate);
  return value.map((trial) => ({ ...trial, admission: and(trial.admission, depends(unknowns)) }));
}

/** Shared by all who change such pods in one world. */
const recallOf = oncePerObject((_probeTrials: ProbeTrials) => new Recall<readonly Trial[]>());

function tried(way: PodWay, reader: Reader, world: World, probes: readonly Probe[]): Trial[] {
  const { namespace } = reader.origin;
  const change = way.on === 'pod' ? withOtherImage : withContainer(contextOf(HARMLESS.specs[0]));
  const update = (pod: Raw): AdmissionRequest => ({
    operation: 'UPDATE',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    ...{ subresource: way.subresource, namespace, name: PROBE_NAME, user: reader.user, oldObject: pod },
    object: { ...pod, spec: change(child(pod, 'spec')) },
  });
  const writes = (pod: Raw): AdmissionRequest[] => [readBy(update(manifestOf(POD, pod)), reader)];
  const all = isNodeClaimed(world) && !probes.includes(VOLUME_CLAIM_PROBE) ? [...probes, VOLUME_CLAIM_PROBE] : probes;
  const existing = all.map((probe) => ({
    ...probe,
    specs: probe.specs.flatMap((spec) => asAdmitted(spec, reader, world)),
  }));
  return tryProbes({ namespace, reader, writes }, world, existing);
}

/**
 * Whether a pod that was not read may have a claim of a node's directory, which no level of Pod Security looks behind.
 */
const isNodeClaimed = (world: World): boolean =>
  world.list('persistentvolumes').some(({ path }) => path !== null) ||
  unseen(world, list('persistentvolumes'), '').length > 0;

/**
 * The specs that a pod may have once OpenShift has admitted it: one for each SCC, which fills in absent fields. Without
 * SCCs it is the spec itself.
 */
function asAdmitted(spec: Raw, reader: Reader, world: World): Raw[] {
  const { namespace } = reader.origin;
  const [request] = writesOf(POD, podOf(spec, namespace, undefined, reader), namespace, reader.user);
  const pods = request ? fitted(readBy(request, reader), world) : [];
  return pods.length === 0 ? [spec] : pods.map((pod) => child(pod, 'spec'));
}

/** The spec with another image in its first container. */
export function withOtherImage(spec: Raw): Raw {
  const [first = {}, ...others] = children(spec, 'containers');
  return { ...spec, containers: [{ ...first, image: first.image === IMAGE ? `${IMAGE}.1` : IMAGE }, ...others] };
}

/** Adds an ephemeral container to a spec. */
export const withContainer =
  (securityContext: unknown, volumeMounts: readonly Raw[] = []) =>
  (spec: Raw): Raw => {
    const debug = { name: PROBE_NAME, image: IMAGE, securityContext, volumeMounts, terminationMessagePolicy: 'File' };
    return { ...spec, ephemeralContainers: [...children(spec, 'ephemeralContainers'), debug] };
  };

/** The security context of the container of a probe's spec. */
export const contextOf = (spec: Raw | undefined): unknown => children(spec ?? {}, 'containers')[0]?.securityContext;

const [POD] = POD_MAKERS;
const IMAGE = 'registry.k8s.io/pause:3.10';
