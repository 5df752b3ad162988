import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import { latest } from '../../answer/latest.ts';
import type { GrantRef, SubjectRef } from '../../answer/refs.ts';
import { asVerdict, likelihoodOf } from '../../answer/verdict.ts';
import { listWithin } from '../terminal/lists.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import { type Column, type Lines, table } from '../terminal/table.ts';
import { isReached } from './chains.ts';
import { explainTree } from './explain.ts';
import { acceptedView, indirectView, nearMissView, partition } from './findings.ts';
import { fixView } from './fix.ts';
import { podWords } from './holders.ts';
import { holderNames } from './names.ts';
import { doneByTargets } from './overall.ts';
import type { QuestionView, View } from './view.ts';
import { ageWord, changeWord, grantsOf, holderWord, subjectWord, verdictWord, worthOfChange } from './words.ts';

/** Who can get a pod onto the cluster that reaches the node: its targets are subjects, or pods that stand for them. */
export const privilegedView: QuestionView = {
  body: (answer, view) => spawnView(answer, answer.target !== null, view),
  names: (answers, showSystem) =>
    holderNames(
      answers.flatMap(({ findings }) => findings),
      showSystem,
    ),
  next: nextQuestion,
  several: doneByTargets('get a pod onto the cluster that reaches the node'),
  targets: 'subject',
};

/** After a pod, its card; after everybody, the proof of one subject. */
function nextQuestion({ target, findings }: Answer, explain: boolean): string[] | null {
  if (target?.kind === 'Pod') return ['pod', ...podWords(target)];
  if (explain && target !== null) return null;
  const found = findings.find(
    (each) => (each.spawn || isReached(each)) && !each.accepted && (target !== null || each.verdict !== 'no'),
  );
  return found ? ['privileged', ...subjectWords(found.subject), '--explain'] : null;
}

/** A subject as the question takes it: `sa/builder -n ci`. */
const subjectWords = ({ kind, namespace, name }: SubjectRef): string[] =>
  kind === 'ServiceAccount'
    ? [`sa/${name}`, ...(namespace === null ? [] : ['-n', namespace])]
    : [`${kind.toLowerCase()}/${name}`];

/**
 * What pods subjects can get onto the cluster: a row a way and outcome, what holds the others back, and as whom such
 * pods may run.
 */
function spawnView(
  { findings, nearMisses }: Pick<Answer, 'findings' | 'nearMisses'>,
  isOneSubject: boolean,
  view: View,
): Lines[] {
  const ways = findings.filter(({ spawn }) => spawn);
  const { rows, accepted } = partition(ways);
  // Who gets there by another way is not held back, and of whom Kubernetes itself made nobody asks.
  const getting = new Set(
    rows.filter(({ verdict }) => verdict !== 'no').map(({ subject }) => subjectWord(subject).text),
  );
  const isTold = ({ subject, accepted: isMeant }: Finding): boolean =>
    isOneSubject || (!getting.has(subjectWord(subject).text) && (view.showSystem || !isMeant));
  const stopped = ways.filter((finding) => finding.verdict === 'no' && isTold(finding));
  return [
    wayRows(rows, isOneSubject, view),
    stoppedView(stopped, isOneSubject, view),
    accountsView(rows, view),
    acceptedView(accepted, view),
    indirectView(findings.filter(isReached), view),
    nearMissView([...findings.filter(({ spawn, verdict }) => !spawn && verdict === 'no'), ...nearMisses], view),
    openView(
      findings.filter((each) => !each.spawn && each.verdict !== 'no' && !isReached(each)),
      view,
    ),
    view.explain ? fixView(rows, view) : [],
  ];
}

function wayRows(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (view.explain) return findings.flatMap((finding) => explainTree(finding, view));
  const rows = view.wide ? findings.map((finding) => rowOf([finding])) : together(findings, isOneSubject);
  return [...table(columnsFor(rows, isOneSubject, view), rows, !view.noHeaders, view.width), ...openPlaces(rows, view)];
}

/** A line of the table. */
interface WayRow {
  /** The strongest, for sure if any is. */
  finding: Finding;
  ways: readonly string[];
  /** The namespaces in which that is so; null if it does not depend on a namespace. */
  namespaces: readonly string[] | null;
  /** The namespaces in which only something weaker is possible. */
  weaker: readonly string[];
  /** The namespaces in which it depends; empty in a row that depends as a whole. */
  open: readonly string[];
  /** What it depends on there. */
  hinges: readonly string[];
}

/**
 * One row a subject; where one subject is asked about, one a way. Where it is sure, where less is, and where it depends
 * stand in the same row.
 */
