import type { Answer, Finding } from '../answer/answer.ts';
import { cell, Printable, sentence } from './escape.ts';
import { explainTree } from './explain.ts';
import { acceptedView, nearMissView, partition, type View } from './findings.ts';
import { listWithin } from './lists.ts';
import { type Column, table } from './table.ts';
import { day, grantsOf, subjectWord, verdictWord } from './words.ts';

/** What pods subjects can get onto the cluster: a row a way and outcome, what holds the others back, and as whom such pods may run. */
export function spawnView(
  { findings, nearMisses }: Pick<Answer, 'findings' | 'nearMisses'>,
  isOneSubject: boolean,
  view: View,
): Printable[][] {
  const ways = findings.filter(({ spawn }) => spawn);
  const { rows, accepted } = partition(ways);
  // Who gets there by another way is not held back, and of whom Kubernetes itself made nobody asks.
  const getting = new Set(rows.filter(({ verdict }) => verdict !== 'no').map(({ subject }) => subjectWord(subject).text));
  const isTold = ({ subject, accepted: isMeant }: Finding): boolean =>
    isOneSubject || (!getting.has(subjectWord(subject).text) && (view.showSystem || !isMeant));
  const stopped = ways.filter((finding) => finding.verdict === 'no' && isTold(finding));
  return [
    wayRows(rows, isOneSubject, view),
    stoppedView(stopped, isOneSubject, view),
    accountsView(rows, view),
    acceptedView(accepted, view),
    nearMissView([...findings.filter(({ spawn, verdict }) => !spawn && verdict === 'no'), ...nearMisses], view),
    openView(
      findings.filter(({ spawn, verdict }) => !spawn && verdict !== 'no'),
      view,
    ),
  ];
}

function wayRows(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (view.explain) return findings.flatMap((finding) => explainTree(finding, view.paint));
  const rows = isOneSubject || view.wide ? findings.map((finding): Row => ({ finding, ways: [finding.id] })) : bySubject(findings);
  return table(columnsFor(rows, isOneSubject, view), rows, !view.noHeaders, view.width);
}

/** A line of the table. */
interface Row {
  finding: Finding;
  ways: readonly string[];
}

/** One row a subject and outcome: by how many ways it comes about is told apart only where one subject is asked about. */
function bySubject(findings: readonly Finding[]): Row[] {
  const same = Map.groupBy(findings, ({ subject, verdict, leaning, spawn }) =>
    JSON.stringify([subject.kind, subject.namespace, subject.name, verdict, leaning, spawn?.strongest]),
  );
  return [...same.values()].flatMap((alike): Row[] => {
    const [finding] = alike;
    if (!finding?.spawn) return [];
    const places = alike.flatMap(({ spawn }) => spawn?.namespaces ?? []);
    const spawn = { ...finding.spawn, namespaces: alike.some((each) => each.spawn?.namespaces) ? [...new Set(places)] : null };
    return [{ finding: { ...finding, spawn }, ways: [...new Set(alike.map(({ id }) => id))] }];
  });
}

function columnsFor(rows: readonly Row[], isOneSubject: boolean, { wide, paint }: View): Column<Row>[] {
  const optional = (shown: boolean, column: Column<Row>): Column<Row>[] => (shown ? [column] : []);
  const places = ({ finding: { spawn } }: Row): readonly string[] | null => spawn?.namespaces ?? null;
  return [
    ...optional(!isOneSubject, { title: 'SUBJECT', value: ({ finding }) => subjectWord(finding.subject) }),
    { title: 'WAY', value: ({ ways }) => waysOf(ways, 2), brief: ({ ways }) => waysOf(ways, 1) },
    { title: 'STRONGEST', value: ({ finding: { spawn } }) => Printable.of(spawn?.strongest ?? spawn?.maybe ?? '<none>') },
    ...optional(wide || rows.some(({ finding }) => finding.verdict !== 'yes'), {
      title: 'VERDICT',
      value: ({ finding: { verdict, leaning } }) => paint(verdict, verdictWord(verdict, leaning)),
    }),
    { title: 'NAMESPACES', value: (row) => placesOf(places(row), wide), brief: (row) => placesOf(places(row), false, 1) },
    ...optional(wide, { title: 'ESCAPES', value: ({ finding: { spawn } }) => escapesOf(spawn?.escapes ?? []) }),
    {
      title: 'THROUGH',
      value: ({ finding }) => through(finding, (kind, name) => `${kind}/${name}`),
      brief: ({ finding }) => through(finding, (_, name) => name),
    },
    { title: 'SINCE', value: ({ finding }) => dayOf(finding) },
  ];
}

