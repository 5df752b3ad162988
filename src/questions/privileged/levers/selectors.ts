import { selectorsIn } from '../../../admission/classes.ts';
import type { TargetRef } from '../../../answer/answer.ts';
import type { GroupKind } from '../../../world/kinds.ts';
import type { LabelSelector } from '../../../world/objects.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { child, Malformed } from '../../../world/reduce/raw.ts';
import type { World } from '../../../world/world.ts';

/** The selectors of namespaces in what refuses, and in the bindings that put it in force; none for what has no objects, or not the API's shape. */
export function selectorsOf(by: TargetRef | null, world: World): LabelSelector[] {
  if (by === null) return [];
  const kinds = world.kinds().filter((kind): kind is GroupKind => kind.startsWith(`${by.kind}.`));
  const own = kinds.flatMap((kind) => world.find(kind, by.namespace, by.name) ?? []);
  const bindings = by.kind === 'ValidatingAdmissionPolicy' ? world.list(BINDING) : [];
  try {
    const bound = bindings.filter(({ raw }) => child(raw, 'spec').policyName === by.name);
    return [...own, ...bound].flatMap(({ raw }) => [...selectorsIn(raw)].map(labelSelector));
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

const BINDING = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
