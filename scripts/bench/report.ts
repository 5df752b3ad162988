import type { Case } from './cases.ts';
import type { Cost } from './measure.ts';

export interface Row extends Case {
  ourCost: Cost;
  kubectlCost: Cost;
}

/** Whether all that has a target reached it. */
export const isReached = (row: Row): boolean => targetsOf(row).every(({ reached }) => reached);

/** Two lines a case, ours and kubectl's, with the targets and whether they were reached. */
export function report(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => [
    [row.ours.join(' '), ...costs(row.ourCost), times(ratioOf(row)), targetsOf(row).map(wordsOf).join(', ')],
    [`  kubectl ${row.kubectl.join(' ')}`, ...costs(row.kubectlCost), '', ''],
  ]);
  const cells = [['COMMAND', 'WALL', 'CPU', 'MEMORY', 'RATIO', 'TARGET'], ...lines];
  const width = (column: number) => Math.max(...cells.map((line) => line[column]?.length ?? 0));
  const aligned = cells.map((line) =>
    line.map((cell, column) => (isNumber(column) ? cell.padStart(width(column)) : cell.padEnd(width(column)))),
  );
  return aligned.map((line) => line.join('  ').trimEnd()).join('\n');
}

interface Target {
  text: string;
  reached: boolean;
}

const targetsOf = ({ target, memory, printed, ...row }: Row): Target[] => [
  ...(target === null ? [] : [{ text: `at most ${times(target)}`, reached: ratioOf(row) <= target }]),
  ...(memory === undefined ? [] : [{ text: `below ${megabytes(memory)}`, reached: row.ourCost.memory < memory }]),
  ...(printed === undefined
    ? []
    : [{ text: `${megabytes(row.ourCost.printed)} printed, below ${megabytes(printed)}`, reached: row.ourCost.printed < printed }]),
];

const wordsOf = ({ text, reached }: Target): string => `${text}: ${reached ? 'pass' : 'MISS'}`;
const ratioOf = ({ ourCost, kubectlCost }: Pick<Row, 'ourCost' | 'kubectlCost'>): number => ourCost.seconds / kubectlCost.seconds;

const costs = ({ seconds, cpu, memory }: Cost): string[] => [milliseconds(seconds), milliseconds(cpu), megabytes(memory)];
const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

const isNumber = (column: number): boolean => column >= 1 && column <= 4;
