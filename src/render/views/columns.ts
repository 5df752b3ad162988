import type { Finding } from '../../answer/answer.ts';
import { latest } from '../../answer/latest.ts';
import type { GrantRef, ObjectRef, SubjectRef } from '../../answer/refs.ts';
import type { Paint } from '../terminal/paint.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import type { Column } from '../terminal/table.ts';
import { ANSWERED } from './ways-in.ts';
import {
  ageWord,
  changeWord,
  day,
  grantsOf,
  holderWord,
  namespaceWord,
  subjectWord,
  verdictWord,
  worthOfChange,
} from './words.ts';

/** A line of the table: a finding, and the grant that is shown for it. */
export interface TableRow {
  finding: Finding;
  grant: GrantRef | undefined;
  /** How many grants are not shown. */
  others: number;
  /** The ways that one and the same grant opens to the subject. */
  ways: string[];
}

export interface TableOptions {
  wide: boolean;
  /** The namespace comes first, as kubectl has it under `-A`. */
  allNamespaces: boolean;
  paint: Paint;
  /** When the cluster was read. */
  now: string;
}

/**
 * One row a finding with the grant that its scope comes from, ways by the same grant together; `wide` shows every grant
 * and way in a row of its own.
 */
export function rowsOf(findings: readonly Finding[], wide: boolean): TableRow[] {
  const known = new Map(findings.map(({ id }) => [id, [ANSWERED.get(id) ?? id]]));
  const rows = findings.flatMap((finding): TableRow[] => {
    const grants = grantsOf(finding);
    const ways = known.get(finding.id) ?? [];
    if (wide && grants.length > 0) return grants.map((grant) => ({ finding, grant, others: 0, ways }));
    const grant = grants.find(({ binding }) => binding.namespace === finding.scope.namespace) ?? grants[0];
    return [{ finding, grant, others: grants.length - 1, ways }];
  });
  return known.size < 2 ? rows : together(rows);
}

function together(rows: readonly TableRow[]): TableRow[] {
  const merged = new Map<string, TableRow>();
  for (const row of rows) {
    const { subject, verdict, leaning, direct, scope } = row.finding;
    const key = JSON.stringify([
      subject.kind,
      subject.namespace,
      subject.name,
      verdict,
      leaning,
      direct,
      scope,
      row.grant?.binding,
      row.grant?.role,
      row.grant?.rule,
      row.others,
    ]);
    const before = merged.get(key);
    merged.set(key, before ? { ...before, ways: [...new Set([...before.ways, ...row.ways])] } : row);
  }
  return [...merged.values()];
}

/**
 * The columns that these rows need: what all of them have in common is left out, unless `wide` asks for it.
 * Where the table is too wide, bindings and roles go without their kinds: the scope tells them.
 */
export function columnsFor(
  rows: readonly TableRow[],
  { wide, allNamespaces, paint, now }: TableOptions,
): Column<TableRow>[] {
  const some = (has: (finding: Finding) => boolean): boolean => rows.some(({ finding }) => has(finding));
  const ways = new Set(rows.flatMap((row) => row.ways));
  const optional = (shown: boolean, column: Column<TableRow>): Column<TableRow>[] => (shown ? [column] : []);
  const namespace: Column<TableRow> = {
    title: 'NAMESPACE',
    value: ({ finding }) => namespaceWord(finding.scope.namespace),
  };
  return [
    ...optional(allNamespaces, namespace),
    {
      title: 'SUBJECT',
      value: ({ finding }) =>
        holderWord(finding, wide ? subjectWord(finding.subject) : subjectWithMembers(finding.subject)),
    },
    ...optional(wide, MEMBERS),
    ...optional(wide || ways.size > 1, {
      title: 'WAY',
      value: (row) => cell(row.ways.join(',')),
      brief: (row) => cell(waysOf(row)),
    }),
    ...optional(wide || some(({ verdict, direct }) => verdict !== 'yes' || !direct), {
      title: 'VERDICT',
      value: ({ finding }) => paint(finding.verdict, verdictOf(finding)),
    }),
    ...optional(
      some(({ onlyBy }) => onlyBy !== undefined),
      ONLY_BY,
    ),
    ...(allNamespaces ? optional(wide || some(({ scope }) => scope.names !== null), NAMES) : [scopeColumn(wide)]),
    ...(wide ? WIDE : [THROUGH, ...agesOf(rows, now)]),
  ];
}

/**
 * How old the binding is, and when it or its role was last changed: a new subject in an old binding has it since then.
 */
const agesOf = (rows: readonly TableRow[], now: string): Column<TableRow>[] => [
  { title: 'AGE', worth: 1, value: ({ grant }) => (grant ? ageWord(grant.binding.created, now) : NONE) },
  {
    title: 'CHANGED',
    worth: worthOfChange(
      rows.map(({ grant }) => grant),
      now,
    ),
    value: ({ grant }) => (grant ? changeWord(latest(grant), now) : NONE),
  },
];

