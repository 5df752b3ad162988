import type { Answer, Finding, WhatIf } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import { listWithin } from '../terminal/lists.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import { type Column, type Lines, table } from '../terminal/table.ts';
import { chainOf, isReached } from './chains.ts';
import { throughBriefly } from './columns.ts';
import type { QuestionView, View } from './view.ts';
import { ANSWERED } from './ways-in.ts';
import { holderWord, namespaceWord, subjectWord, verdictWord } from './words.ts';

/** `Supposed: with RoleBinding/shop/web, without Role/shop/ops`: the answer is about no cluster that there is. */
export function supposedLines({ whatIf }: Answer, { width, paint }: View): Printable[] {
  if (!whatIf) return [];
  const parts = [
    ...listed('with', whatIf.with, width),
    ...listed(whatIf.with.length > 0 ? 'and without' : 'without', whatIf.without, width),
  ];
  return sentence`Supposed: ${Printable.concat(parts)}`.wrapped(width, 2).map((line) => paint('heading', line));
}

function listed(word: string, objects: readonly string[], width: number): Printable[] {
  if (objects.length === 0) return [];
  const start = sentence`${word} `;
  const rest = Math.max(width, LEAST) - 'Supposed: '.length - start.width;
  return [
    start,
    listWithin(
      objects.map((each) => cell(each)),
      rest,
    ),
    Printable.of(word === 'with' ? ' ' : ''),
  ];
}

/** Room for a name or two. */
const LEAST = 60;

/** What comes and what goes, below the answer about the world as it would be. */
export function whatIfView(answer: Answer, view: View, question: QuestionView): Lines {
  const { whatIf } = answer;
  if (!whatIf) return [];
  const rows = rowsOf(whatIf, question.row === undefined, view);
  return [
    ...sentence`${view.paint('heading', sentence`What changes:`)} ${verdictChange(answer, whatIf, view, question)}`.wrapped(
      view.width,
      2,
    ),
    ...table(columnsFor(rows, view, question), rows.shown, false, view.width),
    ...(rows.folded > 0 ? [view.paint('faint', sentence`  ${foldedText(rows.folded)}`)] : []),
    ...heldLines('+', whatIf.held.added),
    ...heldLines('-', whatIf.held.removed),
    ...whatIf.facts.flatMap((fact) => factLine(fact).wrapped(view.width, 7)),
    ...whatIf.notes.flatMap((note) => sentence`  ${note}`.wrapped(view.width, 4)),
  ];
}

/** Who has the goal of `reach` from the beginning, and is no row. */
const heldLines = (sign: '+' | '-', held: WhatIf['held']['added']): Printable[] =>
  held.map((subject) => sentence`  ${sign}  ${subjectWord(subject)}  there already`);

const factLine = ({ what, before, after }: WhatIf['facts'][number]): Printable =>
  before === null || after === null
    ? sentence`  ${before === null ? '+' : '-'}  ${what}: ${after ?? before ?? ''}`
    : sentence`  ~  ${what}: ${before}, now ${after}`;

const foldedText = (folded: number): string =>
  `${count(folded, 'accepted or built-in row')} ${folded === 1 ? 'differs' : 'differ'} too (--show-system lists them)`;

function verdictChange(answer: Answer, whatIf: WhatIf, { paint }: View, { style }: QuestionView): Printable {
  const { before, noAnswerBefore, added, removed, changed, held, facts } = whatIf;
  const word = ({ verdict, leaning }: Pick<Answer, 'verdict' | 'leaning'>): Printable =>
    paint(style?.(verdict) ?? verdict, verdictWord(verdict, leaning));
  if (before === null) return sentence`there is no answer as it is (${noAnswerBefore ?? ''}), now ${word(answer)}`;
  if (before.verdict !== answer.verdict || before.leaning !== answer.leaning)
    return sentence`${word(before)} becomes ${word(answer)}`;
  const all = [added, removed, changed, held.added, held.removed, facts];
  const isSame = all.every(({ length }) => length === 0);
  if (!isSame) return sentence`the verdict stays ${word(answer)}`;
  return before.summary === answer.summary ? sentence`nothing` : sentence`before, ${before.summary}`;
}

