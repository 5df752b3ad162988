import { type FixText, fixes, fixTexts, replacementTexts } from '../../answer/command.ts';
import type { TargetRef } from '../../answer/refs.ts';
import { makerByKind } from '../../spawn/writes/makers.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import type { Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { workloadOf } from './workload.ts';

/** A patch of what makes a pod. */
export interface MakerPatch {
  object: TargetRef;
  texts: (kubectl: readonly string[]) => FixText[];
  /** What it does to what runs. */
  note: string;
}

/**
 * Changes the spec of a pod, by a strategic merge patch, where it comes from: in the template of its workload, or in the
 * pod itself, which only another can take the place of. Null for a static pod, and where something else makes what makes
 * the pod.
 */
export function makerPatch(pod: Pod, spec: Raw): MakerPatch | null {
  const { kind, name } = workloadOf(pod);
  const place = pod.namespace === null ? [] : ['-n', pod.namespace];
  const object = { kind, namespace: pod.namespace, name };
  if (kind === 'Pod') {
    const patch = ['patch', `pod/${name}`, ...place, '-p', JSON.stringify({ spec })];
    const note = `pod ${name} is deleted and created again, since no controller recreates it`;
    return { object, note, texts: (kubectl) => replacementTexts(patch, kubectl) };
  }
  const maker = makerByKind(kind);
  if (!maker || maker.rollsOut === 'immutable') return null;
  const type = maker.group === '' ? maker.resource : `${maker.resource}.${maker.group}`;
  const patch = fixes('patch', `${type}/${name}`, ...place, '-p', JSON.stringify({ spec: { template: { spec } } }));
  const rolled =
    maker.rollsOut === 'yes'
      ? `the running pods of ${kind.toLowerCase()}/${name} are replaced`
      : `the running pods of ${kind.toLowerCase()}/${name} stay as they are until they are deleted`;
  return { object, note: rolled, texts: (kubectl) => fixTexts(patch, kubectl) };
}

/** The pods that come from where this one does. */
export const podsAlike = (pod: Pod, world: World): readonly Pod[] => BY_MAKER(world).get(makerKey(pod)) ?? [];

const BY_MAKER = oncePerState((world: World) => Map.groupBy(world.list('pods'), makerKey));

const makerKey = (pod: Pod): string => {
  const { kind, name } = workloadOf(pod);
  return JSON.stringify([pod.namespace, kind, name]);
};