/** `exec,+1`. */
const waysOf = ({ ways: [first = '', ...others] }: TableRow): string =>
  `${first}${others.length > 0 ? `,+${others.length}` : ''}`;

const MEMBERS: Column<TableRow> = {
  title: 'MEMBERS',
  value: ({ finding: { subject } }) =>
    cell(subject.members?.toString() ?? (subject.kind === 'Group' ? '<unknown>' : '')),
};

/** `Group/system:serviceaccounts:ci(12)`. */
const subjectWithMembers = (subject: SubjectRef): Printable =>
  subject.members === null ? subjectWord(subject) : sentence`${subjectWord(subject)}(${subject.members})`;

/** How a right is held that is held only by some of the requests that make use of it. */
const ONLY_BY: Column<TableRow> = {
  title: 'ONLY-BY',
  value: ({ finding }) => cell(finding.onlyBy?.map((each) => each.replaceAll(' ', '-')).join() ?? ''),
};

const NAMES: Column<TableRow> = {
  title: 'NAMES',
  value: ({ finding }) => namesOf(finding, Infinity),
  brief: ({ finding }) => namesOf(finding, 1),
};

const scopeColumn = (wide: boolean): Column<TableRow> => ({
  title: 'SCOPE',
  value: ({ finding }) => scopeWord(finding, wide ? Infinity : 3),
  brief: ({ finding }) => scopeWord(finding, 1),
});

function scopeWord(finding: Finding, most: number): Printable {
  const where = namespaceWord(finding.scope.namespace);
  return finding.scope.names === null ? where : sentence`${where}:names=${namesOf(finding, most)}`;
}

const THROUGH: Column<TableRow> = {
  title: 'THROUGH',
  worth: 4,
  value: (row) => through(row, ({ binding, role }) => `${binding.kind}/${binding.name}>${role.kind}/${role.name}`),
  // Many a role is called as its binding is.
  brief: (row) =>
    through(row, ({ binding, role }) => (binding.name === role.name ? role.name : `${binding.name}>${role.name}`)),
};

/** The grant of a finding in short: `jane-migration>cluster-admin`; null where it rests on none. */
export function throughBriefly(finding: Finding): Printable | null {
  const [row] = rowsOf([finding], false);
  return row?.grant ? (THROUGH.brief?.(row) ?? null) : null;
}

/** Every column of `wide` besides the common ones. ALLOWS comes last, since it alone may hold spaces. */
const WIDE: Column<TableRow>[] = [
  { title: 'BINDING', value: ({ grant }) => wordOf(grant?.binding) },
  { title: 'CREATED', value: ({ grant }) => dayOf(grant?.binding, 'created') },
  { title: 'CHANGED', value: ({ grant }) => dayOf(grant?.binding, 'changed') },
  { title: 'MANAGER', value: ({ grant }) => cell(grant ? (grant.binding.manager ?? '<unknown>') : '') },
  { title: 'ROLE', value: ({ grant }) => wordOf(grant?.role) },
  { title: 'RULE', value: ({ grant }) => cell(grant ? (grant.rule?.toString() ?? '<unknown>') : '') },
  { title: 'ROLE-CREATED', value: ({ grant }) => dayOf(grant?.role, 'created') },
  { title: 'ROLE-CHANGED', value: ({ grant }) => dayOf(grant?.role, 'changed') },
  { title: 'ROLE-MANAGER', value: ({ grant }) => cell(grant ? (grant.role.manager ?? '<unknown>') : '') },
  { title: 'ALLOWS', value: ({ grant }) => (grant ? Printable.of(grant.allows ?? '<unknown>') : NONE) },
];

const NONE = cell('');

const verdictOf = ({ verdict, leaning, direct }: Finding): Printable =>
  sentence`${verdictWord(verdict, leaning)}${direct ? '' : ',indirect'}`;

/** `a,b,+3`: some of them, or all. */
function namesOf({ scope: { names } }: Finding, most: number): Printable {
  const shown = names === null || names.length <= most ? names : [...names.slice(0, most), `+${names.length - most}`];
  return cell(shown?.join(',') ?? '');
}

const wordOf = (object: ObjectRef | undefined): Printable => cell(object ? `${object.kind}/${object.name}` : '');
const dayOf = (object: ObjectRef | undefined, date: 'created' | 'changed'): Printable =>
  object ? day(object[date]) : NONE;

const through = ({ grant, others }: TableRow, path: (grant: GrantRef) => string): Printable =>
  grant ? cell(`${path(grant)}${others > 0 ? `,+${others}` : ''}`) : NONE;
