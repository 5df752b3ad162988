import type { PodSocket } from '../../answer/facts/pod.ts';
import { containersOf } from '../../runtime/container.ts';
import { networkPowers } from '../../runtime/network-powers.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import { list, type Need, podsOn } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import type { QuestionContext } from '../context.ts';
import { findingsOf } from '../raw-sockets/finding.ts';

/** What tells how pods are wired, and who is beside this one. Where it runs is read for its ways to the node. */
export const socketNeeds = ({ node }: Pod): Need[] => [list('daemonsets'), ...(node === null ? [] : [podsOn(node)])];

/** What the containers of a pod that run, or may, can do on the network: as `raw-sockets` answers. */
export const podSockets = (pod: Pod, context: QuestionContext): PodSocket[] =>
  containersOf(pod)
    .filter(({ state }) => state !== 'finished')
    .flatMap((container) =>
      findingsOf(container, networkPowers(container, surroundingsOf(pod, context.world)), context),
    )
    .map(({ id, object, answer = 'no', leaning, reason, container, unknowns }) => ({
      ...{ id, container: object.container ?? '', answer, leaning, reason },
      ...{ network: container?.network ?? 'pod', unknowns },
    }));
