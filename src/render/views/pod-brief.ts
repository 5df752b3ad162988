import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { PodEscape, PodFacts } from '../../answer/facts/pod.ts';
import { listWithin } from '../terminal/lists.ts';
import { join, Printable, sentence } from '../terminal/printable.ts';
import { type Lines, table } from '../terminal/table.ts';
import { chainWords, isReached } from './chains.ts';
import { isToldElsewhere } from './escape-lines.ts';
import { partition } from './findings.ts';
import { nowLines } from './pod-now.ts';
import { countOf, marked } from './pod-ways.ts';
import type { View } from './view.ts';
import { PORTS, WAYS_INSIDE } from './ways-in.ts';
import { day, gainWord, verdictWord } from './words.ts';

/**
 * The incident card on one screen: a line for each part, the most dangerous first, and what to do now. Names that do not
 * fit are counted; a pipe, `-o wide` and `--explain` have all of it.
 */
export function briefCard(answer: Answer, pod: PodFacts, isOpen: boolean, view: View): Lines[] {
  const lines = [...dangers(pod, view), ...waysIn(answer.findings, isOpen, view), ...others(pod, view)];
  const columns = [
    { title: '', value: ({ name }: Line) => view.paint('heading', sentence`${name}`) },
    { title: '', value: ({ text }: Line) => text, prose: true },
  ];
  return [[subtitle(pod), ...table(columns, lines, false, view.width), ...nowLines(pod, true, view)]];
}

interface Line {
  name: string;
  text: Printable;
}

/** `StatefulSet/web on worker-1, since 2026-11-12; token mounted`: its phase only where it does not run. */
function subtitle({ owner, phase, node, created, token }: PodFacts): Printable {
  const what = owner ? sentence`${owner.kind}/${owner.name}` : sentence`no owner`;
  const state = phase === 'Running' ? sentence`` : sentence`, ${phase ?? 'phase unknown'}`;
  return sentence`${what} on ${node ?? 'no node'}${state}, since ${day(created)}; ${token.mounted ? 'token mounted' : 'no token mounted'}`;
}

/** A text if it fits into its line, else a shorter one. */
const fitting = (full: Printable, short: Printable, { width }: View): Printable =>
  full.width + LABEL <= width ? full : short;

/** What is worse than who gets in: root on the node, and becoming more than accounts. */
const dangers = (pod: PodFacts, view: View): Line[] => [
  ...(isRoot(pod) ? [reachLine(pod, view)] : []),
  ...(isWorse(pod) ? becomesLine(pod, view) : []),
];

/** The rest of what it can do, and who is beside it. */
const others = (pod: PodFacts, view: View): Line[] => [
  ...(isWorse(pod) ? [] : becomesLine(pod, view)),
  ...(isWorse(pod) ? [] : spawnsLine(pod, view)),
  ...(isRoot(pod) ? [] : [reachLine(pod, view)]),
  ...sharesLine(pod, view),
];

const isRoot = ({ escapes }: PodFacts): boolean =>
  escapes.some(({ gain, verdict }) => gain === 'node root' && verdict === 'yes');

const isWorse = ({ becomes }: PodFacts): boolean =>
  ['Cluster', 'Node', 'Namespace'].includes(becomes?.sure?.worst.kind ?? '');

/** Who gets in, those who run code in it first, and who does by becoming somebody else. */
function waysIn(findings: readonly Finding[], isOpen: boolean, view: View): Line[] {
  const { rows } = partition(findings);
  const inside = rows.filter(({ id }) => WAYS_INSIDE.has(id));
  const direct = inside.filter((each) => !isReached(each));
  const runners = marked(
    direct.filter(({ id }) => !PORTS.has(id)),
    view,
  );
  const all = marked(
    direct.toSorted((a, b) => Number(PORTS.has(a.id)) - Number(PORTS.has(b.id))),
    view,
  );
  const list = (start: Printable, subjects: readonly Printable[]): Printable =>
    subjects.length === 0 ? start : sentence`${start}  ${listWithin(subjects, view.width - LABEL - start.width - 2)}`;
  const some = runners.length < all.length ? ` (${runners.length} run code)` : '';
  const indirect = marked(inside.filter(isReached), view);
  return [
    { name: 'Get in', text: list(sentence`${countOf(all.length, isOpen)}${some}`, all) },
    ...(indirect.length > 0
      ? [{ name: 'Indirectly', text: list(sentence`${countOf(indirect.length, isOpen)}`, indirect) }]
      : []),
  ];
}