function together(findings: readonly Finding[], isOneSubject: boolean): WayRow[] {
  const same = Map.groupBy(findings, (finding) => {
    const { kind, namespace, name } = finding.subject;
    return JSON.stringify([
      kind,
      namespace,
      name,
      ...(isOneSubject ? [finding.id, through(finding, (_, each) => each).text] : []),
    ]);
  });
  return [...same.values()].map(rowOf);
}

function rowOf(alike: readonly Finding[]): WayRow {
  const [best, ...others] = alike.toSorted((a, b) => weight(a) - weight(b));
  if (!best) throw new Error('a row of nothing');
  const isBest = (finding: Finding): boolean => weight(finding) === weight(best);
  const same = [best, ...others.filter(isBest)];
  const namespaces = same.some(({ spawn }) => spawn?.namespaces) ? placesIn(same) : null;
  const sure = others.filter((finding) => !isBest(finding) && finding.verdict === best.verdict);
  const open = others.filter((finding) => !isBest(finding) && finding.verdict !== best.verdict);
  const weaker = without(placesIn(sure), namespaces ?? []);
  const left = without(placesIn(open), [...(namespaces ?? []), ...weaker]);
  const places = new Set(left);
  const hinging = open.filter(({ spawn }) => spawn?.namespaces?.some((each) => places.has(each)));
  return {
    finding: best,
    ways: [...new Set(alike.map(({ id }) => id))],
    ...{ namespaces, weaker, open: left },
    hinges: [...new Set(hinging.flatMap(({ unknowns }) => unknowns.map(({ what }) => what)))],
  };
}

/** The likelier first, then the stronger; alike where both are. */
const weight = (finding: Finding): number => {
  const { verdict, spawn } = finding;
  const strength = (verdict === 'yes' ? spawn?.strongest : (spawn?.maybe ?? spawn?.strongest)) ?? '';
  return STRENGTHS.indexOf(strength) - 10 * likelihoodOf(asVerdict(finding));
};

const placesIn = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.flatMap(({ spawn }) => spawn?.namespaces ?? [])),
];

function without(places: readonly string[], known: readonly string[]): string[] {
  const left = new Set(known);
  return places.filter((each) => !left.has(each));
}

/** `24 more namespaces depend on webhook x`: what the rows only count, once for all of them. */
function openPlaces(rows: readonly WayRow[], { width }: View): Printable[] {
  const byHinge = Map.groupBy(
    rows.filter(({ open }) => open.length > 0),
    ({ hinges }) => JSON.stringify(hinges),
  );
  return [...byHinge.values()].flatMap((alike) => {
    const places = [...new Set(alike.flatMap(({ open }) => open))];
    const names = (alike[0]?.hinges ?? []).map((each) => Printable.of(each));
    const start = sentence`${count(places.length, 'more namespace', 'depend')} on `;
    return [sentence`${start}${listWithin(names, width - start.width)}`];
  });
}

function columnsFor(rows: readonly WayRow[], isOneSubject: boolean, { wide, paint, now }: View): Column<WayRow>[] {
  const optional = (shown: boolean, column: Column<WayRow>): Column<WayRow>[] => (shown ? [column] : []);
  return [
    ...optional(!isOneSubject, { title: 'SUBJECT', value: ({ finding }) => holderWord(finding) }),
    { title: 'WAY', value: ({ ways }) => waysOf(ways, 2), brief: ({ ways }) => waysOf(ways, 1) },
    {
      title: 'STRONGEST',
      value: ({ finding: { spawn } }) => Printable.of(spawn?.strongest ?? spawn?.maybe ?? '<none>'),
    },
    ...optional(wide || rows.some(({ finding }) => finding.verdict !== 'yes'), {
      title: 'VERDICT',
      value: ({ finding: { verdict, leaning } }) => paint(verdict, verdictWord(verdict, leaning)),
    }),
    { title: 'NAMESPACES', value: (row) => placesOfRow(row, wide), brief: (row) => placesOfRow(row, false, 1) },
    ...optional(wide, { title: 'ESCAPES', value: ({ finding: { spawn } }) => escapesOf(spawn?.escapes ?? []) }),
    {
      title: 'THROUGH',
      worth: 4,
      value: ({ finding }) => through(finding, (kind, name) => `${kind}/${name}`),
      brief: ({ finding }) => through(finding, (_, name) => name),
    },
    { title: 'AGE', worth: 1, value: ({ finding }) => ageOf(finding, (grant) => ageWord(grant.binding.created, now)) },
    {
      title: 'CHANGED',
      worth: worthOfChange(
        rows.map(({ finding }) => grantsOf(finding)[0]),
        now,
      ),
      value: ({ finding }) => ageOf(finding, (grant) => changeWord(latest(grant), now)),
    },
  ];
}

