import { type Command, changes } from '../../../answer/command.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { Query } from '../../../rbac/rbac.ts';
import type { World } from '../../../world/world.ts';
import type { Matter } from '../../holders/answer-ways.ts';
import type { Way } from '../../holders/way.ts';
import type { PodTarget } from '../pods.ts';
import { imageGate } from './image-swap.ts';
import { type Maker, makersOf } from './owners.ts';
import { workloadGate } from './workload.ts';

/** One way to put other code into a pod by changing what is there: only the question `pod` asks about it. */
export type Change = Pick<Matter, 'ways' | 'action'>;

/**
 * Who may change what a pod runs: its image, or the template of what makes it. A Job's template is immutable, and
 * scaling multiplies what is there; a ReplicaSet's template counts for new pods, which whoever may change it makes by
 * its replicas. Source: kubernetes pkg/apis/apps/validation, pkg/apis/batch/validation ValidateJobSpecUpdate.
 */
export function changesOf(target: PodTarget, world: World): Change[] {
  const makers = makersOf(target, world).filter(({ maker }) => maker === null || maker.rollsOut !== 'immutable');
  return [
    { ways: [imageWay(target)], action: (pod) => `change the image of ${pod}` },
    ...makers.flatMap((maker): Change[] => {
      const way = makerWay(maker, target);
      return way ? [{ ways: [way], action: (pod) => `change ${nameOf(maker)}, which ${pod} comes from` }] : [];
    }),
  ];
}

/** What is known to make the pod, and cannot be asked about. */
export const unknownMakers = (target: PodTarget, world: World): Unknown[] =>
  makersOf(target, world).flatMap((each) => (each.maker === null && each.resource === null ? [foreign(each)] : []));

const CHANGES = ['update', 'patch'] as const;

function imageWay(target: PodTarget): Way {
  const { namespace, name } = target;
  const object = { kind: 'Pod', namespace, name, container: null };
  return {
    holding: {
      id: 'pod-image-swap',
      object,
      action: 'update or patch pods: its image',
      attack: setImage(`pod/${name}`, namespace),
      target: object,
      condition: null,
      gate: imageGate(target),
    },
    queries: queriesOf('', 'pods', namespace, name),
  };
}

function makerWay(each: Maker, target: PodTarget): Way | null {
  const { maker, group, kind, resource, namespace, name, doubt } = each;
  if (resource === null) return null;
  const object = { kind, namespace, name: name ?? '', container: null };
  return {
    holding: {
      id: 'workload-template-update',
      object,
      action: `update or patch ${resource}${group === '' ? '' : `.${group}`}: the template of ${nameOf(each)}`,
      attack:
        maker && name !== null ? setImage(`${resource}${group === '' ? '' : `.${group}`}/${name}`, namespace) : null,
      target: { kind: 'Pod', namespace, name: target.name },
      condition: doubt ?? (maker ? null : foreign(each)),
      ...(maker ? { gate: workloadGate(target, maker) } : {}),
    },
    queries: queriesOf(group, resource, namespace, name),
  };
}

/** `set image` writes templates alone; that of a CronJob has its own place. */
const setImage = (object: string, namespace: string): Command<'changes'> =>
  changes(['set', 'image', object, '-n', namespace, 'CONTAINER=IMAGE']);

const nameOf = ({ kind, namespace, name }: Maker): string =>
  name === null ? `the ${kind} that makes it` : `${kind} ${namespace}/${name}`;

const queriesOf = (group: string, resource: string, namespace: string, name: string | null): Query[] =>
  CHANGES.map((verb) => ({
    request: { verb, group, resource, subresource: '', namespace, name: name ?? '' },
    ...(name === null ? { names: 'any' as const } : {}),
  }));

const foreign = ({ kind, group, namespace, name }: Maker): Unknown => ({
  kind: 'unmodelled',
  what: `what ${kind}${group === '' ? '' : `.${group}`} ${namespace}/${name ?? ''} makes of a change`,
  why: 'its controller is not part of Kubernetes',
  affects: 'whether those who may change it get into its pods',
});
