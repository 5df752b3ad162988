import type { Pod } from '../../world/objects.ts';

/**
 * What a pod stands for: its controller, and where that is a ReplicaSet that a Deployment made, the Deployment, whose
 * name is the ReplicaSet's without the hash of the template, which the pod carries as a label.
 */
export function workloadOf({ name, owner, labels }: Pod): { kind: string; name: string } {
  if (owner === null) return { kind: 'Pod', name };
  const hash = labels['pod-template-hash'];
  const isDeployments = owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`);
  return isDeployments
    ? { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
    : { kind: owner.kind, name: owner.name };
}