/** The first three privileges that pass, and how many more do. */
const escapesOf = (escapes: readonly string[]): Printable =>
  cell(
    [...escapes.slice(0, 3), ...(escapes.length > 3 ? [`+${escapes.length - 3}`] : [])].join(',').replaceAll(' ', '-'),
  );

/** `pod-create,workload-create,+2`. */
const waysOf = (ways: readonly string[], most: number): Printable =>
  cell([...ways.slice(0, most), ...(ways.length > most ? [`+${ways.length - most}`] : [])].join(','));

/** `ci`, `ci,dev,+3`; `<any>` for what is a matter of no namespace. */
function placesOf(namespaces: readonly string[] | null, all: boolean, most = 3): Printable {
  if (namespaces === null) return cell('<cluster>');
  const shown =
    all || namespaces.length <= most + 1 ? namespaces : [...namespaces.slice(0, most), `+${namespaces.length - most}`];
  return cell(shown.join(','));
}

/** `ci,dev (+3 weaker, +24 depend)`. */
function placesOfRow({ namespaces, weaker, open }: WayRow, all: boolean, most?: number): Printable {
  const others = [
    ...(weaker.length > 0 ? [`+${weaker.length} weaker`] : []),
    ...(open.length > 0 ? [`+${open.length} depend`] : []),
  ];
  const places = placesOf(namespaces, all, most);
  return others.length === 0 ? places : sentence`${places} (${others.join(', ')})`;
}

function through(finding: Finding, word: (kind: string, name: string) => string): Printable {
  const [grant, ...others] = grantsOf(finding);
  if (!grant) return cell('');
  const more = others.length > 0 ? `,+${others.length}` : '';
  return cell(`${word(grant.binding.kind, grant.binding.name)}>${word(grant.role.kind, grant.role.name)}${more}`);
}

function ageOf(finding: Finding, word: (grant: GrantRef) => Printable): Printable {
  const [grant] = grantsOf(finding);
  return grant ? word(grant) : cell('');
}

/** What admission holds back: for one subject a line an outcome, by the way that comes furthest; else how many. */
function stoppedView(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (findings.length === 0) return [];
  if (view.explain)
    return [
      view.paint('heading', sentence`Held back by admission:`),
      ...findings.flatMap((finding) => explainTree(finding, view)),
    ];
  const subjects = new Set(findings.map(({ subject }) => subjectWord(subject).text));
  const isListed = isOneSubject || view.wide;
  const heading = isOneSubject
    ? sentence`Held back by admission:`
    : sentence`Held back by admission: ${count(subjects.size, 'subject')}${isListed ? '' : ' (-o wide lists them)'}`;
  return [
    view.paint('heading', heading),
    ...(isListed
      ? furthest(findings).map(({ finding, namespaces }) => stoppedLine(finding, namespaces, isOneSubject, view))
      : []),
  ];
}

/**
 * The way of each subject that gets furthest in each namespace, namespaces of the same way together: the others are
 * held back as well.
 */
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

const rank = ({ spawn }: Finding): number =>
  STRENGTHS.indexOf(spawn?.strongest ?? '') + (spawn?.strongest ? 0 : STRENGTHS.length + 1);

/** Weaker the later. */
const STRENGTHS = ['node root', 'host namespaces only', 'root in a container', 'restricted'];

const stoppedLine = (
  finding: Finding,
  namespaces: readonly string[] | null,
  isOneSubject: boolean,
  { wide }: View,
): Printable =>
  sentence`  ${isOneSubject ? '' : sentence`${subjectWord(finding.subject)}: `}${placesOf(namespaces, wide)}: ${finding.reason}`;

/** The powerful accounts that such a pod can use: an attacker makes it for these more often than for the node. */
function accountsView(findings: readonly Finding[], view: View): Printable[] {
  const places = findings.flatMap(({ spawn }) => spawn?.accounts ?? []);
  const powerful = [...new Set(places.flatMap((each) => each.powerful))].map((name) => Printable.of(name));
  if (powerful.length === 0) return [];
  const start = sentence`Such pods can use these accounts, which are cluster-admin: `;
  return [sentence`${start}${listWithin(powerful, view.width - start.width)}`];
}

const openView = (findings: readonly Finding[], { paint }: View): Printable[] =>
  findings.map(
    ({ subject, reason, verdict, leaning }) =>
      sentence`${subjectWord(subject)}  ${paint(verdict, verdictWord(verdict, leaning))}: ${reason}`,
  );
