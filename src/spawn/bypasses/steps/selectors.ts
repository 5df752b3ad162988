import type { TargetRef } from '../../../answer/refs.ts';
import type { GroupKind } from '../../../world/kinds.ts';
import type { LabelSelector } from '../../../world/objects.ts';
import { oncePerState } from '../../../world/once.ts';
import { child } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { understoodOr } from '../../../world/understood.ts';
import type { World } from '../../../world/world.ts';
import { selectorsIn } from './namespace-selectors.ts';

/**
 * The namespace selectors of the object that refuses, and of the bindings that put it in force. There are none where
 * `by` is null, where the object was not read, and where a selector has not the API's shape.
 */
export function selectorsOf(by: TargetRef | null, world: World): readonly LabelSelector[] {
  if (by === null) return [];
  const known = knownOf(world);
  const key = JSON.stringify(by);
  const selectors = known.get(key) ?? find(by, world);
  known.set(key, selectors);
  return selectors;
}

const knownOf = oncePerState(() => new Map<string, readonly LabelSelector[]>());

function find(by: TargetRef, world: World): LabelSelector[] {
  const kinds = world.kinds().filter((kind): kind is GroupKind => kind.startsWith(`${by.kind}.`));
  const own = kinds.flatMap((kind) => world.find(kind, by.namespace, by.name) ?? []);
  const bindings = by.kind === 'ValidatingAdmissionPolicy' ? world.list(BINDING) : [];
  return understoodOr(
    () => {
      const bound = bindings.filter(({ raw }) => child(raw, 'spec').policyName === by.name);
      return [...own, ...bound].flatMap(({ raw }) => [...selectorsIn(raw)].map(labelSelector));
    },
    () => [],
  );
}

const BINDING = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
