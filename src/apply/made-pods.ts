import { madeOf } from '../spawn/writes/controllers.ts';
import { makerOf, type PodMaker } from '../spawn/writes/makers.ts';
import type { StaticKind } from '../world/kinds.ts';
import { child, flag, integer, type Raw, text } from '../world/raw.ts';
import { daemonNodes } from './daemon-nodes.ts';

/** An object that a controller would create for a workload: a pod, or the ReplicaSet or Job in between. */
export interface Made {
  kind: StaticKind;
  raw: Raw;
  /** How many objects that differ only in their name it stands for; 1 where each is listed. */
  count: number;
}

/**
 * All objects that controllers create for a workload that has none yet. Pods whose names the API server generates are
 * represented by one, whose name ends in `xxxxx`, as in Kubernetes' documentation. The pods of a StatefulSet have their
 * own names, and those of a DaemonSet include the name of their node where nodes are known. A workload that is scaled
 * to zero, suspended or paused has none. Pure. Throws Malformed for a workload of another shape.
 */
export function madeBy(kind: StaticKind, raw: Raw, nodes: readonly Raw[]): Made[] {
  const maker = makerOf(kind);
  const count = replicasOf(kind, child(raw, 'spec'));
  if (!maker?.makes || count < 1) return [];
  if (kind === 'statefulsets') return ordinals(raw, count).flatMap((ordinal) => podsOf(maker, raw, ordinal).map(one));
  if (kind === 'daemonsets') return podsOf(maker, raw, 0).flatMap((pod) => onNodes(pod, raw, nodes));
  if (maker.makes === 'pods') return podsOf(maker, raw, 0).map((pod) => ({ ...one(pod), count }));
  const made = madeOf(maker, raw);
  if (made === null) return [];
  const between = kind === 'deployments' ? { ...made, spec: { ...child(made, 'spec'), replicas: count } } : made;
  const next = maker.makes as StaticKind;
  return [{ kind: next, raw: between, count: 1 }, ...madeBy(next, between, nodes)];
}

const one = (raw: Raw): Made => ({ kind: 'pods', raw, count: 1 });

function podsOf(maker: PodMaker, raw: Raw, ordinal: number): Raw[] {
  const pod = madeOf(maker, raw, ordinal);
  if (pod === null) return [];
  const metadata = child(pod, 'metadata');
  return [
    {
      ...pod,
      metadata: { ...metadata, name: text(metadata, 'name') ?? `${text(metadata, 'generateName')}${GENERATED}` },
    },
  ];
}

/** Where no node is known, there is one pod whose node is not known either. */
function onNodes(pod: Raw, { spec }: Raw, nodes: readonly Raw[]): Made[] {
  if (nodes.length === 0) return [one(pod)];
  const template = child({ spec }, 'spec').template as Raw;
  const { tolerations } = child(pod, 'spec');
  const wanted = { spec: { ...child(template, 'spec'), tolerations } };
  const metadata = child(pod, 'metadata');
  return daemonNodes(wanted, nodes).map((node) =>
    one({
      ...pod,
      metadata: { ...metadata, name: `${metadata.name}-${node}` },
      spec: { ...child(pod, 'spec'), nodeName: node },
    }),
  );
}

function ordinals(raw: Raw, count: number): number[] {
  const start = integer(child(child(raw, 'spec'), 'ordinals'), 'start') ?? 0;
  return Array.from({ length: Math.min(count, MOST) }, (_, index) => start + index);
}

function replicasOf(kind: StaticKind, spec: Raw): number {
  if (flag(spec, 'suspend') === true || flag(spec, 'paused') === true) return 0;
  if (kind === 'jobs')
    return Math.min(integer(spec, 'parallelism') ?? 1, integer(spec, 'completions') ?? Number.POSITIVE_INFINITY);
  return kind === 'cronjobs' || kind === 'daemonsets' ? 1 : (integer(spec, 'replicas') ?? 1);
}

const GENERATED = 'xxxxx';
/** Bounds the memory against a file with a million replicas. */
const MOST = 1000;
