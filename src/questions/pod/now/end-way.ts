import type { PodAction } from '../../../answer/facts/pod.ts';
import type { WayToEnd } from '../../question.ts';
import type { Scene } from './scene.ts';

/** The grant goes that leads to the worst that code in the pod can become. */
export function endWay({ change, worst, isEnough, isSure }: WayToEnd, { context }: Scene): PodAction {
  const tokens = 'tokens stay valid, and lead there no more';
  return {
    id: 'end-way',
    object: change.object,
    summary: `end its ${isSure ? '' : 'possible '}way to ${worst}: ${change.who} ${change.loses(context.rbac)}`,
    ends: isEnough
      ? `${change.words} is what leads there: a removed binding acts within seconds; ${tokens}`
      : `one way there, by ${change.words}: a removed binding acts within seconds; others still lead there`,
    destroys: change.also(context.rbac),
    commands: change.texts(context.options.kubectl),
  };
}