/** The widest name, and the gap behind it. */
const LABEL = 'Indirectly'.length + 2;

function becomesLine({ becomes }: PodFacts, view: View): Line[] {
  if (!becomes) return [];
  const found = becomes.sure ?? becomes.maybe;
  if (!found) return [{ name: 'Becomes', text: sentence`nothing else` }];
  const { worst, count: all } = found;
  const more = all > 1 ? `; ${all - 1} more` : '';
  const to = becomes.sure ? view.paint('yes', gainWord(worst)) : sentence`perhaps ${gainWord(worst)}`;
  const way = sentence`${to}, in ${count(worst.steps, 'step')}`;
  const full = sentence`${way} (${chainWords(worst.techniques)})${more}`;
  return [{ name: 'Becomes', text: fitting(full, sentence`${way}${more}`, view) }];
}

/** Only what is stronger than the pod itself is told. */
function spawnsLine({ spawns }: PodFacts, { paint }: View): Line[] {
  if (!spawns?.stronger) return [];
  const { strongest, maybe, namespaces, ways } = spawns;
  const place = namespaces.length === 1 ? ` in ${namespaces[0]}` : ` in ${count(namespaces.length, 'namespace')}`;
  const sure = strongest === null ? sentence`nothing for sure` : paint('yes', sentence`${strongest}`);
  const open = maybe === null ? '' : `, perhaps ${maybe}`;
  return [
    {
      name: 'Spawns',
      text: sentence`${sure}${open}${namespaces.length === 0 ? '' : place} (${ways.join(', ')})`,
    },
  ];
}

/** The worst that its containers can do to the node, and which of them open raw sockets. */
function reachLine({ escapes, sockets, strength }: PodFacts, view: View): Line {
  const ways = escapes.filter((each) => each.verdict !== 'no' && each.gain !== 'help' && !isToldElsewhere(each));
  const [worst] = ways;
  const raw = [...new Set(sockets.filter(({ answer }) => answer !== 'no').map(({ container }) => container))];
  const network = raw.length === 0 ? 'no raw sockets' : `raw sockets (${raw.join(', ')})`;
  if (!worst) return { name: 'Reaches', text: sentence`nothing on the node (${strength ?? '<unknown>'}); ${network}` };
  const more = ways.length > 1 ? `; ${ways.length - 1} more` : '';
  const gain = sentence`${gainOf(worst, view)} (${worst.container})`;
  const full = sentence`${gain}: ${worst.reason}${more}; ${network}`;
  return { name: 'Reaches', text: fitting(full, sentence`${gain}${more}; ${network}`, view) };
}

const gainOf = ({ gain, verdict, leaning }: PodEscape, { paint }: View): Printable =>
  verdict === 'yes'
    ? paint('yes', sentence`${gain}`)
    : sentence`${paint(verdict, verdictWord(verdict, leaning))}: ${gain}`;

/** The other pods of its node, those that are root there by name. */
function sharesLine({ node, neighbours, shares = null }: PodFacts, { width }: View): Line[] {
  if (node === null || neighbours === null) return [];
  const strong = (shares ?? []).filter(({ strength }) => strength === 'node root');
  const start = sentence`${count(neighbours, 'pod')} on ${node}${strong.length === 0 ? '' : ', root: '}`;
  const names = strong.map(({ namespace, name }) => Printable.of(`${namespace}/${name}`));
  const text = strong.length === 0 ? start : join([start, listWithin(names, width - LABEL - start.width)], '');
  return [{ name: 'Beside', text }];
}
