import { Printable } from './escape.ts';

export interface Column<Row> {
  title: string;
  value: (row: Row) => Printable;
  /** A shorter value, for when the whole table is too wide. */
  brief?: (row: Row) => Printable;
}

/**
 * Aligned columns as kubectl prints them, two spaces apart, the last one not padded. What does not fit into `width` with brief
 * values either overflows. No rows: no lines, not even the titles. Costs one look at each value.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], headers: boolean, width = Infinity): Printable[] {
  if (rows.length === 0) return [];
  const fill = (title: string, value: (row: Row) => Printable): Filled => {
    const values = [...(headers ? [Printable.of(title)] : []), ...rows.map(value)];
    return { values, width: Math.min(widest(values), WIDEST) };
  };
  const full = columns.map(({ title, value }) => fill(title, value));
  const fits = full.reduce((sum, column) => sum + column.width + GAP, -GAP) <= width;
  const filled = fits
    ? full
    : columns.map(({ title, value, brief }, index) => (brief ? fill(title, brief) : (full[index] ?? fill(title, value))));
  return Array.from({ length: rows.length + Number(headers) }, (_, line) => lineOf(filled, line));
}

export const widest = (lines: readonly Printable[]): number => lines.reduce((most, { width }) => Math.max(most, width), 0);

interface Filled {
  values: Printable[];
  width: number;
}

const lineOf = (columns: readonly Filled[], line: number): Printable =>
  Printable.concat(
    columns.flatMap(({ values, width }, index) => {
      const value = values[line];
      if (!value) return [];
      return index === columns.length - 1 ? value : value.padEnd(Math.max(width, value.width) + GAP);
    }),
  );

const GAP = 2;
/** A name may be as long as its author likes; it must not make every other row as long. */
const WIDEST = 150;
