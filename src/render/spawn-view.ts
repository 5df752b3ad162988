import type { Finding } from '../answer/answer.ts';
import { cell, Printable, sentence } from './escape.ts';
import { explainTree } from './explain.ts';
import { acceptedView, nearMissView, partition, type View } from './findings.ts';
import { listWithin } from './lists.ts';
import { type Column, table } from './table.ts';
import { day, grantsOf, subjectWord, verdictWord } from './words.ts';

/** What pods subjects can get onto the cluster: a row a way and outcome, what holds the others back, and as whom such pods may run. */
export function spawnView(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[][] {
  const ways = findings.filter(({ spawn }) => spawn);
  const { rows, accepted } = partition(ways);
  const stopped = ways.filter(({ verdict }) => verdict === 'no');
  return [
    wayRows(rows, isOneSubject, view),
    stoppedView(stopped, isOneSubject, view),
    accountsView(rows, view),
    acceptedView(accepted, view),
    nearMissView(
      findings.filter(({ spawn, verdict }) => !spawn && verdict === 'no'),
      view,
    ),
    openView(
      findings.filter(({ spawn, verdict }) => !spawn && verdict !== 'no'),
      view,
    ),
  ];
}

function wayRows(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (view.explain) return findings.flatMap((finding) => explainTree(finding, view.paint));
  return table(columnsFor(findings, isOneSubject, view), findings, !view.noHeaders, view.width);
}

function columnsFor(findings: readonly Finding[], isOneSubject: boolean, { wide, paint }: View): Column<Finding>[] {
  const optional = (shown: boolean, column: Column<Finding>): Column<Finding>[] => (shown ? [column] : []);
  return [
    ...optional(!isOneSubject, { title: 'SUBJECT', value: ({ subject }) => subjectWord(subject) }),
    { title: 'WAY', value: ({ id }) => cell(id) },
    { title: 'STRONGEST', value: ({ spawn }) => Printable.of(spawn?.strongest ?? '<none>') },
    ...optional(wide || findings.some(({ verdict }) => verdict !== 'yes'), {
      title: 'VERDICT',
      value: ({ verdict, leaning }) => paint(verdict, verdictWord(verdict, leaning)),
    }),
    {
      title: 'NAMESPACES',
      value: ({ spawn }) => placesOf(spawn?.namespaces ?? null, wide),
      brief: ({ spawn }) => placesOf(spawn?.namespaces ?? null, false, 1),
    },
    ...optional(wide, { title: 'ESCAPES', value: ({ spawn }) => cell((spawn?.escapes ?? []).join(',').replaceAll(' ', '-')) }),
    {
      title: 'THROUGH',
      value: (finding) => through(finding, (kind, name) => `${kind}/${name}`),
      brief: (finding) => through(finding, (_, name) => name),
    },
    { title: 'SINCE', value: (finding) => dayOf(finding) },
  ];
}

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

/** What admission holds back: for one subject a line an outcome, else how many. */
function stoppedView(findings: readonly Finding[], isOneSubject: boolean, view: View): Printable[] {
  if (findings.length === 0) return [];
  const shown = isOneSubject || view.explain || view.wide ? findings : [];
  const lines = shown.flatMap((finding) => {
    const who = isOneSubject ? '' : sentence`${subjectWord(finding.subject)}: `;
    const where = finding.spawn?.namespaces;
    const place = where && where.length > 0 ? sentence` [${placesOf(where, view.wide)}]` : '';
    return [sentence`  ${who}${finding.reason}${place}`, ...(view.explain ? explainTree(finding, view.paint).slice(1) : [])];
  });
  const subjects = new Set(findings.map(({ subject }) => subjectWord(subject).text));
  const heading = isOneSubject
    ? sentence`Held back by admission:`
    : sentence`Held back by admission: ${subjects.size} ${subjects.size === 1 ? 'subject' : 'subjects'}${shown.length === 0 ? ' (-o wide lists them)' : ''}`;
  return [view.paint('heading', heading), ...lines];
}

/** As whom such a pod may run is what it is usually made for. */
function accountsView(findings: readonly Finding[], view: View): Printable[] {
  const places = findings.flatMap(({ spawn }) => spawn?.accounts ?? []);
  const powerful = [...new Set(places.flatMap((each) => each.powerful))].map((name) => Printable.of(name));
  if (powerful.length === 0) return [];
  const start = sentence`Such pods may run as any account of their namespace; of those these may do everything: `;
  return [sentence`${start}${listWithin(powerful, view.width - start.width)}`];
}

const openView = (findings: readonly Finding[], { paint }: View): Printable[] =>
  findings.map(
    ({ subject, reason, verdict, leaning }) =>
      sentence`${subjectWord(subject)}  ${paint(verdict, verdictWord(verdict, leaning))}: ${reason}`,
  );
