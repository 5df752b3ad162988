import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Cost {
  seconds: number;
  /** Seconds of user and system time. */
  cpu: number;
  /** The most that was resident, in bytes. */
  memory: number;
  /** Bytes on stdout. */
  printed: number;
}

export type Measure = (command: string, args: readonly string[]) => Promise<Cost>;

/**
 * Runs a command to its end, in nothing but `env`, and says what it cost. Its output is read and thrown away. Throws
 * where the command fails or prints nothing: its cost would mean nothing. The Go program that measures is built into
 * `directory`.
 */
export function measureIn(directory: string, env: NodeJS.ProcessEnv): Measure {
  const program = join(directory, 'measure');
  execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'measure', 'main.go')], { stdio: 'inherit' });
  return async (command, args) => {
    const { stdout } = await promisify(execFile)(program, [command, ...args], { env });
    const { exit, ...cost } = JSON.parse(stdout) as Cost & { exit: number };
    if (exit !== 0 || cost.printed === 0)
      throw new Error(`${command} ${args.join(' ')}: exit code ${exit}, ${cost.printed} bytes`);
    return cost;
  };
}

export const medianOf = (costs: readonly Cost[]): Cost => ({
  seconds: median(costs.map(({ seconds }) => seconds)),
  cpu: median(costs.map(({ cpu }) => cpu)),
  memory: median(costs.map(({ memory }) => memory)),
  printed: median(costs.map(({ printed }) => printed)),
});

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
