import type { Command } from '../../answer/command.ts';
import { child, children, type Raw } from '../../world/raw.ts';
import type { Existing, PodOutcome } from '../outcomes/pod-outcome.ts';
import { PROBE_NAME } from '../probes/probes.ts';
import type { Trial } from '../probes/strongest.ts';
import { manifestOf, type PodMaker } from '../writes/makers.ts';
import { applyCommand, createCommand, replaceCommand } from './commands.ts';

type Attack = Command<'changes'>;

/**
 * The command that makes the pod of a trial, under a name of its own where that is given and rights leave it open. Null
 * if the object that it would change was not read.
 */
export function podCommand(outcome: PodOutcome, { pod }: Trial, fresh?: string): Attack | null {
  const { way, right, on } = outcome;
  const [namespace] = outcome.namespaces;
  if (way.on === 'nothing') return created(outcome, pod, fresh);
  if (way.on === 'workload') return on ? workload(outcome, on, pod) : null;
  if (Object.keys(pod).length === 0) return null;
  const { name } = child(pod, 'metadata');
  if (typeof name !== 'string') return null;
  const patch = right.verb === 'patch' ? podPatch(pod, way.subresource) : pod;
  return changed(way.maker, namespace, name, right.verb, patch, way.subresource);
}

function created({ way, right, namespaces: [namespace] }: PodOutcome, pod: Raw, fresh?: string): Attack {
  const named = right.names?.[0];
  const { metadata, ...rest } = manifestOf(way.maker, pod, named ?? fresh);
  const object = { ...rest, metadata: { ...(metadata as object), namespace } };
  return named === undefined ? createCommand(object) : applyCommand(object);
}

function changed(
  { group, version, resource }: PodMaker,
  namespace: string,
  name: string,
  verb: string,
  object: Raw,
  subresource = '',
): Attack {
  const named = { ...object, metadata: { ...child(object, 'metadata'), name, namespace } };
  if (verb === 'patch') return applyCommand(named, subresource);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return replaceCommand(
    `${root}/namespaces/${namespace}/${resource}/${name}${subresource === '' ? '' : `/${subresource}`}`,
    named,
  );
}

/**
 * The command that makes the pod the template of a workload. An apply contains nothing else. An update has to repeat
 * all immutable fields, which are not known for a StatefulSet (null).
 */
function workload(
  { way: { maker }, right, namespaces: [namespace] }: PodOutcome,
  { name, selector }: Existing,
  pod: Raw,
): Attack | null {
  const template = { metadata: { labels: { ...selector, app: selector.app ?? PROBE_NAME } }, spec: pod.spec };
  const { metadata: _, ...manifest } = manifestOf(maker, pod);
  if (right.verb === 'patch' && maker.kind !== 'CronJob')
    return changed(maker, namespace, name, 'patch', { ...manifest, spec: { template } });
  if (maker.kind === 'StatefulSet') return null;
  return changed(maker, namespace, name, right.verb, { ...manifest, spec: maker.spec(template, selector) });
}

/** The fields of a pod that an apply has to contain: those that differ, and the keys of the lists that they are in. */
function podPatch(pod: Raw, subresource: string): Raw {
  const spec = child(pod, 'spec');
  const list = subresource === '' ? 'containers' : 'ephemeralContainers';
  const [container = {}] = subresource === '' ? children(spec, list) : children(spec, list).slice(-1);
  const only = subresource === '' ? { name: container.name, image: container.image } : container;
  return { apiVersion: 'v1', kind: 'Pod', spec: { [list]: [only] } };
}
