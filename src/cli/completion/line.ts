import { COMMANDS, FLAGS, findCommand } from '../commands.ts';
import type { Command } from '../parse/command.ts';
import type { Flag } from '../parse/flags.ts';
import { isFoothold, questionOf } from '../parse/footholds.ts';
import type { Values } from '../parse/parser.ts';

/** A command line whose last word is still being typed. */
export interface Line {
  /** Null where none is named yet. */
  command: Command | null;
  /** The words after the command that are no flags, without the one that is being typed. */
  words: string[];
  /** What the flags say so far. */
  values: Values;
  /** What is being typed: the word, or the value of a flag. */
  current: string;
  /** The flag whose value is being typed. */
  flag: Flag | null;
}

/** Reads what can be read of it: a line that is not finished may be wrong in any way. */
export function readLine(typed: readonly string[]): Line {
  const rest = typed.slice(0, -1);
  let current = typed.at(-1) ?? '';
  const given: [Flag, string][] = [];
  const words: string[] = [];
  let flag: Flag | null = null;
  let isOver = false;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (isOver || !word.startsWith('-') || word === '-') words.push(word);
    else if (word === '--') isOver = true;
    else {
      const [found, value] = flagIn(word);
      if (!found) continue;
      if (value !== null || found.type === 'boolean' || found.type === 'level') given.push([found, value ?? 'true']);
      else if (rest.length > 0) given.push([found, rest.shift() ?? '']);
      else flag = found;
    }
  }
  if (flag === null && !isOver && current.startsWith('--') && current.includes('=')) {
    const [found, value] = flagIn(current);
    if (found) [flag, current] = [found, value ?? ''];
  }
  const [first] = words;
  const command = commandOf(first);
  return {
    command,
    words: first === undefined || isImplied(first) ? words : words.slice(1),
    values: valuesOf(given),
    current,
    // Commands may spell one alike, and take other values.
    flag: command?.flags.find(({ name }) => name === flag?.name) ?? flag,
  };
}

/** `sa/builder` stands for its question. */
const isImplied = (word: string): boolean => findCommand(word) === undefined && isFoothold(word);

function commandOf(word: string | undefined): Command | null {
  if (word === undefined) return null;
  return findCommand(isImplied(word) ? questionOf(word) : word) ?? null;
}

/** `--name`, `--name=value`, `-n`, `-nvalue`. */
function flagIn(word: string): [flag: Flag | undefined, value: string | null] {
  const [, name, value = null] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name !== undefined) return [FLAGS.find((each) => each.name === name), value];
  const flag = FLAGS.find(({ short }) => short === word[1]);
  return [flag, word.length > 2 && flag?.type !== 'boolean' ? word.slice(2).replace(/^=/, '') : null];
}

function valuesOf(given: readonly [Flag, string][]): Values {
  const list = (name: string): string[] | undefined => {
    const values = given.filter(([flag]) => flag.name === name).map(([, value]) => value);
    return values.length > 0 ? values : undefined;
  };
  return { list, text: (name) => list(name)?.at(-1), is: (name) => list(name)?.at(-1) === 'true' };
}

/** The flags of a command; before one is named, those of every command. */
export const flagsOf = (command: Command | null): readonly Flag[] =>
  command?.flags ?? FLAGS.filter((flag) => COMMANDS.every(({ flags }) => flags.includes(flag)));
