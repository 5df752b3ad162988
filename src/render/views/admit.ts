import type { Finding } from '../../answer/answer.ts';
import type { Violation } from '../../answer/facts/admit.ts';
import type { Leaning, Truth } from '../../answer/verdict.ts';
import { listWithin } from '../terminal/lists.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import { type Column, type Lines, tableLines } from '../terminal/table.ts';
import { drawTree } from '../terminal/tree.ts';
import { partition } from './findings.ts';
import { doneByTargets } from './overall.ts';
import type { QuestionView, View } from './view.ts';
import { LEANS } from './words.ts';

/** A gate, whose yes is what should be: all are admitted. There is one answer, whatever is asked about. */
export const admitView: QuestionView = {
  body: ({ findings }, view) => pods(findings, view),
  names: (answers) => answers.flatMap(({ findings }) => partition(findings).rows.map(objectWord)),
  next: () => null,
  several: doneByTargets('be admitted'),
  style: gateStyle,
  row: (finding) => objectWord(finding),
};

/** What becomes of each pod: the refused ones first; why not, in short, or with a line each. */
function pods(findings: readonly Finding[], view: View): Lines[] {
  const all = [...findings].sort((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  if (view.explain) return [all.flatMap((finding) => explained(finding, view))];
  return [tableLines(columnsFor(all, view), all, !view.noHeaders, view.width), laterView(all, view)];
}

/** Names the workloads that are accepted though their pods are refused: many people take the one for the other. */
function laterView(findings: readonly Finding[], { width, paint }: View): Printable[] {
  const later = findings.filter(({ refusedLater }) => refusedLater).map(objectWord);
  if (later.length === 0) return [];
  const start = sentence`Accepted all the same, but without pods: `;
  return [paint('faint', sentence`${start}${listWithin(later, width - start.width)}`)];
}

/** `deployment.apps/web`, as kubectl names it. */
const objectWord = ({ object: { kind, name } }: Finding): Printable => {
  const group = GROUPS.get(kind);
  return cell(`${kind.toLowerCase()}${group === undefined ? '' : `.${group}`}/${name}`);
};

/** `admitted`, `refused`, `depends`; where it leans, `probably` and `unlikely`. */
const admissionWord = (verdict: Truth, leaning: Leaning): Printable =>
  cell(leaning === null ? WORDS[verdict] : LEANS[leaning]);

function columnsFor(findings: readonly Finding[], { wide, paint }: View): Column<Finding>[] {
  const optional = (shown: boolean, column: Column<Finding>): Column<Finding>[] => (shown ? [column] : []);
  const places = new Set(findings.map(({ object }) => object.namespace));
  const left: Column<Finding>[] = [
    ...optional(places.size > 1 || (wide && !places.has(null)), {
      title: 'NAMESPACE',
      value: ({ object }) => cell(object.namespace ?? ''),
    }),
    { title: 'VERDICT', value: ({ verdict, leaning }) => paint(gateStyle(verdict), admissionWord(verdict, leaning)) },
    { title: 'OBJECT', value: objectWord },
    ...optional(wide, { title: 'FILE', value: ({ from }) => cell(from ?? '') }),
  ];
  return [...left, { title: 'WHY', value: wide ? ({ reason }) => sentence`${reason}` : inShort, prose: true }];
}

/** The reasons of what refuses it, the first of them. */
function inShort({ verdict, reason, unknowns, violations = [] }: Finding): Printable {
  if (verdict === 'yes') return Printable.of('');
  if (verdict === 'depends') return Printable.of(unknowns[0]?.what ?? reason);
  const reasons = [
    ...new Set(
      violations.map((each) => (each.check === 'validation' ? `invalid: ${problemWords(each)}` : each.reason)),
    ),
  ];
  const shown = reasons.slice(0, REASONS_SHOWN);
  const more = reasons.length > shown.length ? ` +${reasons.length - shown.length} more` : '';
  return Printable.of(reasons.length === 0 ? reason : `${shown.join(', ')}${more}`);
}

const REASONS_SHOWN = 4;

function explained(finding: Finding, view: View): Printable[] {
  const { paint } = view;
  const { object, verdict, leaning, reason, violations = [], unknowns, from } = finding;
  const place = object.namespace === null ? '' : sentence` in namespace ${object.namespace}`;
  const said = verdict === 'yes' || (verdict === 'no' && violations.length > 0) ? withoutDetails(finding) : reason;
  return drawTree(
    {
      line: sentence`${paint('heading', objectWord(finding))}  ${paint(gateStyle(verdict), admissionWord(verdict, leaning))}${place}${from === undefined ? '' : ` (${from})`}${said === '' ? '' : `: ${said}`}`,
      children: [
        ...violations.map((each) => ({ line: violationLine(each), children: [] })),
        ...unknowns.map(({ what, why }) => ({ line: sentence`not known: ${what}: ${why}`, children: [] })),
      ],
    },
    view,
  );
}

/** The field as it is in a pod: where a workload has it, its author knows. */
const problemWords = ({ reason, detail }: Violation): string => `${reason.replace(/^.*\btemplate\./, '')}: ${detail}`;

const violationLine = ({ check, reason, detail }: Violation): Printable =>
  check === 'validation'
    ? sentence`${reason}: ${detail}`
    : sentence`${check}: ${reason}${detail === '' ? '' : ` (${detail})`}`;

/** The details follow, a line each. */
const withoutDetails = ({ reason }: Finding): string =>
  reason.replace(/(violates PodSecurity "[^"]*"|invalid before admission): .*$/s, '$1');

/** The colour of a verdict where yes is what should be. */
function gateStyle(verdict: Truth): Truth {
  return verdict === 'yes' ? 'no' : verdict === 'no' ? 'yes' : verdict;
}

const WORST_FIRST: readonly Truth[] = ['no', 'depends', 'yes'];
const WORDS: Readonly<Record<Truth, string>> = { yes: 'admitted', no: 'refused', depends: 'depends' };
const GROUPS: ReadonlyMap<string, string> = new Map([
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => [kind, 'apps'] as const),
  ...['Job', 'CronJob'].map((kind) => [kind, 'batch'] as const),
]);
