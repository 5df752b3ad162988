import yargs, { type Argv } from 'yargs';
import { usageError } from '../../answer/user-error.ts';
import type { Command } from './command.ts';
import type { Flag } from './flags.ts';

/**
 * What the flags of one command line say, by the name of the flag. Of several values of a flag that is no list the last
 * one counts.
 */
export interface Values {
  text(name: string): string | undefined;
  list(name: string): string[] | undefined;
  is(name: string): boolean;
}

/**
 * Reads the flags of a command, each spelled `--name=value`. Throws a usage error where one that stands alone has
 * several values. What is not given need not be told to yargs, which takes its time for each flag.
 */
export function readFlags(command: Command, flags: readonly string[]): Values {
  const given = new Set(flags.map((flag) => /^--([^=]*)/.exec(flag)?.[1]));
  const known = command.flags.filter(({ name }) => given.has(name));
  const parsed: Record<string, unknown> = parserOf(known).parseSync([...flags]);
  const list = (name: string): string[] | undefined =>
    parsed[name] === undefined ? undefined : [parsed[name]].flat().map(String);
  const torn = known.find(({ name, alone }) => alone && new Set(list(name)).size > 1);
  if (torn)
    throw usageError(
      `error: --${torn.name} takes one value: ${list(torn.name)
        ?.map((each) => JSON.stringify(each))
        .join(', ')}`,
    );
  return { list, text: (name) => list(name)?.at(-1), is: (name) => parsed[name] === true };
}

/** The flags of a command with what they mean, in groups. */
export function flagsHelp(command: Command): string {
  let help = '';
  parserOf(command.flags).parse(['--help'], {}, (_error, _argv, output) => {
    help = output;
  });
  return help.trim();
}

/** Spelling and unknown flags have been seen to: here nothing may be left for yargs to guess. */
function parserOf(flags: readonly Flag[]): Argv {
  const parser = (yargs() as HidesTypes)
    .usageConfiguration({ 'hide-types': true })
    .parserConfiguration({
      'parse-numbers': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'boolean-negation': false,
      'greedy-arrays': false,
    })
    .detectLocale(false)
    .exitProcess(false)
    .version(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .wrap(WIDTH);
  return flags.reduce(
    (all, { name, short, type, group, help }) =>
      all.option(name, {
        ...(short && short !== name && { alias: short }),
        ...(group === null ? { hidden: true } : { group: `${group}:`, describe: help }),
        type: type === 'boolean' ? 'boolean' : 'string',
        array: type === 'list',
      }),
    parser,
  );
}

/** Missing in @types/yargs. */
type HidesTypes = Argv & { usageConfiguration(settings: { 'hide-types': boolean }): Argv };

const WIDTH = 80;
