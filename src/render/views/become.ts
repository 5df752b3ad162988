import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import { listWithin } from '../terminal/lists.ts';
import { cell, type Printable, sentence, Printable as Text } from '../terminal/printable.ts';
import { type Column, type Lines, table } from '../terminal/table.ts';
import { chainOf, isReached } from './chains.ts';
import { explainTree } from './explain.ts';
import { partition } from './findings.ts';
import { fixView } from './fix.ts';
import { rightLines } from './right-lines.ts';
import type { QuestionView, View } from './view.ts';
import { ACCOUNT_RIGHT, ACCOUNT_RULE } from './ways-in.ts';
import { gainWord, verdictWord } from './words.ts';

/** What somebody can come to control, and what they may do themselves. */
export const becomeView: QuestionView = {
  body: (answer, view) => (answer.goal ? goalBody(answer, view) : allBody(answer, view)),
  names: (answers) => [
    ...new Map(
      answers
        .flatMap(({ findings }) => partition(findings).rows)
        .filter(isReached)
        .map(({ object }) => [gainWord(object).text, gainWord(object)]),
    ).values(),
  ],
  next: nextQuestion,
  several: ({ sure, open, all }) => `${sure} of ${all} can be reached${open > 0 ? `, and ${open} perhaps` : ''}`,
  targets: 'goal',
  row: (finding) => (isReached(finding) ? gainWord(finding.object) : Text.of(finding.reason)),
};

/** The proof of the worst that can be reached. */
function nextQuestion({ question, target, findings, goal }: Answer, explain: boolean): string[] | null {
  if (explain || target === null) return null;
  const worst = findings.find((finding) => isReached(finding) && !finding.accepted && finding.verdict !== 'no');
  if (!worst || (worst.id === 'cluster-admin-held' && worst.steps === 1)) return null;
  const { namespace, name } = target;
  const start = [question, ...(question === 'me' ? [] : [name]), ...(namespace === null ? [] : ['-n', namespace])];
  return [...start, '--to', goal ? goalText(goal) : goalText(worst.object), '--explain'];
}

/** A goal as the command line takes it. */
export function goalText({ kind, namespace, name }: Pick<Finding['object'], 'kind' | 'namespace' | 'name'>): string {
  if (kind === 'Cluster') return 'cluster-admin';
  return [GOALS[kind] ?? kind.toLowerCase(), ...(namespace === null ? [] : [namespace]), name].join('/');
}

const GOALS: Readonly<Record<string, string>> = { ServiceAccount: 'sa' };

/** With a goal: its proof, or what is missing. */
function goalBody({ findings, nearMisses }: Answer, view: View): Lines[] {
  const reached = findings.filter(isReached);
  return [
    reached.flatMap((finding) => explainTree(finding, view)),
    view.explain ? fixView(reached, view) : [],
    nearMisses.length === 0
      ? []
      : [
          view.paint('heading', sentence`What is missing, the least first:`),
          ...nearMisses.map(({ id, reason }) => sentence`  ${id}: ${reason}`),
        ],
  ];
}

function allBody(answer: Answer, view: View): Lines[] {
  const { findings, nearMisses } = answer;
  const reached = findings.filter((finding) => isReached(finding));
  const { rows } = partition(reached);
  const isRight = ({ id }: Finding): boolean => id === ACCOUNT_RIGHT || id === ACCOUNT_RULE;
  const rights = [...findings, ...nearMisses].filter(isRight);
  const hasIdentity = answer.subject !== undefined;
  return [
    hasIdentity
      ? [
          view.paint('heading', sentence`What it may do itself:`),
          ...rightLines(rights, answer.unknowns.length > 0, view),
        ]
      : [],
    view.explain ? rows.flatMap((finding) => explainTree(finding, view)) : reachedTable(rows, view),
  ];
}

interface Row {
  finding: Finding;
}

/** A line a position; of many alike the first few, and how many more. */
function reachedTable(findings: readonly Finding[], view: View): Printable[] {
  if (findings.length === 0) return [];
  const byKind = Map.groupBy(findings, ({ object, verdict }) => `${verdict} ${object.kind}`);
  const most = view.wide ? Number.POSITIVE_INFINITY : MOST;
  const shown = [...byKind.values()].flatMap((alike) => (alike.length > most + 1 ? alike.slice(0, most) : alike));
  const rest = [...byKind.values()].flatMap((alike) => (alike.length > most + 1 ? [alike.slice(most)] : []));
  const isOpen = shown.some(({ verdict }) => verdict !== 'yes');
  const columns: Column<Row>[] = [
    { title: 'BECOMES', value: ({ finding }) => gainWord(finding.object) },
    ...(isOpen
      ? [
          {
            title: 'VERDICT',
            value: ({ finding: { verdict, leaning } }: Row) => view.paint(verdict, verdictWord(verdict, leaning)),
          },
        ]
      : []),
    { title: 'STEPS', value: ({ finding }) => cell(`${finding.steps ?? 0}`) },
    view.wide
      ? { title: 'HOW', value: ({ finding }) => Text.of(finding.reason), prose: true }
      : { title: 'BY', value: ({ finding }) => chainOf(finding), prose: true },
  ];
  return [
    ...table(
      columns,
      shown.map((finding) => ({ finding })),
      !view.noHeaders,
      view.width,
    ),
    ...rest.map((alike) => restLine(alike, view)),
  ];
}

/** What one kind shows of itself: the rest is counted, and named as far as a line holds it. */
const MOST = 5;

function restLine(alike: readonly Finding[], { width, paint }: View): Printable {
  const [first] = alike;
  const start = sentence`and ${count(alike.length, `more ${KIND_WORDS[first?.object.kind ?? ''] ?? 'position'}`)} (-o wide lists them): `;
  return paint(
    'faint',
    sentence`${start}${listWithin(
      alike.map(({ object }) => gainWord(object)),
      width - start.width,
    )}`,
  );
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  Node: 'node',
  Namespace: 'namespace',
  ServiceAccount: 'service account',
  User: 'user',
  Group: 'group',
  Pod: 'pod',
  Secret: 'Secret',
};
