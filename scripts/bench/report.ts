import Table from 'cli-table3';
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
  const table = new Table({ head: ['COMMAND', 'WALL', 'CPU', 'MEMORY', 'RATIO', 'TARGET'], ...PLAIN });
  table.push(...lines);
  return table.toString().replaceAll(/ +$/gm, '');
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
    : [
        {
          text: `${megabytes(row.ourCost.printed)} printed, below ${megabytes(printed)}`,
          reached: row.ourCost.printed < printed,
        },
      ]),
];

const wordsOf = ({ text, reached }: Target): string => `${text}: ${reached ? 'pass' : 'MISS'}`;
const ratioOf = ({ ourCost, kubectlCost }: Pick<Row, 'ourCost' | 'kubectlCost'>): number =>
  ourCost.seconds / kubectlCost.seconds;

const costs = ({ seconds, cpu, memory }: Cost): string[] => [
  milliseconds(seconds),
  milliseconds(cpu),
  megabytes(memory),
];
const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

/** Columns with two blanks between them and no lines, numbers to the right. */
const PLAIN: Table.TableConstructorOptions = {
  colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  chars: {
    ...{
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
    },
    ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
  },
};
