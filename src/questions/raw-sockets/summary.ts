import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/words.ts';
import { RAW_SOCKETS } from './finding.ts';

/** The answer in a sentence. `isHidden`: there may be pods that were not seen. */
export function summaryOf(
  findings: readonly Finding[],
  /** The pod that is asked about, as the sentence names it; null where pods of a place are. */
  target: string | null,
  scope: Answer['scope'],
  pods: number,
  isHidden: boolean,
): string {
  const containers = findings.filter(({ id }) => id === RAW_SOCKETS);
  const place = target ?? placeOf(scope);
  if (pods === 0) return `there are no pods${isHidden ? ' that could be seen' : ''} in ${place}`;
  const groups = Map.groupBy(containers, ({ answer }) => answer ?? 'no');
  const [sure = [], binary = [], open = []] = (['yes', 'via-binary', 'unknown'] as const).map((answer) =>
    groups.get(answer),
  );
  const [only] = containers;
  if (target && only && containers.length === 1)
    return `container ${only.object.container} of ${place} ${CAN[only.answer ?? 'no']}: ${only.reason}`;
  const others = [
    ...(open.length > 0 ? [`${open.length} may`] : []),
    ...(binary.length > 0 ? [`${binary.length} only through a setuid-root or file-capability program`] : []),
  ];
  const across = target ? '' : ` (${count(new Set(sure.map(podOf)).size, 'pod')})`;
  if (sure.length > 0)
    return `${sure.length} of ${count(containers.length, 'container')} can open raw sockets in ${place}${across}${others.map((each) => `, ${each}`).join('')}`;
  if (others.length > 0)
    return `no container is sure to open raw sockets in ${place}: of ${containers.length}, ${others.join(', ')}`;
  return `no container${isHidden ? ' that could be seen' : ''} can open raw sockets in ${place}`;
}

const CAN = {
  yes: 'can open raw sockets',
  'via-binary': 'may open raw sockets',
  unknown: 'may open raw sockets',
  no: 'cannot open raw sockets',
} as const;

const podOf = ({ object: { namespace, name } }: Finding): string => `${namespace}/${name}`;

function placeOf({ namespace, selector }: Answer['scope']): string {
  const where = namespace === null ? 'the cluster' : `namespace ${namespace}`;
  return selector === null ? where : `${where} with labels ${selector}`;
}
