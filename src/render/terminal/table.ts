import { maxOf } from '../../answer/many.ts';
import { Printable, sentence } from './printable.ts';

export interface Column<Row> {
  title: string;
  value: (row: Row) => Printable;
  /** A shorter value, for when the whole table is too wide. */
  brief?: (row: Row) => Printable;
  /** The worth of a column: if there is too little room, columns that have one are left out, the least first. */
  worth?: number;
  /** Sentences, which are broken between words; only the last column may be so. */
  prose?: boolean;
}

/**
 * Aligned columns as kubectl prints them, two spaces apart, the last one not padded. What does not fit into `width` is
 * made to, in this order: brief values, columns of less worth left out, and cells below each other. No value is ever
 * cut. No rows: no lines, not even the titles.
 */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  headers: boolean,
  width = Infinity,
): Printable[] => [...tableLines(columns, rows, headers, width)];

/** The same, line by line: a table of thousands of rows is never in memory as text. */
export function* tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  headers: boolean,
  width = Infinity,
): Generator<Printable> {
  if (rows.length === 0) return;
  const filled = fitting(columns, rows, headers, width);
  const isStacked = total(filled) > width + TOLERATED;
  const sized = isStacked ? [] : sizes(filled, width);
  for (let line = isStacked ? Number(headers) : 0; line < rows.length + Number(headers); line += 1) {
    yield* isStacked ? stacked(filled, line, headers, width) : rowOf(filled, sized, line, width);
  }
}

/** What is printed together, line by line. */
export type Lines = Iterable<Printable>;

export const widest = (lines: readonly Printable[]): number =>
  lines.reduce((most, { width }) => Math.max(most, width), 0);

interface Filled {
  title: string;
  values: Printable[];
  width: number;
  prose: boolean;
}

function fitting<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  headers: boolean,
  width: number,
): Filled[] {
  const fill = ({ title, prose = false }: Column<Row>, value: (row: Row) => Printable): Filled => {
    const values = [...(headers ? [Printable.of(title)] : []), ...rows.map(value)];
    return { title, values, prose, width: Math.min(widest(values), WIDEST) };
  };
  const full = columns.map((column) => fill(column, column.value));
  if (total(full) <= width) return full;
  const brief = columns.map((column, index) =>
    column.brief ? fill(column, column.brief) : (full[index] ?? fill(column, column.value)),
  );
  if (total(brief) <= width) return brief;
  // One long name is no reason to leave out what tells most about all others.
  const usual = brief.map((column) => (column.prose ? column : { ...column, width: usualWidth(column, headers) }));
  const kept = new Set(usual.keys().filter((index) => columns[index]?.worth === undefined));
  for (const { index } of byWorth(columns)) {
    const wider = usual.filter((_, each) => kept.has(each) || each === index);
    if (total(wider) <= width) kept.add(index);
  }
  return usual.filter((_, index) => kept.has(index));
}

/** What most of the values need. */
function usualWidth({ title, values }: Filled, headers: boolean): number {
  const widths = values
    .slice(Number(headers))
    .map((value) => value.width)
    .sort((a, b) => a - b);
  const common = widths[Math.ceil(widths.length * MOST) - 1] ?? 0;
  const usual = widths.findLast((width) => width <= common + LONGER) ?? 0;
  return Math.max(usual, headers ? title.length : 0);
}

/** The columns that may be left out, the most useful first. */
const byWorth = <Row>(columns: readonly Column<Row>[]): { worth: number; index: number }[] =>
  columns
    .flatMap(({ worth }, index) => (worth === undefined ? [] : [{ worth, index }]))
    .sort((a, b) => b.worth - a.worth);

const gaps = (columns: readonly Filled[]): number => GAP * (columns.length - 1);

/** Sentences need no more than some room. */
const total = (columns: readonly Filled[]): number =>
  columns.reduce((sum, { width, prose }) => sum + (prose ? Math.min(width, PROSE) : width), gaps(columns));

/** The widest columns give way, until all fit. */
function sizes(columns: readonly Filled[], width: number): number[] {
  const own = columns.map((column) => (column.prose ? Math.min(column.width, PROSE) : column.width));
  let over = own.reduce((sum, each) => sum + each, gaps(columns)) - width;
  while (over > 0) {
    const index = own.indexOf(maxOf(own));
    own[index] = (own[index] ?? 1) - 1;
    over -= 1;
  }
  return own;
}

/** Cells at the places of their columns; after one that is wider than its column the row goes on in the next line. */
function rowOf(columns: readonly Filled[], widths: readonly number[], line: number, width: number): Printable[] {
  const lines: Printable[] = [];
  let parts: Printable[] = [];
  let used = 0;
  let place = 0;
  const end = (): void => {
    lines.push(Printable.concat(parts));
    parts = [];
    used = 0;
  };
  const put = (value: Printable, start: number): void => {
    if (start > used) parts.push(spaces(start - used));
    parts.push(value);
    used = Math.max(used, start) + value.width;
  };
  for (const [index, { values, prose }] of columns.entries()) {
    const value = values[line];
    if (!value) continue;
    const isReached = index > 0 && used > place - GAP;
    // Rows are not shortened in a pipe.
    const isWhole = isReached && width === Infinity;
    if (!isWhole && (isReached || (!prose && used > 0 && place + value.width > width))) end();
    const isRoomless =
      place + value.width > width &&
      (!prose || width - place < PROSE || widest(value.wrapped(width - place)) > width - place);
    if (isRoomless && prose && used > 0) end();
    const start = isWhole
      ? used + GAP
      : isRoomless
        ? Math.min(place, prose ? 2 * GAP : Math.max(width - value.width, GAP))
        : place;
    const [first = value, ...others] = prose ? value.wrapped(width - start) : [value];
    put(first, start);
    for (const each of others) {
      end();
      put(each, start);
    }
    place += (widths[index] ?? 0) + GAP;
  }
  end();
  return lines;
}

/** Gaps of a table are of few widths. */
function spaces(width: number): Printable {
  const known = SPACES[width] ?? Printable.of(' '.repeat(width));
  if (width < MOST_GAPS) SPACES[width] = known;
  return known;
}

const SPACES: Printable[] = [];
const MOST_GAPS = 200;

/** A row if columns have no room at all: the first cell, and the others below it with their titles. */
function stacked(columns: readonly Filled[], line: number, headers: boolean, width: number): Printable[] {
  const lines: Printable[] = [];
  let current: Printable | undefined;
  for (const { title, values, prose } of columns) {
    const value = values[line];
    if (!value || value.width === 0 || value.text === NOTHING) continue;
    const item = current && headers ? sentence`${title.toLowerCase()}: ${value}` : value;
    if (!current) current = item;
    else if (!prose && current.width + GAP + item.width <= width) current = sentence`${current}  ${item}`;
    else {
      lines.push(current);
      current = sentence`  ${item}`;
    }
  }
  return [...lines, ...(current ? [current] : [])].flatMap((each) => each.wrapped(width, 2 * GAP));
}

const GAP = 2;
/** The text, as `cell` makes it. */
const NOTHING = '<none>';
/** A name may be as long as its author likes; it must not make every other row as long. */
const WIDEST = 150;
/**
 * What most values need, and how much longer others may be: a row with one that is longer still goes on in the next
 * line.
 */
const MOST = 0.6;
const LONGER = 12;
/** The most columns by which a table may be too wide and still be drawn as one. */
const TOLERATED = 16;
/** The least width of a column of sentences. */
const PROSE = 32;
