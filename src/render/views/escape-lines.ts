import type { PodEscape, PodFacts } from '../../answer/facts/pod.ts';
import { type Printable, sentence } from '../terminal/printable.ts';
import type { View } from './view.ts';
import { verdictWord } from './words.ts';

/**
 * What the containers of a pod can do to the node, worst first, one line for the same in several containers. What only
 * helps, and what is stopped, is counted, and told by `-o wide` and `--explain`.
 */
export function escapeLines({ escapes }: PodFacts, view: View): Printable[] {
  const heading = view.paint('heading', sentence`What its containers can do to the node:`);
  const isDetailed = view.wide || view.explain;
  const kinds = Map.groupBy(grouped(escapes.filter((each) => !isToldElsewhere(each))), ([first]) =>
    isDetailed ? 'ways' : kindOf(first),
  );
  const { ways = [], helps = [], stopped = [] } = Object.fromEntries(kinds);
  const shown = isDetailed ? ways : ways.slice(0, SHOWN);
  const folded = [
    ...(ways.length > shown.length ? [`${ways.length - shown.length} more`] : []),
    ...(helps.length > 0 ? [`${helps.length} that only ${helps.length === 1 ? 'helps' : 'help'}`] : []),
    ...(stopped.length > 0 ? [`${stopped.length} that ${stopped.length === 1 ? 'is' : 'are'} stopped`] : []),
  ];
  return [
    heading,
    ...(ways.length === 0 ? [sentence`  nothing`] : shown.map((group) => line(group, view))),
    ...(folded.length > 0 ? [view.paint('faint', sentence`  and ${folded.join(', ')} (-o wide lists them)`)] : []),
  ];
}

/** What it can do on the network of pods has a section of its own. */
export const isToldElsewhere = ({ id, gain }: PodEscape): boolean =>
  gain === 'other pods' && (id === 'cap-net-raw' || id === 'cap-net-admin');

const kindOf = (way: PodEscape | undefined): 'ways' | 'helps' | 'stopped' =>
  way?.verdict === 'no' ? 'stopped' : way?.gain === 'help' ? 'helps' : 'ways';

const grouped = (escapes: readonly PodEscape[]): PodEscape[][] => [
  ...Map.groupBy(escapes, ({ gain, verdict, leaning, reason }) =>
    JSON.stringify([gain, verdict, leaning, reason]),
  ).values(),
];

/** `depends:yes: node root (app, proxy): hostPath /: …` */
function line(group: readonly PodEscape[], { paint }: View): Printable {
  const [first] = group;
  if (!first) return sentence``;
  const { verdict, leaning, gain, reason } = first;
  const containers = [...new Set(group.map(({ container }) => container))].join(', ');
  const mark = verdict === 'yes' ? '' : sentence`${paint(verdict, verdictWord(verdict, leaning))}: `;
  return sentence`  ${mark}${verdict === 'yes' ? paint('yes', sentence`${gain}`) : gain} (${containers}): ${reason}`;
}

/** The card has to fit a screen. */
const SHOWN = 6;