interface Row {
  sign: '+' | '-' | '~';
  finding: Finding;
  /** The ways that differ alike for the same subject, by the same grant. */
  ways: string[];
  /** What it was before, where it only differs. */
  before: Finding | null;
}

function rowsOf(
  { added, removed, changed }: WhatIf,
  isOfSubjects: boolean,
  { showSystem }: View,
): { shown: Row[]; folded: number } {
  const all: Row[] = [
    ...added.map((finding): Row => ({ sign: '+', finding, before: null, ways: [wayOf(finding)] })),
    ...removed.map((finding): Row => ({ sign: '-', finding, before: null, ways: [wayOf(finding)] })),
    ...changed.map(({ before, after }): Row => ({ sign: '~', finding: after, before, ways: [wayOf(after)] })),
  ];
  const isFolded = ({ finding, before }: Row): boolean =>
    !showSystem && finding.accepted && (before === null || before.accepted);
  const shown = all.filter((row) => !isFolded(row));
  return { shown: isOfSubjects ? together(shown) : shown, folded: all.filter(isFolded).length };
}

const wayOf = ({ id }: Finding): string => (ANSWERED.get(id) ?? id).replaceAll(' ', '-');

/** One row for all ways that a grant opens or closes to a subject. */
function together(rows: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const { sign, finding, before } = row;
    const { subject, scope, verdict, leaning, direct } = finding;
    const was = before && [before.verdict, before.leaning];
    const key = JSON.stringify([sign, subject, scope, verdict, leaning, direct, was, byWords(finding).text]);
    const known = merged.get(key);
    merged.set(key, known ? { ...known, ways: [...new Set([...known.ways, ...row.ways])] } : row);
  }
  return [...merged.values()];
}

function columnsFor(
  { shown }: { shown: readonly Row[] },
  { paint }: View,
  { row, style }: QuestionView,
): Column<Row>[] {
  const verdict = ({ verdict: truth, leaning }: Finding): Printable =>
    paint(style?.(truth) ?? truth, verdictWord(truth, leaning));
  const ways = new Set(shown.flatMap((each) => each.ways));
  return [
    { title: '', value: ({ sign }) => sentence`  ${sign}` },
    { title: '', value: ({ finding }) => row?.(finding) ?? holderWord(finding) },
    ...(row === undefined && ways.size > 1 ? [{ title: '', worth: 3, value: (each: Row) => cell(waysOf(each)) }] : []),
    ...(shown.every(({ finding, before }) => finding.verdict === 'yes' && before === null) && style === undefined
      ? []
      : [
          {
            title: '',
            value: ({ finding, before }: Row) =>
              before === null || sameVerdict(before, finding)
                ? verdict(finding)
                : sentence`${verdict(before)}>${verdict(finding)}`,
          },
        ]),
    ...(row === undefined
      ? [{ title: '', worth: 2, value: ({ finding }: Row) => namespaceWord(finding.scope.namespace) }]
      : []),
    { title: '', prose: true, value: ({ finding }) => byWords(finding) },
  ];
}

const sameVerdict = (one: Finding, other: Finding): boolean =>
  one.verdict === other.verdict && one.leaning === other.leaning;

/** `exec,+2`. */
const waysOf = ({ ways: [first = '', ...others] }: Row): string =>
  `${first}${others.length > 0 ? `,+${others.length}` : ''}`;

/** The chain of who gets there by several steps; else the grant, or what the finding says. */
function byWords(finding: Finding): Printable {
  if (isReached(finding)) return chainOf(finding);
  const through = throughBriefly(finding) ?? Printable.of(finding.reason);
  const strongest = finding.spawn?.strongest ?? null;
  return strongest === null ? through : sentence`${strongest}: ${through}`;
}
