import { fixes, fixTexts } from '../../../answer/command.ts';
import type { PodAction } from '../../../answer/facts/pod.ts';
import type { Scene } from './scene.ts';

/** Containers that are root on the node have it: it gets no new pods, whose tokens would be taken as well. */
export function cordonNode({ pod: { node }, facts: { escapes, neighbours }, context }: Scene): PodAction[] {
  const isOpen = escapes.some(({ gain, verdict }) => gain === 'node root' && verdict === 'yes');
  if (!isOpen || node === null) return [];
  const others = neighbours === null ? 'what runs there goes on' : `its ${neighbours} other pods go on`;
  return [
    {
      id: 'cordon-node',
      object: { kind: 'Node', namespace: null, name: node },
      summary: `cordon node ${node}, where it is root: no new pods come; nothing there ends`,
      ends: `no new pods come to it; ${others}, and their tokens count as taken`,
      destroys: null,
      commands: fixTexts(fixes('cordon', `node/${node}`), context.options.kubectl),
    },
  ];
}