/** Where most privileges pass, how many. */
const escapesOf = (escapes: readonly string[]): Printable =>
  cell([...escapes.slice(0, 3), ...(escapes.length > 3 ? [`+${escapes.length - 3}`] : [])].join(',').replaceAll(' ', '-'));

/** `pod-create,workload-create,+2`. */
const waysOf = (ways: readonly string[], most: number): Printable =>
  cell([...ways.slice(0, most), ...(ways.length > most ? [`+${ways.length - most}`] : [])].join(','));

/** `ci`, `ci,dev,+3`; `<any>` for what is a matter of no namespace. */
function placesOf(namespaces: readonly string[] | null, all: boolean, most = 3): Printable {
  if (namespaces === null) return cell('<cluster>');
  const shown = all || namespaces.length <= most + 1 ? namespaces : [...namespaces.slice(0, most), `+${namespaces.length - most}`];
  return cell(shown.join(','));
}

function through(finding: Finding, word: (kind: string, name: string) => string): Printable {
  const [grant, ...others] = grantsOf(finding);
  if (!grant) return cell('');
  const more = others.length > 0 ? `,+${others.length}` : '';
  return cell(`${word(grant.binding.kind, grant.binding.name)}>${word(grant.role.kind, grant.role.name)}${more}`);
}

const dayOf = (finding: Finding): Printable => {
  const [grant] = grantsOf(finding);
  return grant ? day(grant.binding.created) : cell('');
};

/** What admission holds back: for one subject a line an outcome, by the way that comes furthest; else how many. */
function stoppedView(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (findings.length === 0) return [];
  if (view.explain)
    return [view.paint('heading', sentence`Held back by admission:`), ...findings.flatMap((finding) => explainTree(finding, view.paint))];
  const subjects = new Set(findings.map(({ subject }) => subjectWord(subject).text));
  const isListed = isOneSubject || view.wide;
  const heading = isOneSubject
    ? sentence`Held back by admission:`
    : sentence`Held back by admission: ${subjects.size} ${subjects.size === 1 ? 'subject' : 'subjects'}${isListed ? '' : ' (-o wide lists them)'}`;
  return [
    view.paint('heading', heading),
    ...(isListed ? furthest(findings).map(({ finding, namespaces }) => stoppedLine(finding, namespaces, isOneSubject, view)) : []),
  ];
}

/** Of each subject in each namespace the way that comes furthest, namespaces of the same way together: the others are held back as well. */
function furthest(findings: readonly Finding[]): { finding: Finding; namespaces: string[] | null }[] {
  const best = new Map<string, { finding: Finding; namespace: string | null }>();
  for (const finding of findings) {
    for (const namespace of finding.spawn?.namespaces ?? [null]) {
      const key = JSON.stringify([finding.subject, namespace]);
      const before = best.get(key)?.finding;
      if (!before || rank(finding) < rank(before)) best.set(key, { finding, namespace });
    }
  }
  const same = Map.groupBy(best.values(), ({ finding }) => finding);
  return [...same].map(([finding, places]) => ({
    finding,
    namespaces: finding.spawn?.namespaces ? places.flatMap(({ namespace }) => namespace ?? []) : null,
  }));
}

const rank = ({ spawn }: Finding): number => STRENGTHS.indexOf(spawn?.strongest ?? '') + (spawn?.strongest ? 0 : STRENGTHS.length + 1);

/** Weaker the later. */
const STRENGTHS = ['node root', 'host namespaces only', 'root in a container', 'restricted'];

const stoppedLine = (finding: Finding, namespaces: readonly string[] | null, isOneSubject: boolean, { wide }: View): Printable =>
  sentence`  ${isOneSubject ? '' : sentence`${subjectWord(finding.subject)}: `}${placesOf(namespaces, wide)}: ${finding.reason}`;

/** As whom such a pod may run is what it is usually made for. */
function accountsView(findings: readonly Finding[], view: View): Printable[] {
  const places = findings.flatMap(({ spawn }) => spawn?.accounts ?? []);
  const powerful = [...new Set(places.flatMap((each) => each.powerful))].map((name) => Printable.of(name));
  if (powerful.length === 0) return [];
  const start = sentence`Such pods may run as these accounts, which may do everything: `;
  return [sentence`${start}${listWithin(powerful, view.width - start.width)}`];
}

const openView = (findings: readonly Finding[], { paint }: View): Printable[] =>
  findings.map(
    ({ subject, reason, verdict, leaning }) =>
      sentence`${subjectWord(subject)}  ${paint(verdict, verdictWord(verdict, leaning))}: ${reason}`,
  );
