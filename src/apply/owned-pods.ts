import type { StaticKind } from '../world/kinds.ts';
import type { Pod, Workload } from '../world/objects.ts';
import { matchesSelector } from '../world/selectors.ts';
import type { World } from '../world/world.ts';

/**
 * Whether the pods of a workload already exist, or the objects that create them: a ReplicaSet of a Deployment, a Job of
 * a CronJob. A pod belongs to the workload if its owner says so, or if the selector matches and no other controller
 * owns the pod. Pure.
 */
export function hasPods(kind: StaticKind, workload: Workload, world: Pick<World, 'list'>): boolean {
  const { namespace, name } = workload;
  const isOwned = ({ owner }: Pick<Workload, 'owner'>): boolean => owner?.kind === workload.kind && owner.name === name;
  const between = kind === 'deployments' ? 'replicasets' : kind === 'cronjobs' ? 'jobs' : null;
  if (between !== null && world.list(between, namespace).some(isOwned)) return true;
  return world.list('pods', namespace).some((pod) => isOwned(pod) || isFollower(kind, workload, pod));
}

/** Whether it is a pod without an owner, or one whose owner is missing and of the kind in between. */
export function isFollower(kind: StaticKind, { name, selector }: Workload, { owner, labels }: Pod): boolean {
  if (kind === 'cronjobs')
    return owner?.kind === 'Job' && /^-\d+$/.test(owner.name.slice(name.length)) && owner.name.startsWith(name);
  const isFree = owner === null || (kind === 'deployments' && owner.kind === 'ReplicaSet');
  return isFree && selector !== null && !isEmpty(selector) && matchesSelector(selector, labels);
}

const isEmpty = ({ matchLabels, matchExpressions }: NonNullable<Workload['selector']>): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;
