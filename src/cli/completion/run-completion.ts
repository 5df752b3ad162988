import { setTimeout as sleep } from 'node:timers/promises';
import type { Output } from '../run/host.ts';
import { type Candidate, type Completion, complete, type Names } from './candidates.ts';
import { readLine } from './line.ts';

/**
 * Prints what the last of these words may become, one a line, and how the shell is to go on, as kubectl and cobra want
 * it. Silent and in time whatever goes wrong: whoever presses TAB has not asked for errors. Never rejects.
 */
export async function runCompletion(
  typed: readonly string[],
  env: NodeJS.ProcessEnv,
  { stdout }: { stdout: Output },
): Promise<void> {
  const line = readLine(typed);
  // Loaded only where a name is asked for: each press of TAB starts the program anew.
  const live = async () => (await import('./live-names.ts')).liveNames(line.values, env);
  const names: Names = {
    objects: async (resource) => (await live()).objects(resource),
    configured: async (kind) => (await live()).configured(kind),
  };
  const { candidates, isOpen, isFile } = await Promise.race([
    complete(line, names).catch(() => NOTHING),
    sleep(LIMIT, NOTHING),
  ]);
  const directive = isFile ? 0 : NO_FILES + (isOpen ? NO_SPACE : 0);
  stdout.write(`${candidates.flatMap(lineOf).join('')}:${directive}\n`);
}

/** Bash evaluates what is offered to it, so that only what no shell reads in another way is. */
const lineOf = ({ value, help }: Candidate): string[] =>
  /^[\w.:@/=+-]+$/.test(value) ? [`${value}${help === undefined ? '' : `\t${help}`}\n`] : [];

const NOTHING: Completion = { candidates: [] };
/** In milliseconds, for all of it. */
const LIMIT = 1700;
/** cobra's ShellCompDirectiveNoSpace and …NoFileComp. */
const NO_SPACE = 2;
const NO_FILES = 4;
