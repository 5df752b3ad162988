import type { PodFacts, PodSocket } from '../../answer/facts/pod.ts';
import type { NetworkFacts } from '../../answer/facts/raw-sockets.ts';
import { cell, type Printable, sentence } from '../terminal/printable.ts';
import { answerOf, networkLines } from './raw-sockets.ts';
import type { View } from './view.ts';

/** What the containers of a pod can do on the network, and what that is worth there; those that can't are counted. */
export function socketLines(
  { sockets, neighbours, node }: PodFacts,
  network: NetworkFacts | undefined,
  view: View,
): Printable[] {
  const isDetailed = view.wide || view.explain;
  const shown = sockets.filter(({ answer }) => isDetailed || answer !== 'no');
  const open = sockets.filter(({ answer }) => answer !== 'no');
  const closed = sockets.length - shown.length;
  return [
    view.paint('heading', sentence`What its containers can do on the network:`),
    ...(shown.length === 0 ? [sentence`  no raw sockets`] : shown.map((each) => line(each, view))),
    ...(shown.length > 0 && closed > 0
      ? [view.paint('faint', sentence`  and ${closed} that cannot (-o wide lists them)`)]
      : []),
    ...(open.length > 0 && network ? networkLines(network) : []),
    ...(open.length > 0 && neighbours !== null ? [sentence`  other pods on node ${node ?? ''}: ${neighbours}`] : []),
  ];
}

/** `yes: raw sockets (app): root; NET_RAW: default of containerd 2.2` */
function line({ id, container, answer, leaning, reason, network }: PodSocket, { paint }: View): Printable {
  const verdict = answer === 'yes' || answer === 'no' ? answer : 'depends';
  const mark = paint(verdict, cell(answerOf(answer, leaning)));
  const where = network === 'node' && answer !== 'no' ? " on the node's interfaces" : '';
  return sentence`  ${mark}: ${id === 'raw-sockets' ? 'raw sockets' : 'pretending to be others'}${where} (${container}): ${reason}`;
}
